using System.Text.RegularExpressions;

namespace MidJourney.Tests;

/// <summary>The matrix of docs/reliability.md: what each way a create can go wrong is promised to lead to.</summary>
internal static class ReliabilityPage
{
    public static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reliability.md"));

    private const int MatrixCells = 6;

    private static readonly string[][] Cited = [.. Text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains("Tests.", StringComparison.Ordinal)).Select(Cells)];

    public static readonly IReadOnlyList<MatrixRow> Rows = [.. Cited.Where(cells => cells.Length == MatrixCells).Select(c => new MatrixRow(c[0], c[1], c[2].Trim('`'), c[3], c[4], c[5].Trim('`')))];

    /// <summary>The tables of what else may go wrong: what, what happens then, and the tests of it.</summary>
    public static readonly IReadOnlyList<string[]> OtherRows = [.. Cited.Where(cells => cells.Length != MatrixCells)];

    public static MatrixRow RowOf(string test) => Rows.Single(row => row.Test == test);

    private static string[] Cells(string line) => [.. Regex.Split(line, @"(?<!\\)\|")[1..^1].Select(cell => cell.Trim())];
}

/// <param name="What">What goes wrong.</param>
/// <param name="SentAgain">Whether the create is sent again: begins with yes or no.</param>
/// <param name="ErrorId">What it is reported as; none for a create that came out well in the end.</param>
/// <param name="Journal">What happened according to the journal.</param>
/// <param name="ToDo">For the user.</param>
/// <param name="Test">What checks it.</param>
internal sealed record MatrixRow(string What, string SentAgain, string ErrorId, string Journal, string ToDo, string Test)
{
    /// <summary>The lines that the journal may show: each time that a create is sent, it is claimed anew.</summary>
    public Regex JournalPattern => new($"^{Journal.Replace("…", "(, submitting)*", StringComparison.Ordinal)}$");

    public bool IsSentAgain => SentAgain.StartsWith("yes", StringComparison.Ordinal) || (SentAgain.StartsWith("no", StringComparison.Ordinal) ? false : throw new FormatException(SentAgain));
}
