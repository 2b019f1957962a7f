using System.Management.Automation;
using MidJourney.HelpTool;

namespace MidJourney.Tests;

/// <summary>A cmdlet as it is, as its page has it, and as Get-Help shows it.</summary>
internal sealed record CmdletHelp(CmdletInfo Command, CommandPage Page, PSObject Help)
{
    public static readonly IReadOnlyList<string> PageFiles = Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*-MJ*.md");

    public static string FileOf(string name) => Path.Combine(Repository.Root, "docs", name + ".md");

    /// <summary>All of the module's cmdlets, by their exports.</summary>
    public static IReadOnlyList<CmdletInfo> Commands(ModuleShell shell) =>
        [.. shell.Run("Get-Command -Module MidJourney -CommandType Cmdlet").MustSucceed().Output.Select(o => (CmdletInfo)o.BaseObject)];

    public static CmdletHelp Read(ModuleShell shell, string name) => new(
        Commands(shell).Single(c => c.Name == name),
        CommandPage.Parse(File.ReadAllText(FileOf(name))),
        shell.Run($"Get-Help {name} -Full").MustSucceed().Output.Single());
}
