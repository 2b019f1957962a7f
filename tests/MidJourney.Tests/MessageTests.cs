using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MidJourney.Tests;

/// <summary>What the module says stands in one file.</summary>
public sealed partial class MessageTests
{
    private static readonly Dictionary<string, string> Texts = XDocument.Load(Path.Combine(Repository.Root, "src", "MidJourney.Client", "Messages.resx"))
        .Root!.Elements("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    private static readonly Dictionary<string, string> Sources = new[] { "MidJourney", "MidJourney.Client" }
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .ToDictionary(f => f, File.ReadAllText);

    [Fact]
    public void Every_text_is_used_and_every_text_that_is_used_is_there()
    {
        var used = Sources.Values.SelectMany(s => Used().Matches(s)).Select(m => (Name: m.Groups[1].Value + m.Groups[2].Value, IsPrefix: m.Groups[3].Success)).ToHashSet();
        var names = used.Where(u => !u.IsPrefix).Select(u => u.Name).ToHashSet();
        // Those of an error or a type, say, are named by it.
        var prefixes = used.Where(u => u.IsPrefix).Select(u => u.Name).ToArray();
        Assert.Empty(Texts.Keys.Where(text => !prefixes.Any(p => text.StartsWith(p, StringComparison.Ordinal))).Except(names));
        Assert.Empty(names.Except(Texts.Keys));
        Assert.All(prefixes, prefix => Assert.Contains(Texts.Keys, text => text.StartsWith(prefix, StringComparison.Ordinal)));
    }

    [Fact]
    public void No_error_or_warning_is_worded_in_the_code()
    {
        foreach (var (file, source) in Sources)
            Assert.True(Worded().Match(source) is { Success: false }, $"{file}: {Worded().Match(source).Value}");
    }

    [Fact]
    public void No_text_shows_a_place_that_nothing_fills() =>
        Assert.All(Texts, text => Assert.Equal(Enumerable.Range(0, Places(text.Value).Count()), Places(text.Value)));

    private static IEnumerable<int> Places(string text) => Place().Matches(text).Select(m => int.Parse(m.Groups[1].Value)).Distinct().Order();

    [GeneratedRegex(@"MessageText\.Of\(\s*(?:nameof\((\w+)\)|""([\w.]+)"")(\s*\+)?")]
    private static partial Regex Used();

    [GeneratedRegex(@"(?:(?:GatewayException|CommandException|ArgumentTransformationMetadataException)\([^;]*?|(?:WriteWarning|WriteVerbose|WriteDebug|Note|Warn)\()\$?""[^""]* [^""]*""")]
    private static partial Regex Worded();

    [GeneratedRegex(@"(?<!\{)\{(\d)")]
    private static partial Regex Place();
}
