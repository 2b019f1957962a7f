using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MidJourney.Json;

namespace MidJourney.Journal;

/// <summary>What a line of the journal says. Written in camel case.</summary>
internal enum JournalEvent
{
    /// <summary>A line of a later version, or of something else.</summary>
    Other,

    /// <summary>The first line of a file, or the line that gives an older file its salt.</summary>
    Journal,

    /// <summary>The claim: a create is about to be sent. Until another line says more, its outcome is not known.</summary>
    Submitting,

    /// <summary>Certainly not made: refused, never sent, or settled as never made. Older files say putOff as well.</summary>
    NotMade,

    /// <summary>Its answer was lost: it may have been made and paid.</summary>
    Unknown,

    /// <summary>The gateway accepted it, and gave it a task id.</summary>
    Created,

    /// <summary>The task was seen to have ended.</summary>
    Ended,

    /// <summary>The gateway does not know the task any more.</summary>
    Gone,
}

/// <summary>
/// One line of the journal, taken apart without copying: its values are views of the text, made into strings when they are
/// asked for. A journal of a million lines is read with it.
/// </summary>
internal readonly ref struct JournalLine
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly Fields _fields;

    private JournalLine(ReadOnlySpan<byte> text, Fields fields)
    {
        _text = text;
        _fields = fields;
    }

    public JournalEvent Event => _fields.Event;

    public DateTimeOffset Time => _fields.Time;

    /// <summary>When the task was seen to have ended, on the one line of a task that is left by compaction.</summary>
    public DateTimeOffset? Ended => _fields.Ended;

    /// <summary>The hash of the work; empty on lines that do not name it.</summary>
    public Guid Work => _fields.Work;

    /// <summary>The salt of account fingerprints, on a <see cref="JournalEvent.Journal"/> line.</summary>
    public Guid Salt => _fields.Salt;

    /// <summary>The file's size when it was last made smaller.</summary>
    public long Compacted => _fields.Compacted;

    public string? Model => Text(_fields.Model);

    public ReadOnlySpan<byte> TaskId => Bytes(_fields.TaskId);

    public ReadOnlySpan<byte> BaseUri => Bytes(_fields.BaseUri);

    public ReadOnlySpan<byte> Account => Bytes(_fields.Account);

    public ReadOnlySpan<byte> ModelBytes => Bytes(_fields.Model);

    public string? RefText => Text(_fields.Ref);

    /// <summary>Names one create: the same in all its lines.</summary>
    public Guid Ref => RefOf(Bytes(_fields.Ref));

    /// <summary>The same, where the line need not name one; null where it does not.</summary>
    public Guid? RefIfAny => _fields.Ref.Length == 0 ? null : Ref;

    /// <summary>The create that this one is made in place of.</summary>
    public Guid Replaces => _fields.Replaces.Length == 0 ? Guid.Empty : RefOf(Bytes(_fields.Replaces));

    public int Pid => _fields.Pid;

    public ReadOnlySpan<byte> Start => Bytes(_fields.Start);

    public ReadOnlySpan<byte> Host => Bytes(_fields.Host);

    /// <summary>Who sends it; null where the line does not tell, as those of 0.1.0.</summary>
    public ProcessMark? By => _fields.Host.Length == 0 || _fields.Start.Length == 0 ? null : new(_fields.Pid, Text(_fields.Start)!, Text(_fields.Host)!);

    /// <summary>The create's parameters as JSON; empty when the line has none.</summary>
    public ReadOnlySpan<byte> Parameters => Raw(_fields.Parameters);

    /// <summary>Where the job that is worked on came from, as JSON; empty when the line does not tell.</summary>
    public ReadOnlySpan<byte> Source => Raw(_fields.Source);

    /// <summary>What is known of the task, as JSON by the gateway's own names; empty when the line has none.</summary>
    public ReadOnlySpan<byte> Task => Raw(_fields.Task);

    /// <summary>How the task ended, where the line itself says so.</summary>
    public EntryState StatedEnd => _fields.State;

    /// <summary>How the task ended; 0.1.0 wrote down only the task.</summary>
    public EntryState EndState => StatedEnd != EntryState.None ? StatedEnd
        : EntryStates.OfEnd(TaskReader.TryParse(Task.ToArray(), out var wire) ? TaskReader.Read(wire, "") : null);

    /// <summary>Takes a line apart, as far as it must be.</summary>
    /// <param name="text">The line without its end.</param>
    /// <param name="line">The line.</param>
    /// <returns>Whether it is one, and says what such a line says.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out JournalLine line)
    {
        line = default;
        var fields = new Fields();
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) fields.Read(ref reader);
            if (reader.TokenType != JsonTokenType.EndObject || reader.Read() || !fields.IsWhole) return false;
            line = new JournalLine(text, fields);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A name as 16 bytes; one that is not 32 hexadecimal digits by its hash.</summary>
    public static Guid RefOf(ReadOnlySpan<byte> text) =>
        text.Length == 32 && Utf8Parser.TryParse(text, out Guid name, out var used, 'N') && used == 32 ? name : SubmissionKey.Hash(text);

    private ReadOnlySpan<byte> Raw(Part part) => _text.Slice(part.Start, part.Length);

    private ReadOnlySpan<byte> Bytes(Part part) => part.IsEscaped ? Encoding.UTF8.GetBytes(Text(part)!) : Raw(part);

    private string? Text(Part part)
    {
        if (part.Length == 0) return null;
        if (!part.IsEscaped) return JournalText.Utf8(Raw(part));
        var reader = new Utf8JsonReader(_text.Slice(part.Start - 1, part.Length + 2));
        reader.Read();
        return reader.GetString();
    }

    /// <summary>Where in the line a value is.</summary>
    private readonly record struct Part(int Start, int Length, bool IsEscaped);

    /// <summary>What was found where.</summary>
    private struct Fields
    {
        public Part BaseUri, Model, Account, TaskId, Replaces, Ref, Host, Start, Parameters, Source, Task;
        public JournalEvent Event;
        public DateTimeOffset Time;
        public DateTimeOffset? Ended;
        public Guid Work, Salt;
        public long Compacted;
        public EntryState State;
        public int Pid;
        private bool _isOfLaterVersion, _hasEvent;

        /// <summary>Whether it says all that a line of its kind says, without which nothing can be done with it.</summary>
        public readonly bool IsWhole => Event switch
        {
            // A later version may write down what this one knows nothing of.
            JournalEvent.Other => _isOfLaterVersion && _hasEvent,
            JournalEvent.Journal => true,
            JournalEvent.Ended or JournalEvent.Gone => BaseUri.Length > 0 && TaskId.Length > 0,
            JournalEvent.Submitting => IsCreate,
            JournalEvent.Created => IsCreate && TaskId.Length > 0,
            _ => Ref.Length > 0,
        };

        private readonly bool IsCreate => Ref.Length > 0 && BaseUri.Length > 0 && Model.Length > 0 && Parameters.Length > 0;

        public void Read(ref Utf8JsonReader reader)
        {
            var name = reader.ValueSpan;
            switch (name.Length)
            {
                case 1 when name[0] == 'v':
                    reader.Read();
                    _isOfLaterVersion = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var version) && version > JournalText.Version;
                    break;
                case 3 when name.SequenceEqual("ref"u8): Ref = TextPart(ref reader); break;
                case 3 when name.SequenceEqual("pid"u8): Pid = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var pid) ? pid : 0; break;
                case 4 when name.SequenceEqual("time"u8): Time = TimeOf(ref reader); break;
                case 4 when name.SequenceEqual("work"u8): Work = GuidOf(ref reader); break;
                case 4 when name.SequenceEqual("salt"u8): Salt = GuidOf(ref reader); break;
                case 4 when name.SequenceEqual("host"u8): Host = TextPart(ref reader); break;
                case 4 when name.SequenceEqual("task"u8): Task = ObjectPart(ref reader); break;
                case 5 when name.SequenceEqual("event"u8): Event = TextPart(ref reader).Length > 0 ? EventOf(reader.ValueSpan) : JournalEvent.Other; _hasEvent = true; break;
                case 5 when name.SequenceEqual("model"u8): Model = TextPart(ref reader); break;
                case 5 when name.SequenceEqual("start"u8): Start = TextPart(ref reader); break;
                case 5 when name.SequenceEqual("ended"u8): Ended = TimeOf(ref reader); break;
                case 5 when name.SequenceEqual("state"u8): State = TextPart(ref reader).Length > 0 ? EntryStates.Of(reader.ValueSpan) : EntryState.None; break;
                case 6 when name.SequenceEqual("taskId"u8): TaskId = TextPart(ref reader); break;
                case 6 when name.SequenceEqual("params"u8): Parameters = ObjectPart(ref reader); break;
                case 6 when name.SequenceEqual("source"u8): Source = ObjectPart(ref reader); break;
                case 7 when name.SequenceEqual("baseUri"u8): BaseUri = TextPart(ref reader); break;
                case 7 when name.SequenceEqual("account"u8): Account = TextPart(ref reader); break;
                case 8 when name.SequenceEqual("replaces"u8): Replaces = TextPart(ref reader); break;
                case 9 when name.SequenceEqual("compacted"u8): Compacted = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var size) ? size : 0; break;
                default:
                    reader.Read();
                    reader.Skip();
                    break;
            }
        }

        private static Part TextPart(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                // A text that is no text, such as half of a character, is refused here, not where it is asked for.
                if (reader.ValueIsEscaped) reader.GetString();
                return new((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);
            }
            reader.Skip();
            return default;
        }

        /// <returns>The object; empty for any other value, which says nothing.</returns>
        private static Part ObjectPart(ref Utf8JsonReader reader)
        {
            reader.Read();
            var (start, isObject) = ((int)reader.TokenStartIndex, reader.TokenType == JsonTokenType.StartObject);
            reader.Skip();
            return isObject ? new(start, (int)reader.BytesConsumed - start, false) : default;
        }

        private static DateTimeOffset TimeOf(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                if (reader.TryGetDateTimeOffset(out var time)) return time;
                if (DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)) return time;
            }
            reader.Skip();
            return default;
        }

        private static Guid GuidOf(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && Utf8Parser.TryParse(reader.ValueSpan, out Guid value, out _, 'N')) return value;
            reader.Skip();
            return Guid.Empty;
        }

        private static JournalEvent EventOf(ReadOnlySpan<byte> text) =>
            text.SequenceEqual("created"u8) ? JournalEvent.Created
            : text.SequenceEqual("submitting"u8) ? JournalEvent.Submitting
            : text.SequenceEqual("ended"u8) ? JournalEvent.Ended
            : text.SequenceEqual("unknown"u8) ? JournalEvent.Unknown
            : text.SequenceEqual("refused"u8) || text.SequenceEqual("withdrawn"u8) || text.SequenceEqual("putOff"u8) ? JournalEvent.NotMade
            : text.SequenceEqual("gone"u8) ? JournalEvent.Gone
            : text.SequenceEqual("journal"u8) ? JournalEvent.Journal
            : JournalEvent.Other;
    }
}
