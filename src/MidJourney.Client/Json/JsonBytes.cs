using System.Text.Encodings.Web;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>Writes JSON for requests and files: only with JSON's own escapes, because it is never part of a page.</summary>
internal static class JsonBytes
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Kept with its buffer: a new one, which grows several times for each text, was a fifth of what a submission allocates.</summary>
    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <param name="write">Writes one value.</param>
    /// <param name="isLine">Whether a line break follows it.</param>
    public static byte[] Of(Action<Utf8JsonWriter> write, bool isLine = false)
    {
        using var stream = new MemoryStream(512);
        var json = _writer ?? new Utf8JsonWriter(stream, Options);
        // One that fails is not used again.
        _writer = null;
        json.Reset(stream);
        write(json);
        json.Flush();
        _writer = json;
        if (isLine) stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }
}
