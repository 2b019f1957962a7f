using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MidJourney;

/// <summary>Writes the journal's lines: JSON Lines, the task's fields by the gateway's own names, never the callback or the key.</summary>
internal static class JournalFormat
{
    public const int Version = 1;

    /// <summary>What the first line of a file calls itself.</summary>
    public const string HeaderEvent = "journal";

    // A line is JSON for other tools, never part of a page.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Every create writes two lines, so that a new writer for each would be noticed.</summary>
    [ThreadStatic]
    private static (MemoryStream Stream, Utf8JsonWriter Json)? _writer;

    private static readonly int ProcessId = CurrentProcessId();

    /// <summary>The first line of a file, by which one that was replaced is told from the one before.</summary>
    public static byte[] Header(Guid id, DateTimeOffset time) => Line(HeaderEvent, time, json => json.WriteString("id", id.ToString("N")));

    /// <summary>A create's parameters, but for the callback, which may hold what is nobody's business.</summary>
    public static byte[] Parameters(MJSubmission submission)
    {
        using var stream = new MemoryStream(128);
        using (var json = new Utf8JsonWriter(stream, Plain))
            CreateBody.WriteObject(json, submission.Parameters, except: "callback");
        return stream.ToArray();
    }

    /// <summary>Where the job that is worked on came from, which no parameter tells; empty when that is not known.</summary>
    public static byte[] Source(MJSubmission submission)
    {
        if (submission is { SourceTaskId: null, SourcePrompt: null }) return [];
        using var stream = new MemoryStream(128);
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartObject();
            if (submission.SourceTaskId is { } id) json.WriteString("taskId", id);
            if (submission.SourcePrompt is { } prompt) json.WriteString("prompt", prompt);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>A line about a create whose task does not exist, or may not.</summary>
    public static byte[] Of(JournalEvent @event, JournalCreate create, DateTimeOffset time, GatewayException? error = null) => Line(NameOf(@event), time, json =>
    {
        WriteCreate(json, create);
        if (@event == JournalEvent.Submitting) json.WriteNumber("pid", ProcessId);
        if (error is null) return;
        json.WriteString("error", "MJ." + error.Kind);
        if (error.Error?.Code is { } code) json.WriteString("code", code);
        if (error.ProbableTaskId is { } id) json.WriteString("taskId", id);
        json.WriteString("message", error.Message);
    });

    /// <summary>The gateway accepted a create.</summary>
    public static byte[] Created(JournalCreate create, MJTask task, DateTimeOffset time) => Line(NameOf(JournalEvent.Created), time, json =>
    {
        WriteCreate(json, create);
        WriteTask(json, task);
    });

    /// <summary>A task was seen to have ended.</summary>
    public static byte[] Ended(string baseUri, MJTask task, DateTimeOffset time) => Line(NameOf(JournalEvent.Ended), time, json =>
    {
        json.WriteString("baseUri", baseUri);
        WriteTask(json, task);
    });

    private static (MemoryStream Stream, Utf8JsonWriter Json) NewWriter()
    {
        var stream = new MemoryStream(512);
        return (stream, new Utf8JsonWriter(stream, Plain));
    }

    private static byte[] Line(string @event, DateTimeOffset time, Action<Utf8JsonWriter> write)
    {
        var (stream, json) = _writer ??= NewWriter();
        stream.SetLength(0);
        json.Reset();
        json.WriteStartObject();
        json.WriteNumber("v", Version);
        json.WriteString("event", @event);
        json.WriteString("time", time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        write(json);
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteCreate(Utf8JsonWriter json, JournalCreate create)
    {
        json.WriteString("ref", create.Ref);
        json.WriteString("baseUri", create.BaseUri);
        json.WriteString("model", create.Model);
        json.WritePropertyName("params");
        json.WriteRawValue(create.Parameters, skipInputValidation: true);
        if (create.Source.Length == 0) return;
        json.WritePropertyName("source");
        json.WriteRawValue(create.Source, skipInputValidation: true);
    }

    private static void WriteTask(Utf8JsonWriter json, MJTask task)
    {
        json.WriteString("taskId", task.Id);
        json.WriteStartObject("task");
        if (task.RawStatus is { } status) json.WriteString("status", status);
        if (task.CreatedAt is { } created) json.WriteString("created_at", created.ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture));
        if (task.Output.Length > 0) WriteOutput(json, task.Output);
        if (task.Usage is { } usage) WriteUsage(json, usage);
        if (task.Error is { } error) WriteError(json, error);
        json.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter json, MJOutput[] output)
    {
        json.WriteStartArray("output");
        foreach (var item in output)
        {
            json.WriteStartObject();
            json.WriteStartArray("content");
            foreach (var content in item.Content)
            {
                json.WriteStartObject();
                if (content.Type is { } type) json.WriteString("type", type);
                if (content.Url is { } url) json.WriteString("url", url);
                if (content.JobId is { } job) json.WriteString("jobId", job);
                if (content.ImageNo is { } number) json.WriteNumber("imageNo", number);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter json, MJUsage usage)
    {
        json.WriteStartObject("usage");
        if (usage.Cost is { } cost) json.WriteString("cost", cost.ToString(CultureInfo.InvariantCulture));
        if (usage.Discount is { } discount) json.WriteString("discount", discount.ToString(CultureInfo.InvariantCulture));
        if (usage.Quantity is { } quantity) json.WriteNumber("quantity", quantity);
        if (usage.UnitPrice is { } price) json.WriteString("unit_price", price.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, MJError error)
    {
        json.WriteStartObject("error");
        if (error.Code is { } code) json.WriteString("code", code);
        if (error.Message is { } message) json.WriteString("message", message);
        json.WriteEndObject();
    }

    private static string NameOf(JournalEvent @event) => @event switch
    {
        JournalEvent.Submitting => "submitting",
        JournalEvent.PutOff => "putOff",
        JournalEvent.Withdrawn => "withdrawn",
        JournalEvent.Refused => "refused",
        JournalEvent.Unknown => "unknown",
        JournalEvent.Created => "created",
        JournalEvent.Ended => "ended",
        _ => throw new ArgumentOutOfRangeException(nameof(@event)),
    };

    private static int CurrentProcessId()
    {
#if NET
        return Environment.ProcessId;
#else
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.Id;
#endif
    }
}
