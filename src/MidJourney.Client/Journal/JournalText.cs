using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MidJourney.Json;

namespace MidJourney.Journal;

/// <summary>Writes the journal's lines: JSON Lines, the task's fields by the gateway's own names, never the callback or the key.</summary>
internal static class JournalText
{
    public const int Version = 2;

    // A line is JSON for other tools, never part of a page.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The first line of a file, by which one that was replaced is told from the one before; also what gives a file of 0.1.0 its salt.</summary>
    /// <param name="salt">What fingerprints of keys are made with; empty where a later line tells.</param>
    /// <param name="compacted">The size of what follows, where the file was just made smaller.</param>
    /// <param name="time">Now.</param>
    public static byte[] Header(Guid salt, long compacted, DateTimeOffset time) => Line("journal", time, json =>
    {
        json.WriteString("id", Guid.NewGuid().ToString("N"));
        if (salt != Guid.Empty) json.WriteString("salt", salt.ToString("N"));
        if (compacted > 0) json.WriteNumber("compacted", compacted);
    });

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

    /// <summary>The claim: a create is about to be sent by this process.</summary>
    public static byte[] Submitting(JournalCreate create, string? replaces, DateTimeOffset time) => Line("submitting", time, json =>
    {
        WriteCreate(json, create);
        var by = ProcessMark.Current;
        json.WriteNumber("pid", by.Pid);
        json.WriteString("start", by.Start);
        json.WriteString("host", by.Host);
        if (replaces is not null) json.WriteString("replaces", replaces);
    });

    /// <summary>The gateway accepted a create.</summary>
    public static byte[] Created(JournalCreate create, MJTask task, DateTimeOffset time) => Line("created", time, json =>
    {
        WriteCreate(json, create);
        WriteTask(json, task.IsEnded() ? EntryStates.OfEnd(task) : EntryState.None, task);
    });

    /// <summary>A create was certainly not made.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="error">What refused it; null where it was not sent.</param>
    /// <param name="time">Now.</param>
    public static byte[] NotMade(string id, GatewayException? error, DateTimeOffset time) => Line(error is null ? "withdrawn" : "refused", time, json =>
    {
        json.WriteString("ref", id);
        if (error is not null) WriteCause(json, error);
    });

    /// <summary>A create may have been made.</summary>
    public static byte[] Unknown(JournalCreate create, GatewayException error, DateTimeOffset time) => Line("unknown", time, json =>
    {
        WriteCreate(json, create);
        WriteCause(json, error);
        if (error.ProbableTaskId is { } id) json.WriteString("taskId", id);
    });

    /// <summary>A task was seen to have ended.</summary>
    /// <param name="baseUri">The gateway.</param>
    /// <param name="task">The task.</param>
    /// <param name="time">Now.</param>
    /// <param name="id">The create that it is of, where that is known: a gateway may have given its id to several.</param>
    public static byte[] Ended(string baseUri, MJTask task, DateTimeOffset time, string? id = null) => Line("ended", time, json =>
    {
        if (id is not null) json.WriteString("ref", id);
        json.WriteString("baseUri", baseUri);
        WriteTask(json, task.IsEnded() ? EntryStates.OfEnd(task) : EntryState.None, task);
    });

    /// <summary>The gateway does not know a task any more.</summary>
    public static byte[] Gone(string baseUri, string? account, string taskId, DateTimeOffset time, string? id = null) => Line("gone", time, json =>
    {
        if (id is not null) json.WriteString("ref", id);
        json.WriteString("baseUri", baseUri);
        if (account is not null) json.WriteString("account", account);
        json.WriteString("taskId", taskId);
    });

    /// <summary>All that is kept of a task that has ended: its create, and of its end what costs little room.</summary>
    public static byte[] Short(JournalCreate create, MJTask task, EntryState state, DateTimeOffset created, DateTimeOffset ended) => Line("created", created, json =>
    {
        WriteCreate(json, create);
        WriteTime(json, "ended", ended);
        // Addresses expire, and take more room than all the rest.
        WriteTask(json, state, task with { Output = [.. task.Output.Select(o => new MJOutput { Content = [.. o.Content.Where(c => c.JobId is not null).Select(c => new MJContent { JobId = c.JobId, ImageNo = c.ImageNo })] }).Where(o => o.Content.Length > 0)] });
    });

    private static byte[] Line(string @event, DateTimeOffset time, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("event", @event);
            WriteTime(json, "time", time);
            write(json);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));

    private static void WriteCause(Utf8JsonWriter json, GatewayException error)
    {
        json.WriteString("error", "MJ." + error.Kind);
        if (error.Error?.Code is { } code) json.WriteString("code", code);
        json.WriteString("message", error.Message);
    }

    private static void WriteCreate(Utf8JsonWriter json, JournalCreate create)
    {
        json.WriteString("ref", create.Ref);
        json.WriteString("work", create.Work.ToString("N"));
        json.WriteString("baseUri", create.BaseUri);
        if (create.Account is { } account) json.WriteString("account", account);
        json.WriteString("model", create.Model);
        json.WritePropertyName("params");
        json.WriteRawValue(create.Parameters, skipInputValidation: true);
        if (create.Source.Length == 0) return;
        json.WritePropertyName("source");
        json.WriteRawValue(create.Source, skipInputValidation: true);
    }

    private static void WriteTask(Utf8JsonWriter json, EntryState state, MJTask task)
    {
        json.WriteString("taskId", task.Id);
        if (state != EntryState.None) json.WriteString("state", EntryStates.NameOf(state));
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

    /// <summary>UTF-8 as text.</summary>
    public static string Utf8(ReadOnlySpan<byte> text)
    {
#if NET
        return Encoding.UTF8.GetString(text);
#else
        return Encoding.UTF8.GetString(text.ToArray());
#endif
    }
}

/// <summary>What all lines about one create say of it.</summary>
/// <param name="Ref">Its name in the journal: 32 hexadecimal digits.</param>
/// <param name="Work">The hash of what it makes.</param>
/// <param name="BaseUri">The gateway.</param>
/// <param name="Account">The account; null where none is known.</param>
/// <param name="Model">The model.</param>
/// <param name="Parameters">The parameters as JSON, without the callback.</param>
/// <param name="Source">Where the job that is worked on came from, as JSON; empty when that is not known.</param>
internal sealed record JournalCreate(string Ref, Guid Work, string BaseUri, string? Account, string Model, byte[] Parameters, byte[] Source);
