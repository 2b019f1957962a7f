using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidJourney.Bench.Report;

/// <summary>The file that keeps every section until its bench runs again, so that a run of one bench updates its rows and no others.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        IgnoreReadOnlyProperties = true,
    };

    /// <summary>Replaces the sections that were measured, drops those of benches that no longer exist, and saves the file.</summary>
    /// <param name="file">The file; it need not exist.</param>
    /// <param name="measured">The new sections.</param>
    /// <param name="names">All benches in the order of the pages.</param>
    public static IReadOnlyList<Section> Update(string file, IReadOnlyList<Section> measured, IReadOnlyList<string> names)
    {
        var before = File.Exists(file) ? JsonSerializer.Deserialize<Section[]>(File.ReadAllText(file), Json)! : [];
        var sections = names.Select(name => measured.Concat(before).FirstOrDefault(section => section.Name == name)).OfType<Section>().ToArray();
        Pages.WriteFile(file, JsonSerializer.Serialize(sections, Json).ReplaceLineEndings("\n") + "\n");
        return sections;
    }
}
