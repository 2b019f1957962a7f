using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;

namespace MidJourney.Tests;

/// <summary>docs/errors.md lists every error of the built module, with its category and its way out, and no other.</summary>
public sealed partial class ErrorsPageTests
{
    private static readonly string[][] Rows = [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "errors.md"))
        .Where(line => line.StartsWith("| `MJ.", StringComparison.Ordinal))
        .Select(line => Cell().Split(line)[1..^1].Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal)).ToArray())];

    private readonly Assembly _module = Load("MidJourney.dll");

    [Fact]
    public void Every_id_of_the_code_has_its_row_and_every_row_its_id() => Assert.Equal(Ids().Order(), Rows.Select(IdOf).Order());

    [Fact]
    public void Every_row_tells_the_category_and_the_way_out_as_the_error_does()
    {
        var catalog = _module.GetType("MidJourney.ErrorCatalog", throwOnError: true)!;
        var categories = (Dictionary<string, ErrorCategory>)catalog.GetField("Categories", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        Assert.Equal(Ids().Order(), categories.Keys.Order());
        foreach (var row in Rows)
        {
            Assert.Equal((IdOf(row), categories[IdOf(row)].ToString()), (IdOf(row), row[1]));
            Assert.True(row[2].Length > 20, $"{row[0]} does not say what happened.");
            Assert.Equal((string)catalog.GetMethod("AdviceOf")!.Invoke(null, [IdOf(row)])!, row[3]);
        }
    }

    [Fact]
    public void Every_id_of_the_README_is_one()
    {
        var named = Id().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Select(m => m.Value);
        Assert.Empty(named.Except(Ids()));
    }

    /// <summary>The ids as the code makes them, from wherever they are declared.</summary>
    private IEnumerable<string> Ids()
    {
        var own = _module.GetType("MidJourney.ErrorIds", throwOnError: true)!.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral);
        return own.Select(f => (string)f.GetRawConstantValue()!)
            .Concat(Load("MidJourney.Client.dll").GetType("MidJourney.GatewayErrorKind", throwOnError: true)!.GetEnumNames().Select(n => "MJ." + n));
    }

    private static string IdOf(string[] row) => row[0].Trim('`');

    private static Assembly Load(string name) => Assembly.LoadFrom(Path.Combine(Repository.Module, "bin", "net8.0", name));

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Cell();

    [GeneratedRegex(@"\bMJ\.[A-Z]\w+")]
    private static partial Regex Id();
}
