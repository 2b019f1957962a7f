using System.Management.Automation;
using System.Reflection;

namespace MidJourney;

/// <summary>
/// Tells a runspace how deep a task is, so that Clixml, jobs and remoting keep every URL of its output, and which properties a list has where PowerShell uses no
/// view: after an object of another type in the same output. A types file cannot do it: PowerShell refuses to read that of a second copy of the module in one
/// session. It is done by the first cmdlet, because an import would take a quarter longer.
/// </summary>
internal static class TypeData
{
    private const int TaskDepth = 6;

    private static readonly (string Type, string[] Listed)[] Types =
    [
        ("MidJourney.MJTask", ["Id", "Status", "Description", "Error", "Cost", "JobId", "Url"]),
        ("MidJourney.MJSession", ["BaseUri", "JournalPath", "DuplicateWindow"]),
        ("MidJourney.SavedFile", ["FullName", "State", "Length"]),
    ];

    /// <summary>Does nothing where it was done before, or where the engine comes without the cmdlet for it: no work fails for that.</summary>
    public static void Tell()
    {
        if (new PSObject(new MJTask { Id = "" }).Members["PSStandardMembers"] is not null) return;
        try
        {
            Update();
        }
        catch (Exception e) when (e is IOException or TypeLoadException or RuntimeException)
        {
            // The output is then kept as text, and whole in Raw.
        }
    }

    private static void Update()
    {
        // Found by its type, because by its name the whole module that it belongs to would be imported.
        var assembly = new AssemblyName(typeof(PSObject).Assembly.FullName!) { Name = "Microsoft.PowerShell.Commands.Utility" };
        var command = Assembly.Load(assembly).GetType("Microsoft.PowerShell.Commands.UpdateTypeDataCommand", throwOnError: true)!;
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        foreach (var (type, listed) in Types)
        {
            foreach (var prefix in new[] { "", "Deserialized." })
            {
                shell.AddStatement().AddCommand(new CmdletInfo("Update-TypeData", command))
                    .AddParameter("TypeName", prefix + type).AddParameter("DefaultDisplayPropertySet", listed).AddParameter("Force");
                if (type == Types[0].Type) shell.AddParameter("SerializationDepth", TaskDepth);
            }
        }
        shell.Invoke();
    }
}
