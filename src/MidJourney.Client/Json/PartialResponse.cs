using System.Text.Json;

namespace MidJourney.Json;

/// <summary>What can still be learned from a create's answer that broke off, or names no task where it should: a task's id, so that a paid task is not lost.</summary>
internal static class PartialResponse
{
    private const int LeastIdLength = 3;

    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    /// <summary>The id whose text was received whole: at the root, else directly in an envelope, else anywhere but in an error, a status or a user; null for none.</summary>
    public static string? FindId(ReadOnlyMemory<byte> body, KeyRedactor key) => Find(body, key) is var (root, inner, elsewhere) ? root ?? inner ?? elsewhere : null;

    /// <summary>The same, but for ids elsewhere.</summary>
    public static string? FindIdInPlace(ReadOnlyMemory<byte> body, KeyRedactor key) => Find(body, key) is var (root, inner, _) ? root ?? inner : null;

    private static (string? Root, string? Inner, string? Elsewhere) Find(ReadOnlyMemory<byte> body, KeyRedactor key)
    {
        (string? Root, string? Inner, string? Elsewhere) found = default;
        var reader = new Utf8JsonReader(WireBytes.Repair(body).Span, isFinalBlock: false, new JsonReaderState(Lenient));
        var isEnvelope = false;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                var depth = reader.CurrentDepth;
                var name = reader.GetString()!;
                if (depth == 1) isEnvelope = reader.ValueTextEquals("data") || reader.ValueTextEquals("task") || reader.ValueTextEquals("result");
                if (IsAny(name, "error", "status", "user"))
                {
                    if (!reader.Read() || !reader.TrySkip()) break;
                }
                else if (IsAny(name, "id", "task_id", "taskid"))
                {
                    if (!reader.Read()) break;
                    if (WireId.From(TextOf(ref reader), key) is not { } id) continue;
                    var isExact = name is "id" or "task_id" or "taskId";
                    if (depth == 1 && isExact) found.Root ??= id;
                    else if (depth == 2 && isEnvelope && isExact) found.Inner ??= id;
                    else found.Elsewhere ??= id;
                }
                else if (depth == 1 && IsAny(name, "data", "task", "result"))
                {
                    if (!reader.Read()) break;
                    if (TextOf(ref reader) is { } text && LooksLikeId(text)) found.Elsewhere ??= WireId.From(text, key);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) { }
        return found;
    }

    private static bool IsAny(string name, params string[] names) => Array.Exists(names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether what stands in the place of a task may be its id, rather than a word or a sentence.</summary>
    private static bool LooksLikeId(string text) => text.Length >= LeastIdLength && text.Any(char.IsDigit) && !text.Any(char.IsWhiteSpace);

    private static string? TextOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan.ToArray()),
        _ => null,
    };
}
