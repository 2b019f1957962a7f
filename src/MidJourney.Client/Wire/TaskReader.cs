using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MidJourney;

/// <summary>Makes a task of an answer, whichever of the contract's variations it uses. It never throws for what the wire holds.</summary>
internal static class TaskReader
{
    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    /// <summary>The answer's fields, or false when the body is not one JSON object.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out WireTask? wire)
    {
        wire = null;
        try
        {
            var reader = new Utf8JsonReader(WireBytes.Mend(body).Span, Lenient);
            var answer = JsonElement.ParseValue(ref reader);
            // What follows a whole value is as wrong as what breaks one.
            if (answer.ValueKind == JsonValueKind.Object && !reader.Read()) wire = new WireTask(answer);
        }
        catch (JsonException) { }
        return wire is not null;
    }

    /// <summary>The id of the task; null when the answer holds none.</summary>
    public static string? IdOf(WireTask wire) =>
        Whole(wire.Id) ?? Whole(wire.TaskId);

    // What could not be decoded could not be asked for either.
    private static string? Whole(JsonElement id) =>
        PlainJson.Text(id) is { Length: > 0 } text && text.IndexOf('\ufffd') < 0 ? WireId.Shown(text) : null;

    /// <summary>Whether the answer speaks of a task at all, rather than being an error or something else in its place.</summary>
    public static bool IsTask(WireTask wire) => IdOf(wire) is not null || wire.Status.ValueKind == JsonValueKind.String;

    /// <param name="wire">The answer.</param>
    /// <param name="id">The id that was asked for or that the answer gave.</param>
    /// <param name="body">The answer's bytes, kept as text.</param>
    public static MJTask Read(WireTask wire, string id, ReadOnlyMemory<byte> body)
    {
        var rawStatus = Shown(wire.Status);
        var status = StatusOf(rawStatus);
        var output = Outputs(wire.Output);
        var first = output.SelectMany(o => o.Content).FirstOrDefault(c => c.Url is not null);
        return new MJTask
        {
            Id = id,
            Status = status,
            RawStatus = rawStatus,
            Model = Shown(wire.Model),
            Progress = status == MJTaskStatus.Completed ? 1 : Progress(wire.Progress),
            CreatedAt = Time(wire.CreatedAt),
            JobId = output.SelectMany(o => o.Content).FirstOrDefault(c => c.JobId is not null)?.JobId,
            Output = output,
            Url = first?.Url,
            Usage = Usage(wire.Usage),
            Error = status is MJTaskStatus.Failed or MJTaskStatus.Cancelled ? ErrorReader.Read(wire) ?? GatewayCode.Describe(null, null) : ErrorReader.ReadError(wire),
            Metadata = PlainJson.Fields(wire.Metadata),
            Raw = RawText(body),
        };
    }

    /// <summary>The status a text stands for, in any letter case and with any separator.</summary>
    public static string StatusOf(string? text) => Letters(text) switch
    {
        "pending" or "queued" => MJTaskStatus.Pending,
        "inprogress" or "processing" => MJTaskStatus.InProgress,
        "completed" => MJTaskStatus.Completed,
        "failed" => MJTaskStatus.Failed,
        "cancelled" or "canceled" => MJTaskStatus.Cancelled,
        _ => MJTaskStatus.Unknown,
    };

    private static string Letters(string? text)
    {
        var letters = new StringBuilder(text?.Length ?? 0);
        foreach (var c in text ?? "")
            if (char.IsLetter(c)) letters.Append(char.ToLowerInvariant(c));
        return letters.ToString();
    }

    private static MJOutput[] Outputs(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array) return [];
        return element.EnumerateArray().Where(o => o.ValueKind == JsonValueKind.Object).Select(o => new MJOutput
        {
            Content = o.TryGetProperty("content", out var content) ? Contents(content) : [],
            Additional = PlainJson.Fields(o, "content"),
        }).ToArray();
    }

    private static MJContent[] Contents(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array) return [];
        return element.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.Object).Select(c => new MJContent
        {
            Type = Field(c, "type"),
            Url = Field(c, "url"),
            JobId = c.TryGetProperty("jobId", out var job) && PlainJson.Text(job) is { Length: > 0 } jobId ? WireId.Shown(jobId) : null,
            Additional = PlainJson.Fields(c, "type", "url", "jobId"),
        }).ToArray();
    }

    private static MJUsage? Usage(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        decimal? Amount(string name) => element.TryGetProperty(name, out var value) ? PlainJson.Decimal(value) : null;
        return new MJUsage
        {
            Cost = Amount("cost"),
            Discount = Amount("discount"),
            Quantity = Amount("quantity"),
            UnitPrice = Amount("unit_price"),
            Additional = PlainJson.Fields(element, "cost", "discount", "quantity", "unit_price"),
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

    private static string? Field(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Shown(value) : null;

    private static string? Shown(JsonElement element) =>
        PlainJson.Text(element) is { Length: > 0 } text ? WireText.Printable(text) : null;

    // JSON escapes most control characters by itself; the printable form of the others is the JSON escape, too.
    private static string RawText(ReadOnlyMemory<byte> body) => WireText.PrintableLines(Encoding.UTF8.GetString(WireBytes.Mend(body).ToArray()));
}
