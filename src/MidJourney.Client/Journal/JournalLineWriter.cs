using System.Globalization;
using System.Text.Json;
using MidJourney.Json;

namespace MidJourney.Journal;

/// <summary>Writes the lines of the journal: JSON, with the gateway's own field names for tasks, and never the callback or the key.</summary>
internal static class JournalLineWriter
{
    public const int Version = 2;

    /// <summary>The first line of a file, which identifies it. The same line also gives a file of 0.1.0 its salt, and ends a compacted file.</summary>
    public static byte[] Header(Guid salt, long compacted, DateTimeOffset time) => Line("journal", time, json =>
    {
        json.WriteString("id", Guid.NewGuid().ToString("N"));
        if (salt != Guid.Empty) json.WriteString("salt", salt.ToString("N"));
        if (compacted > 0) json.WriteNumber("compacted", compacted);
    });

    /// <summary>The parameters of a create as JSON, without the callback, which may contain a secret.</summary>
    public static byte[] Parameters(MJSubmission submission) => JsonBytes.Of(json => CreateBody.WriteObject(json, submission.Parameters, except: "callback"));

    /// <summary>The origin of the job as JSON, as far as the parameters do not give it; empty if it is not known.</summary>
    public static byte[] Source(MJSubmission submission)
    {
        if (submission is { SourceTaskId: null, SourcePrompt: null }) return [];
        return JsonBytes.Of(json =>
        {
            json.WriteStartObject();
            if (submission.SourceTaskId is { } id) json.WriteString("taskId", id);
            if (submission.SourcePrompt is { } prompt) json.WriteString("prompt", prompt);
            json.WriteEndObject();
        });
    }

    /// <summary>The claim: this process is about to send a create.</summary>
    public static byte[] Submitting(JournalCreate create, string? replaces, DateTimeOffset time) => Line("submitting", time, json =>
    {
        WriteCreate(json, create);
        var process = ProcessIdentity.Current;
        json.WriteNumber("pid", process.Pid);
        json.WriteString("start", process.Start);
        json.WriteString("host", process.Host);
        if (replaces is not null) json.WriteString("replaces", replaces);
    });

    public static byte[] Created(JournalCreate create, MJTask task, DateTimeOffset time) => Line("created", time, json =>
    {
        WriteCreate(json, create);
        WriteTask(json, task.IsEnded() ? EntryStates.OfEnd(task) : EntryState.None, task);
    });

    /// <summary>A create was refused, or, without an error, withdrawn before it was sent.</summary>
    public static byte[] NotCreated(string name, GatewayException? error, DateTimeOffset time) => Line(error is null ? "withdrawn" : "refused", time, json =>
    {
        json.WriteString("ref", name);
        if (error is not null) WriteCause(json, error);
    });

    public static byte[] Unknown(JournalCreate create, GatewayException error, DateTimeOffset time) => Line("unknown", time, json =>
    {
        WriteCreate(json, create);
        WriteCause(json, error);
        if (error.ProbableTaskId is { } id) json.WriteString("taskId", id);
    });

    /// <summary>The end of a task, with the name of its create if it is known: a gateway may give the same id to several.</summary>
    public static byte[] Ended(string baseUri, MJTask task, DateTimeOffset time, string? name = null) => Line("ended", time, json =>
    {
        if (name is not null) json.WriteString("ref", name);
        json.WriteString("baseUri", baseUri);
        WriteTask(json, task.IsEnded() ? EntryStates.OfEnd(task) : EntryState.None, task);
    });

    public static byte[] Gone(string baseUri, string? account, string taskId, DateTimeOffset time, string? name = null) => Line("gone", time, json =>
    {
        if (name is not null) json.WriteString("ref", name);
        json.WriteString("baseUri", baseUri);
        if (account is not null) json.WriteString("account", account);
        json.WriteString("taskId", taskId);
    });

    /// <summary>The only line that compaction keeps of a task that has ended.</summary>
    public static byte[] Compacted(JournalCreate create, MJTask task, EntryState state, DateTimeOffset created, DateTimeOffset ended) => Line("created", created, json =>
    {
        WriteCreate(json, create);
        WriteTime(json, "ended", ended);
        // Without the image links, which expire, and are longer than everything else.
        WriteTask(json, state, task with { Output = [.. task.Output.Select(WithoutLinks).Where(o => o.Content.Length > 0)] });
    });

    private static MJOutput WithoutLinks(MJOutput output) =>
        new() { Content = [.. output.Content.Where(c => c.JobId is not null).Select(c => new MJContent { JobId = c.JobId, ImageNo = c.ImageNo })] };

    private static byte[] Line(string @event, DateTimeOffset time, Action<Utf8JsonWriter> write) => JsonBytes.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("v", Version);
        json.WriteString("event", @event);
        WriteTime(json, "time", time);
        write(json);
        json.WriteEndObject();
    }, isLine: true);

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
        if (task.Error is { } error)
        {
            json.WriteStartObject("error");
            if (error.Code is { } code) json.WriteString("code", code);
            if (error.Message is { } message) json.WriteString("message", message);
            json.WriteEndObject();
        }
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
        if (usage.Currency != Money.Usd) json.WriteString("currency", usage.Currency);
        if (usage.Discount is { } discount) json.WriteString("discount", discount.ToString(CultureInfo.InvariantCulture));
        if (usage.Quantity is { } quantity) json.WriteNumber("quantity", quantity);
        if (usage.UnitPrice is { } price) json.WriteString("unit_price", price.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }
}

/// <summary>What all lines about one create have in common.</summary>
/// <param name="Ref">Its name in the journal: 32 hexadecimal digits.</param>
/// <param name="Work">The hash of the gateway, the model and the parameters.</param>
/// <param name="BaseUri">The gateway.</param>
/// <param name="Account">Null if it is not known.</param>
/// <param name="Model">The model.</param>
/// <param name="Parameters">JSON without the callback; empty if the line is lost.</param>
/// <param name="Source">The origin of the job as JSON; empty if it is not known.</param>
internal sealed record JournalCreate(string Ref, Guid Work, string BaseUri, string? Account, string Model, byte[] Parameters, byte[] Source);
