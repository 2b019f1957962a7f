using System.Text.Json;

namespace MidJourney;

/// <summary>What metadata says of the file that it belongs to, as far as that tells whose it is and whether it is whole.</summary>
internal sealed record OutputStamp(string TaskId, int Index, long Length)
{
    private const long MostBytes = 1024 * 1024;

    /// <summary>Where the metadata of a file lies beside it.</summary>
    public static string PathBeside(string path) => path + ".json";

    /// <summary>Reads what lies beside a file.</summary>
    /// <returns>The stamp; null when nothing lies there, or something else.</returns>
    public static OutputStamp? Beside(string path)
    {
        var file = new FileInfo(PathBeside(path));
        return file.Exists && file.Length <= MostBytes ? Parse(File.ReadAllBytes(file.FullName), OutputMetadata.File) : null;
    }

    /// <returns>The stamp; null when the text is no such metadata.</returns>
    public static OutputStamp? Parse(ReadOnlyMemory<byte> json, string field)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("taskId", out var id) && id.ValueKind == JsonValueKind.String
                && root.TryGetProperty("index", out var place) && place.ValueKind == JsonValueKind.Number && place.TryGetInt32(out var index)
                && root.TryGetProperty(field, out var file) && file.ValueKind == JsonValueKind.Object
                && file.TryGetProperty("length", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var length)
                ? new(id.GetString()!, index, length) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
