using System.Text;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>Finds the task id in the response to a create that is truncated or has no id in its usual place, so that a paid task is not lost.</summary>
internal static class PartialResponse
{
    private const int MinIdLength = 3;

    /// <summary>The first complete id: at the root, else directly in an envelope, else anywhere but in an error, a status or a user.</summary>
    public static string? FindId(ReadOnlyMemory<byte> body, KeyRedactor key) => Find(body, key) is var (root, inner, elsewhere) ? root ?? inner ?? elsewhere : null;

    /// <summary>The same, but only at the root or directly in an envelope.</summary>
    public static string? FindIdInPlace(ReadOnlyMemory<byte> body, KeyRedactor key) => Find(body, key) is var (root, inner, _) ? root ?? inner : null;

    private static (string? Root, string? Inner, string? Elsewhere) Find(ReadOnlyMemory<byte> body, KeyRedactor key)
    {
        (string? Root, string? Inner, string? Elsewhere) found = default;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(JsonText.Decode(body)), isFinalBlock: false, new JsonReaderState(WireTask.Lenient));
        var isEnvelope = false;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                var depth = reader.CurrentDepth;
                var name = reader.GetString()!;
                if (depth == 1) isEnvelope = WireTask.Envelopes.Contains(name);
                if (IsAny(name, "error", "status", "user"))
                {
                    if (!reader.Read() || !reader.TrySkip()) break;
                }
                else if (IsAny(name, WireTask.IdNames))
                {
                    if (!reader.Read()) break;
                    if (WireId.Read(TextOf(ref reader), key) is not { } id) continue;
                    var isExact = WireTask.IdNames.Contains(name);
                    if (depth == 1 && isExact) found.Root ??= id;
                    else if (depth == 2 && isEnvelope && isExact) found.Inner ??= id;
                    else found.Elsewhere ??= id;
                }
                else if (depth == 1 && IsAny(name, WireTask.Envelopes))
                {
                    if (!reader.Read()) break;
                    if (TextOf(ref reader) is { } text && LooksLikeId(text)) found.Elsewhere ??= WireId.Read(text, key);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) { }
        return found;
    }

    private static bool IsAny(string name, params string[] names) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>True if text in the place of a task may be its id, rather than a word or a sentence.</summary>
    private static bool LooksLikeId(string text) => text.Length >= MinIdLength && text.Any(char.IsDigit) && !text.Any(char.IsWhiteSpace);

    private static string? TextOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan.ToArray()),
        _ => null,
    };
}
