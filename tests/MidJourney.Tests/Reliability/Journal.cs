using System.Text.Json;

namespace MidJourney.Tests;

/// <summary>A journal as another tool would read it.</summary>
internal static class Journal
{
    /// <summary>Its whole lines; a last one without its end is left out.</summary>
    public static JsonElement[] Read(string path)
    {
        if (!File.Exists(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    /// <summary>What its lines about creates say happened, in their order.</summary>
    public static string[] Events(string path) => [.. Read(path).Select(line => line.GetProperty("event").GetString()!).Where(e => e != "journal")];
}
