using System.Globalization;
using System.Text.Json;

namespace MidJourney;

/// <summary>One line of the journal, taken apart as far as it must be; parameters and task stay JSON until they are wanted.</summary>
internal sealed class JournalLine
{
    private bool _isOfLaterVersion;
    private bool _isHeader;

    public JournalEvent Event { get; private set; }

    /// <summary>Names one create: the same in all its lines.</summary>
    public string? Ref { get; private set; }

    public DateTimeOffset Time { get; private set; }

    public string? BaseUri { get; private set; }

    public string? Model { get; private set; }

    /// <summary>The create's parameters as JSON; empty when the line has none.</summary>
    public byte[] Parameters { get; private set; } = [];

    /// <summary>Where the job that is worked on came from, as JSON; empty when the line does not tell.</summary>
    public byte[] Source { get; private set; } = [];

    /// <summary>What is known of the task, as JSON by the gateway's own names; empty when the line has none.</summary>
    public byte[] Task { get; private set; } = [];

    /// <summary>The task id that is known, or probable.</summary>
    public string? TaskId { get; private set; }

    /// <summary>Why the outcome is what it is.</summary>
    public string? Message { get; private set; }

    /// <returns>The line; null when it is not one, or lacks what such a line says.</returns>
    public static JournalLine? Parse(ReadOnlySpan<byte> text)
    {
        var line = new JournalLine();
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) line.ReadField(ref reader, text);
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read() && line.IsWhole ? line : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private void ReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        if (reader.ValueTextEquals("event"))
        {
            var name = Text(ref reader);
            (Event, _isHeader) = (EventOf(name), name == JournalFormat.HeaderEvent);
        }
        else if (reader.ValueTextEquals("ref")) Ref = Text(ref reader);
        else if (reader.ValueTextEquals("time")) Time = TimeOf(Text(ref reader));
        else if (reader.ValueTextEquals("baseUri")) BaseUri = Text(ref reader);
        else if (reader.ValueTextEquals("model")) Model = Text(ref reader);
        else if (reader.ValueTextEquals("taskId")) TaskId = Text(ref reader);
        else if (reader.ValueTextEquals("message")) Message = Text(ref reader);
        else if (reader.ValueTextEquals("params")) Parameters = WholeObject(ref reader, text);
        else if (reader.ValueTextEquals("source")) Source = WholeObject(ref reader, text);
        else if (reader.ValueTextEquals("task")) Task = WholeObject(ref reader, text);
        else if (reader.ValueTextEquals("v")) _isOfLaterVersion = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var version) && version > JournalFormat.Version;
        else Whole(ref reader, text);
    }

    /// <summary>Whether it says all that a line of its kind says, without which nothing can be done with it.</summary>
    private bool IsWhole => Event switch
    {
        // A later version may write down what this one knows nothing of.
        JournalEvent.Other => _isHeader || _isOfLaterVersion,
        JournalEvent.Ended => !string.IsNullOrEmpty(BaseUri) && !string.IsNullOrEmpty(TaskId),
        _ => !string.IsNullOrEmpty(Ref) && !string.IsNullOrEmpty(BaseUri) && !string.IsNullOrEmpty(Model) && Parameters.Length > 0
            && (Event != JournalEvent.Created || !string.IsNullOrEmpty(TaskId)),
    };

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }

    private static byte[] Whole(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return text.Slice(start, (int)reader.BytesConsumed - start).ToArray();
    }

    /// <returns>The object; empty for any other value, which says nothing.</returns>
    private static byte[] WholeObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        var whole = Whole(ref reader, text);
        return whole[0] == '{' ? whole : [];
    }

    private static DateTimeOffset TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default;

    private static JournalEvent EventOf(string? text) => text switch
    {
        "submitting" => JournalEvent.Submitting,
        "putOff" => JournalEvent.PutOff,
        "withdrawn" => JournalEvent.Withdrawn,
        "refused" => JournalEvent.Refused,
        "unknown" => JournalEvent.Unknown,
        "created" => JournalEvent.Created,
        "ended" => JournalEvent.Ended,
        _ => JournalEvent.Other,
    };
}
