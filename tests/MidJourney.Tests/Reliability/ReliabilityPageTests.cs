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
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .GroupBy(f => Path.GetFileNameWithoutExtension(f)).ToDictionary(g => g.Key, g => string.Concat(g.Select(File.ReadAllText)));
        var cited = Cited().Matches(ReliabilityPage.Text);
        Assert.NotEmpty(cited);
        Assert.All(cited, match =>
        {
            Assert.True(sources.TryGetValue(match.Groups[1].Value, out var source), match.Value);
            Assert.Contains($" {match.Groups[2].Value}(", source, StringComparison.Ordinal);
        });
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex Cited();
}
