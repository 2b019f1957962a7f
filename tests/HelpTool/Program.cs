using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace MidJourney.HelpTool;

/// <summary>
/// Keeps docs/&lt;Cmdlet&gt;.md and the help in step with the cmdlets: <c>pages</c> writes into the pages what the cmdlets
/// say, <c>maml</c> makes the help of the pages, <c>complete</c> adds to PlatyPS's export what that leaves out.
/// </summary>
internal static class Program
{
    private static readonly string Root = FindRoot();
    private static readonly string Docs = Path.Combine(Root, "docs");
    private static readonly string Help = Path.Combine(Root, "src", "MidJourney", "en-US", Maml.FileName);

    private static int Main(string[] arguments)
    {
        try
        {
            switch (arguments)
            {
                case ["pages"]: WritePages(); return 0;
                case ["maml"]: Write(Help, Maml.Write(ReadPages())); return 0;
                case ["complete", var file]: Write(Help, Maml.Complete(File.ReadAllText(file), ReadPages())); return 0;
                default: Console.Error.WriteLine("HelpTool pages | maml | complete <file>"); return 2;
            }
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static void WritePages()
    {
        var commands = ReadCommands();
        var pages = commands.Where(c => File.Exists(FileOf(c.Name))).ToDictionary(c => c.Name, c => CommandPage.Parse(File.ReadAllText(FileOf(c.Name))));
        var reader = new CommandReader((command, parameter) => Describe(commands.Single(c => c.Name == command), parameter, pages.Values));
        foreach (var command in commands) Write(FileOf(command.Name), reader.Refresh(command, pages.GetValueOrDefault(command.Name)).Write());
    }

    /// <summary>What all cmdlets share is said once; the rest begins as the source has it.</summary>
    private static string Describe(CmdletInfo command, string parameter, IEnumerable<CommandPage> pages)
    {
        var isOwn = command.ImplementingType.GetProperty(parameter)?.DeclaringType == command.ImplementingType;
        var shared = isOwn ? null : pages.SelectMany(p => p.Parameters).FirstOrDefault(p => p.Name == parameter)?.Description;
        var xml = Directory.GetFiles(Path.Combine(Root, "src", "MidJourney", "bin"), "MidJourney.xml", SearchOption.AllDirectories).FirstOrDefault(f => f.Contains("net8.0", StringComparison.Ordinal));
        return shared ?? (xml is null ? null : XmlSummaries.Find(xml, command.ImplementingType, parameter)) ?? $"{CommandPage.FillIn} the description }}}}";
    }

    private static List<CmdletInfo> ReadCommands()
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("Import-Module").AddArgument(Path.Combine(Root, "out", "MidJourney", "MidJourney.psd1")).AddParameter("ErrorAction", "Stop").AddStatement()
            .AddCommand("Get-Command").AddParameter("Module", "MidJourney").AddParameter("CommandType", "Cmdlet");
        return [.. shell.Invoke<CmdletInfo>()];
    }

    private static List<CommandPage> ReadPages() => [.. Directory.GetFiles(Docs, "*-MJ*.md").Select(file =>
    {
        try { return CommandPage.Parse(File.ReadAllText(file)); }
        catch (FormatException e) { throw new FormatException($"{Path.GetFileName(file)}: {e.Message}", e); }
    })];

    private static string FileOf(string command) => Path.Combine(Docs, command + ".md");

    private static void Write(string file, string text)
    {
        if (File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == text) return;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        Console.WriteLine($"wrote {Path.GetRelativePath(Root, file)}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MidJourney.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException("This tool runs from inside the repository.");
    }
}
