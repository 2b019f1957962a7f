using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Data = System.Management.Automation.Runspaces.TypeData;

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
        Data[] data = [.. Types.Select(t => Of(t.Type, t.Listed)), .. Types.Select(t => Of("Deserialized." + t.Type, t.Listed))];
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand(new CmdletInfo("Update-TypeData", command)).AddParameter("TypeData", data).AddParameter("Force");
        shell.Invoke();
    }

    private static Data Of(string type, string[] listed)
    {
        var data = new Data(type) { DefaultDisplayPropertySet = new PropertySetData(listed) };
        if (type.EndsWith(nameof(MJTask), StringComparison.Ordinal)) data.SerializationDepth = TaskDepth;
        return data;
    }
}
