using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using MidJourney.Json;

namespace MidJourney.Journal;

/// <summary>The event that a line records, written in camel case.</summary>
internal enum JournalEvent
{
    /// <summary>An event of a later version, or not a journal's line.</summary>
    Other,

    /// <summary>The first line of a file, or the line that gives an older file its salt.</summary>
    Journal,

    /// <summary>The claim: a create is about to be sent. Its outcome is unknown until another line gives it.</summary>
    Submitting,

    /// <summary>Certainly not created: refused, never sent, or settled as never made. Version 0.1.0 also wrote putOff.</summary>
    NotCreated,

    /// <summary>The answer was lost: it may have been created and billed.</summary>
    Unknown,

    /// <summary>The gateway accepted it, and gave it a task id.</summary>
    Created,

    Ended,

    /// <summary>The gateway no longer has the task.</summary>
    Gone,
}

/// <summary>One line of the journal as it is read; <see cref="JournalLineWriter"/> writes it. JSON objects are views of the text, so that a million lines can be read.</summary>
internal ref struct JournalLine
{
    private readonly ReadOnlySpan<byte> _text;
    private string? _ref, _replaces, _host, _start;
    private int _pid;
    private bool _isOfLaterVersion, _hasEvent;

    private JournalLine(ReadOnlySpan<byte> text) => _text = text;

    public JournalEvent Event { get; private set; }
    public DateTimeOffset Time { get; private set; }

    /// <summary>The hash of the work; empty if the line has none.</summary>
    public Guid Work { get; private set; }
    public string? BaseUri { get; private set; }
    public string? Account { get; private set; }
    public string? Model { get; private set; }
    public string? TaskId { get; private set; }

    /// <summary>When the task ended, on the only line of a task after compaction.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>How the task ended, if the line itself says it.</summary>
    public EntryState StatedEnd { get; private set; }

    public Guid Salt { get; private set; }
    public long Compacted { get; private set; }

    /// <summary>The parameters of the create as JSON; empty if the line has none. The same holds for the source and the task.</summary>
    public ReadOnlySpan<byte> Parameters { get; private set; }
    public ReadOnlySpan<byte> Source { get; private set; }
    public ReadOnlySpan<byte> Task { get; private set; }

    /// <summary>Identifies a create in all its lines.</summary>
    public readonly Guid Ref => RefOf(_ref ?? "");

    public readonly Guid? RefIfAny => _ref is null ? null : Ref;

    /// <summary>The create that this one replaces; empty if there is none.</summary>
    public readonly Guid Replaces => _replaces is null ? Guid.Empty : RefOf(_replaces);

    /// <summary>Who sends the create; null if the line does not say, as in version 0.1.0.</summary>
    public readonly ProcessIdentity? Process => _host is null || _start is null ? null : new(_pid, _start, _host);

    /// <summary>How the task ended. Version 0.1.0 recorded only the task.</summary>
    public readonly EntryState EndState => StatedEnd != EntryState.None ? StatedEnd
        // Almost every task. To read each one in full would more than double the time for a long file of 0.1.0.
        : Task.StartsWith("{\"status\":\"completed\""u8) && Task.IndexOf("\"error\""u8) < 0 && Task.IndexOf("\"url\""u8) >= 0 ? EntryState.Completed
        : EntryStates.OfEnd(TaskReader.TryParse(Task.ToArray(), out var wire) ? TaskReader.Read(wire, "") : null);

    /// <summary>Reads a line, given without its line break.</summary>
    /// <returns>Whether it is valid, and complete for its event.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out JournalLine line)
    {
        var read = line = new JournalLine(text);
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) read.ReadField(ref reader);
            line = read;
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read() && line.IsComplete;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A name as 16 bytes. A name that is not 32 hexadecimal digits is hashed.</summary>
    private static Guid RefOf(string name) => name.Length == 32 && Guid.TryParseExact(name, "N", out var guid) ? guid : SubmissionKey.Hash(name);

    /// <summary>Whether it has everything that a line of its kind needs to be of use.</summary>
    private readonly bool IsComplete => Event switch
    {
        // A later version may write events that this one does not know.
        JournalEvent.Other => _isOfLaterVersion && _hasEvent,
        JournalEvent.Journal => true,
        JournalEvent.Ended or JournalEvent.Gone => BaseUri is not null && TaskId is not null,
        JournalEvent.Submitting => IsCreate,
        JournalEvent.Created => IsCreate && TaskId is not null,
        _ => _ref is not null,
    };

    private readonly bool IsCreate => _ref is not null && BaseUri is not null && Model is not null && !Parameters.IsEmpty;

    private void ReadField(scoped ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        reader.Read();
        if (name.SequenceEqual("ref"u8)) _ref = TextOf(ref reader);
        else if (name.SequenceEqual("event"u8)) (Event, _hasEvent) = (EventOf(TextOf(ref reader)), true);
        else if (name.SequenceEqual("time"u8)) Time = TimeOf(ref reader);
        else if (name.SequenceEqual("work"u8)) Work = GuidOf(ref reader);
        else if (name.SequenceEqual("baseUri"u8)) BaseUri = TextOf(ref reader);
        else if (name.SequenceEqual("account"u8)) Account = TextOf(ref reader);
        else if (name.SequenceEqual("model"u8)) Model = TextOf(ref reader);
        else if (name.SequenceEqual("params"u8)) Parameters = ObjectOf(ref reader);
        else if (name.SequenceEqual("source"u8)) Source = ObjectOf(ref reader);
        else if (name.SequenceEqual("taskId"u8)) TaskId = TextOf(ref reader);
        else if (name.SequenceEqual("task"u8)) Task = ObjectOf(ref reader);
        else if (name.SequenceEqual("state"u8)) StatedEnd = EntryStates.Of(TextOf(ref reader));
        else if (name.SequenceEqual("ended"u8)) EndedAt = TimeOf(ref reader);
        else if (name.SequenceEqual("replaces"u8)) _replaces = TextOf(ref reader);
        else if (name.SequenceEqual("pid"u8)) _pid = (int)NumberOf(ref reader, int.MaxValue);
        else if (name.SequenceEqual("start"u8)) _start = TextOf(ref reader);
        else if (name.SequenceEqual("host"u8)) _host = TextOf(ref reader);
        else if (name.SequenceEqual("salt"u8)) Salt = GuidOf(ref reader);
        else if (name.SequenceEqual("compacted"u8)) Compacted = NumberOf(ref reader, long.MaxValue);
        else if (name.SequenceEqual("v"u8)) _isOfLaterVersion = NumberOf(ref reader, int.MaxValue) > JournalLineWriter.Version;
        else reader.Skip();
    }

    /// <returns>The text; null if it is empty, and for any other value. Half a surrogate pair makes the whole line invalid.</returns>
    private static string? TextOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return reader.GetString() is { Length: > 0 } text ? text : null;
        reader.Skip();
        return null;
    }

    private readonly ReadOnlySpan<byte> ObjectOf(scoped ref Utf8JsonReader reader)
    {
        var (start, isObject) = ((int)reader.TokenStartIndex, reader.TokenType == JsonTokenType.StartObject);
        reader.Skip();
        return isObject ? _text.Slice(start, (int)reader.BytesConsumed - start) : default;
    }

    /// <returns>The number; 0 for any other value, and for a number that is too large.</returns>
    private static long NumberOf(ref Utf8JsonReader reader, long max)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number <= max) return number;
        reader.Skip();
        return 0;
    }

    private static DateTimeOffset TimeOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time)) return time;
        return DateTimeOffset.TryParse(TextOf(ref reader), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time) ? time : default;
    }

    private static Guid GuidOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && Utf8Parser.TryParse(reader.ValueSpan, out Guid value, out _, 'N')) return value;
        reader.Skip();
        return Guid.Empty;
    }

    private static JournalEvent EventOf(string? name) => name switch
    {
        "created" => JournalEvent.Created,
        "submitting" => JournalEvent.Submitting,
        "ended" => JournalEvent.Ended,
        "unknown" => JournalEvent.Unknown,
        "refused" or "withdrawn" or "putOff" => JournalEvent.NotCreated,
        "gone" => JournalEvent.Gone,
        "journal" => JournalEvent.Journal,
        _ => JournalEvent.Other,
    };
}
