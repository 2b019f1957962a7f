using System.Reflection;
using System.Text.RegularExpressions;

namespace MidJourney.Tests;

/// <summary>docs/errors.md lists every error of the built module, with its category and its advice, and no other.</summary>
public sealed partial class ErrorsPageTests
{
    private static readonly string[][] Rows = [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "errors.md"))
        .Where(line => line.StartsWith("| `MJ.", StringComparison.Ordinal))
        .Select(line => Cell().Split(line)[1..^1].Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal)).ToArray())];

    private readonly Assembly _module = Load("MidJourney.dll");

    [Fact]
    public void Every_id_of_the_code_has_its_row_and_every_row_its_id() => Assert.Equal(Ids().Order(), Rows.Select(IdOf).Order());

    [Fact]
    public void Every_row_has_the_category_and_the_advice_of_the_error()
    {
        var catalog = _module.GetType("MidJourney.ErrorCatalog", throwOnError: true)!;
        var errors = ((IEnumerable<object>)catalog.GetProperty("All")!.GetValue(null)!).Select(e => (Id: Text(e, "Id"), Category: Text(e, "Category"), Advice: Text(e, "Advice"))).ToArray();
        Assert.Equal(Ids().Order(), errors.Select(e => e.Id).Order());
        Assert.Equal(errors.OrderBy(e => e.Id), Rows.Select(row => (IdOf(row), row[1], row[3])).OrderBy(row => row.Item1));
        Assert.All(Rows, row => Assert.True(row[2].Length > 20, $"{row[0]} does not say what happened."));

        static string Text(object error, string property) => $"{error.GetType().GetProperty(property)!.GetValue(error)}";
    }

    [Fact]
    public void The_advice_for_a_name_template_lists_every_placeholder()
    {
        var template = _module.GetType("MidJourney.Parameters.NameTemplate", throwOnError: true)!;
        var row = Assert.Single(Rows, row => IdOf(row) == "MJ.InvalidNameTemplate");
        Assert.Contains($" '{template.GetField("OfPrompt")!.GetRawConstantValue()}'", row[3], StringComparison.Ordinal);
        Assert.EndsWith($": {string.Join(", ", (string[])template.GetField("Tokens")!.GetValue(null)!)}.", row[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ReadAdvice")]
    [InlineData("ProbableTaskAdvice")]
    [InlineData("NotCreatedAdvice")]
    [InlineData("ContentNotCreatedAdvice")]
    [InlineData("ImageRefusedAdvice")]
    [InlineData("ProviderAccountAdvice")]
    [InlineData("ImpossibleAdvice")]
    public void The_page_quotes_the_advice_that_replaces_a_row(string name)
    {
        var advice = _module.GetType("MidJourney.ErrorCatalog", throwOnError: true)!.GetField(name, BindingFlags.NonPublic | BindingFlags.Static)!.GetRawConstantValue();
        Assert.Contains($"> {advice}", File.ReadAllLines(Path.Combine(Repository.Root, "docs", "errors.md")));
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
