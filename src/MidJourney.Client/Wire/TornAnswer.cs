using System.Text.Json;

namespace MidJourney;

/// <summary>What can still be learned from a create's answer that broke off: a task's id, so that a paid task is not lost.</summary>
internal static class TornAnswer
{
    /// <summary>The id, if its text was received whole at the top level; null otherwise.</summary>
    public static string? FindId(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName) continue;
                var isId = reader.ValueTextEquals("id") || reader.ValueTextEquals("task_id");
                if (!reader.Read()) return null;
                if (isId && reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } id) return WireId.Shown(id);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) { }
        return null;
    }
}
