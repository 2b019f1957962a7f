using System.Reflection;
using System.Text.RegularExpressions;

namespace MidJourney.Tests;

/// <summary>docs/reliability.md cites the tests that check it, all of them, and no others.</summary>
public sealed partial class ReliabilityPageTests
{
    private static readonly Type[] Matrix = [typeof(CreateMatrixTests), typeof(ConnectionMatrixTests), typeof(StopMatrixTests)];

    [Fact]
    public void Every_test_of_the_matrix_has_its_row_and_every_row_its_test()
    {
        var tests = Matrix.SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(m => m.GetCustomAttribute<FactAttribute>() is not null).Select(m => $"{t.Name}.{m.Name}"));
        Assert.Equal(tests.Order(), ReliabilityPage.Rows.Select(r => r.Test).Order());
    }

    [Fact]
    public void Every_test_that_is_cited_exists()
    {
        var cited = Cited().Matches(ReliabilityPage.Text);
        Assert.NotEmpty(cited);
        Assert.All(cited, match => Assert.Contains(match.Groups[2].Value, TestsOf(match.Groups[1].Value)));
        foreach (Match match in CitedInPester().Matches(ReliabilityPage.Text))
            Assert.Contains($"It '{match.Groups[2].Value}'", File.ReadAllText(Path.Combine(Repository.Root, "tests", "Pester", match.Groups[1].Value)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_other_row_says_what_happens_and_names_its_test()
    {
        Assert.NotEmpty(ReliabilityPage.OtherRows);
        Assert.All(ReliabilityPage.OtherRows, row =>
        {
            Assert.Equal(3, row.Length);
            Assert.All(row, cell => Assert.NotEqual("", cell));
            Assert.True(Cited().IsMatch(row[2]) || CitedInPester().IsMatch(row[2]), $"No test of '{row[0]}' is cited.");
        });
    }

    /// <summary>Whoever adds a test of these says on the page what it shows.</summary>
    [Theory]
    [InlineData("JournalFileTests")]
    [InlineData("FullDiskTests")]
    [InlineData("FullDiskRunTests")]
    [InlineData("TwoProcessTests")]
    [InlineData("CompactionTests")]
    [InlineData("CompactionBesideTests")]
    [InlineData("ReplacedFileTests")]
    [InlineData("KillTests")]
    [InlineData("SessionEndTests")]
    [InlineData("LeakTests")]
    [InlineData("HostileGatewayTests")]
    public void Every_test_of_a_fault_is_cited(string tests)
    {
        var cited = Cited().Matches(string.Concat(ReliabilityPage.OtherRows.Select(row => row[2]))).Where(m => m.Groups[1].Value == tests).Select(m => m.Groups[2].Value);
        Assert.Equal(TestsOf(tests).Order(), cited.Distinct().Order());
    }

    /// <summary>The tests of a class of any project.</summary>
    private static string[] TestsOf(string name) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), $"{name}.cs", SearchOption.AllDirectories)
            .SelectMany(file => Test().Matches(File.ReadAllText(file))).Select(m => m.Groups[1].Value),
    ];

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex Cited();

    [GeneratedRegex(@"`(\w+\.Tests\.ps1): ([^`]+)`")]
    private static partial Regex CitedInPester();

    [GeneratedRegex(@"\[(?:Linux|Unix)?(?:Fact|Theory)\]\s(?:\s*\[.*\]\s)*\s*public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex Test();
}
