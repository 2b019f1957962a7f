using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>Makes a task of an answer, whichever of the contract's variations it uses. It never throws for what the wire holds.</summary>
internal static class TaskReader
{
    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    /// <summary>The answer's fields, or false when the body does not begin with a whole JSON object. What only nearly is JSON is repaired as far as it goes.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out WireTask? wire) => TryParse(body, KeyRedactor.None, null, out wire);

    /// <inheritdoc cref="TryParse(ReadOnlyMemory{byte}, out WireTask?)"/>
    /// <param name="body">The body.</param>
    /// <param name="key">Takes the key out of what is shown.</param>
    /// <param name="wanted">The id that was asked for; null when the answer is to tell.</param>
    /// <param name="wire">The fields.</param>
    public static bool TryParse(ReadOnlyMemory<byte> body, KeyRedactor key, string? wanted, [NotNullWhen(true)] out WireTask? wire)
    {
        var json = WireBytes.Repair(body);
        return TryParseWhole(json, key, wanted, out wire) || (json.Length > 0 && TryParseWhole(JsonRepair.Apply(json), key, wanted, out wire));
    }

    /// <summary>The task that <see cref="MJTask.Raw"/> describes, without its origin; null where it describes none, or another than the one of that id.</summary>
    public static MJTask? FromRaw(string raw, string? id = null) =>
        TryParse(Encoding.UTF8.GetBytes(raw), KeyRedactor.None, id, out var wire) && (wire.Ids.Count > 0 && id is not null && wire.Id != id ? null : wire.Id ?? id) is { } known
            ? Read(wire, known) : null;

    private static bool TryParseWhole(ReadOnlyMemory<byte> json, KeyRedactor key, string? wanted, [NotNullWhen(true)] out WireTask? wire)
    {
        wire = null;
        try
        {
            var reader = new Utf8JsonReader(json.Span, Lenient);
            var answer = JsonElement.ParseValue(ref reader);
            // What follows a whole answer is not a part of it.
            if (answer.ValueKind == JsonValueKind.Array) answer = WireTask.InList(answer, wanted, key).FirstOrDefault();
            if (answer.ValueKind == JsonValueKind.Object) wire = new WireTask(answer, json.Slice(0, (int)reader.BytesConsumed), key, wanted);
        }
        catch (JsonException) { }
        return wire is not null;
    }

    /// <summary>Whether the answer speaks of a task at all, rather than being an error or something else in its place. A word alone that would end a task may be about the request.</summary>
    public static bool IsTask(WireTask wire) => wire.Id is not null || (wire["status"].ValueKind == JsonValueKind.String
        && (StatusOf(PlainJson.Text(wire["status"])) is not (MJTaskStatus.Completed or MJTaskStatus.Failed or MJTaskStatus.Cancelled)
            || wire["model"].ValueKind == JsonValueKind.String || wire["output"].ValueKind == JsonValueKind.Array));

    /// <param name="wire">The answer.</param>
    /// <param name="id">The id that was asked for or that the answer gave.</param>
    public static MJTask Read(WireTask wire, string id)
    {
        var rawStatus = Needed(wire["status"] is { ValueKind: JsonValueKind.String or JsonValueKind.Number } word ? word : default, wire.Key);
        var model = Needed(wire["model"], wire.Key);
        var output = Outputs(wire["output"], wire.Key, hasNames: model != ModelNames.Upscale);
        var url = output.SelectMany(o => o.Content).FirstOrDefault(c => c.Url is not null)?.Url;
        var status = StatusOf(rawStatus);
        if (status == MJTaskStatus.Completed && url is null && ErrorReader.ReadClear(wire) is not null) status = MJTaskStatus.Failed;
        return new MJTask
        {
            Id = id,
            Status = status,
            RawStatus = rawStatus,
            Model = model,
            Progress = status == MJTaskStatus.Completed ? 1 : Progress(wire["progress"]),
            CreatedAt = Time(wire["created_at"]),
            JobId = output.SelectMany(o => o.Content).FirstOrDefault(c => c.JobId is not null)?.JobId,
            Output = output,
            Url = url,
            Usage = Usage(wire["usage"], wire.Key),
            Error = status is MJTaskStatus.Failed or MJTaskStatus.Cancelled ? ErrorReader.Read(wire) ?? ReasonOf(rawStatus) : ErrorReader.ReadError(wire),
            Metadata = PlainJson.Fields(wire["metadata"], wire.Key),
            Raw = RawText(wire),
        };
    }

    /// <summary>A word of its own for how a task failed is the reason, where there is no other.</summary>
    private static MJError ReasonOf(string? rawStatus) =>
        ErrorKinds.Describe(null, Letters(rawStatus) is "failed" or "fail" or "failure" or "error" or "cancelled" or "canceled" ? null : rawStatus);

