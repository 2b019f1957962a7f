using System.Management.Automation;
using System.Reflection;

namespace MidJourney.Commands.Shared;

/// <summary>
/// Tells a runspace how deep a task is, so that Clixml, jobs and remoting keep every URL of its output. A types file cannot do it: PowerShell refuses
/// to read that of a second copy of the module in one session. It is done by the first cmdlet, because an import would take a quarter longer.
/// </summary>
internal static class TaskDepth
{
    private const int Depth = 6;

    /// <summary>Does nothing where it was done before, or where the engine comes without the cmdlet for it: no work fails for that.</summary>
    public static void Tell()
    {
        var task = new PSObject(new MJTask { Id = "" });
        if (task.Members["PSStandardMembers"] is not null) return;
        try
        {
            Tell(task.TypeNames[0]);
        }
        catch (Exception e) when (e is IOException or TypeLoadException or RuntimeException)
        {
            // The output is then kept as text, and whole in Raw.
        }
    }

    private static void Tell(string type)
    {
        // Found by its type, because by its name the whole module that it belongs to would be imported.
        var assembly = new AssemblyName(typeof(PSObject).Assembly.FullName!) { Name = "Microsoft.PowerShell.Commands.Utility" };
        var command = Assembly.Load(assembly).GetType("Microsoft.PowerShell.Commands.UpdateTypeDataCommand", throwOnError: true)!;
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        foreach (var name in new[] { type, "Deserialized." + type })
        {
            shell.AddStatement().AddCommand(new CmdletInfo("Update-TypeData", command))
                .AddParameter("TypeName", name).AddParameter("SerializationDepth", Depth).AddParameter("Force");
        }
        shell.Invoke();
    }
}
