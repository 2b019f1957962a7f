namespace MidJourney.Tests;

/// <summary>The about topics of the module.</summary>
internal static class HelpTopics
{
    public static readonly IReadOnlyList<string> Files = [.. Directory.GetFiles(Path.Combine(Repository.Root, "src", "MidJourney", "en-US"), "about_*.help.txt").Order()];

    public static string NameOf(string file) => Path.GetFileName(file)[..^".help.txt".Length];
}
