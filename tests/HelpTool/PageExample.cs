namespace MidJourney.HelpTool;

/// <summary>An example: text, one block of PowerShell, text.</summary>
public sealed record PageExample(string Title, string Introduction, string Code, string Remarks)
{
    internal static PageExample Parse(PagePart part) => part.AroundBlock("powershell") is (var before, { } code, var after)
        ? new(part.Heading, before, code, after)
        : throw new FormatException($"The example '{part.Heading}' needs a ```powershell block.");

    internal string Write() =>
        string.Join("\n\n", new[] { $"### {Title}", Introduction, $"```powershell\n{Code}\n```", Remarks }.Where(t => t.Length > 0));
}
