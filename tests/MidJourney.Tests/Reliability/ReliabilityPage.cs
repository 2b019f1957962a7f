using System.Text.RegularExpressions;

namespace MidJourney.Tests;

/// <summary>The matrix of docs/reliability.md: what each way a create can go wrong is promised to lead to.</summary>
internal static class ReliabilityPage
{
    public static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reliability.md"));

    public static readonly IReadOnlyList<MatrixRow> Rows = [.. Text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains("MatrixTests.", StringComparison.Ordinal)).Select(Parse)];

    public static MatrixRow RowOf(string test) => Rows.Single(row => row.Test == test);

    private static MatrixRow Parse(string line)
    {
        var cells = Regex.Split(line, @"(?<!\\)\|")[1..^1].Select(cell => cell.Trim()).ToArray();
        Assert.Equal(6, cells.Length);
        return new MatrixRow(cells[0], cells[1], cells[2].Trim('`'), cells[3], cells[4], cells[5].Trim('`'));
    }
}

/// <param name="What">What goes wrong.</param>
/// <param name="SentAgain">Whether the create is sent again: begins with yes or no.</param>
/// <param name="ErrorId">What it is reported as; none for a create that came out well in the end.</param>
/// <param name="Journal">What happened according to the journal.</param>
/// <param name="ToDo">For the user.</param>
/// <param name="Test">What checks it.</param>
internal sealed record MatrixRow(string What, string SentAgain, string ErrorId, string Journal, string ToDo, string Test)
{
    /// <summary>The lines that the journal may show: what was put off for a second or longer says so each time.</summary>
    public Regex JournalPattern => new($"^{Journal.Replace(" (putOff, submitting)…", "(, putOff, submitting)*", StringComparison.Ordinal)}$");

    public bool IsSentAgain => SentAgain.StartsWith("yes", StringComparison.Ordinal) || (SentAgain.StartsWith("no", StringComparison.Ordinal) ? false : throw new FormatException(SentAgain));
}