    /// <summary>The status a text stands for, in any letter case and with any separator.</summary>
    public static string StatusOf(string? text) => Letters(text) switch
    {
        "pending" or "queued" or "submitted" or "waiting" => MJTaskStatus.Pending,
        "inprogress" or "processing" or "running" or "started" or "generating" or "rendering" or "moderating" => MJTaskStatus.InProgress,
        "completed" or "complete" or "success" or "succeeded" or "succeed" or "successful" or "finished" or "finish" or "done" => MJTaskStatus.Completed,
        "failed" or "failure" or "fail" or "error" or "errored" or "rejected" or "reject" or "textreject" or "moderated" or "banned" or "refused" or "denied"
            or "badprompt" or "invalidparameter" or "timeout" or "timedout" or "expired" or "aborted" or "abort" or "creditnotenough" => MJTaskStatus.Failed,
        "cancelled" or "canceled" or "cancel" => MJTaskStatus.Cancelled,
        _ => MJTaskStatus.Unknown,
    };

    /// <summary>A text without what is no letter, in lower case.</summary>
    public static string Letters(string? text)
    {
        var letters = new StringBuilder(text?.Length ?? 0);
        foreach (var c in text ?? "")
            if (char.IsLetter(c)) letters.Append(char.ToLowerInvariant(c));
        return letters.ToString();
    }

    private static MJOutput[] Outputs(JsonElement element, KeyRedactor key, bool hasNames)
    {
        if (element.ValueKind != JsonValueKind.Array) return [];
        return element.EnumerateArray().Where(o => o.ValueKind == JsonValueKind.Object).Select(o => new MJOutput
        {
            Content = o.TryGetProperty("content", out var content) ? Contents(content, key, hasNames) : [],
            Additional = PlainJson.Fields(o, key, "content"),
        }).ToArray();
    }

    private static MJContent[] Contents(JsonElement element, KeyRedactor key, bool hasNames)
    {
        if (element.ValueKind != JsonValueKind.Array) return [];
        var places = element.EnumerateArray().ToArray();
        var numbers = ImageNumbering.Of(places, hasNames);
        return places.Select((c, place) => (Content: c, Place: place)).Where(p => p.Content.ValueKind == JsonValueKind.Object).Select(p => new MJContent
        {
            Type = Needed(WireTask.Field(p.Content, "type"), key),
            Url = Needed(WireTask.Field(p.Content, "url"), key),
            JobId = WireId.From(PlainJson.Text(WireTask.Field(p.Content, "jobId")), key),
            ImageNo = numbers[p.Place],
            Additional = PlainJson.Fields(p.Content, key, "type", "url", "jobId"),
        }).ToArray();
    }

    private static MJUsage? Usage(JsonElement element, KeyRedactor key)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        decimal? Amount(string name) => WireTask.Field(element, name) is var field && PlainJson.Text(field) is { } text && key.Redact(text) == text ? PlainJson.Decimal(field) : null;
        return new MJUsage
        {
            Cost = Amount("cost"),
            Discount = Amount("discount"),
            Quantity = Amount("quantity"),
            UnitPrice = Amount("unit_price"),
            Additional = PlainJson.Fields(element, key, "cost", "discount", "quantity", "unit_price"),
        };
    }

    /// <summary>0 to 1; a value above 1 is percent (contract: <c>progress</c>).</summary>
    private static double? Progress(JsonElement element)
    {
        if (PlainJson.Decimal(element) is not { } value) return null;
        if (value > 1) value /= 100;
        return (double)Math.Min(1, Math.Max(0, value));
    }

    /// <summary>Unix seconds, as a number or a text, or ISO 8601 (contract: <c>created_at</c>).</summary>
    private static DateTimeOffset? Time(JsonElement element)
    {
        if (PlainJson.Decimal(element) is { } seconds)
        {
            // Nothing on this wire is as old as 1973 in milliseconds, nor as young as the year 5138 in seconds.
            if (seconds > 100_000_000_000) seconds /= 1000;
            return seconds is > 0 and < 100_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : null;
        }
        return DateTimeOffset.TryParse(PlainJson.Text(element), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    /// <summary>A text that the module or a request goes by.</summary>
    private static string? Needed(JsonElement element, KeyRedactor key) =>
        PlainJson.Text(element) is { Length: > 0 } text ? SafeText.Printable(key.RedactNeeded(text)) : null;

    // JSON escapes most control characters by itself; the printable form of the others is the JSON escape, too.
    private static string RawText(WireTask wire) => SafeText.PrintableLines(Encoding.UTF8.GetString(wire.Key.RedactJson(wire.Body).ToArray()));
}
