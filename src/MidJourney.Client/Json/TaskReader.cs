using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MidJourney.Json;

/// <summary>Reads a task from a response in any of the contract's variants. It never throws because of a response's content.</summary>
internal static class TaskReader
{
    public static bool TryParse(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out WireTask? wire) => TryParse(body, KeyRedactor.None, null, out wire);

    /// <summary>Parses a response, and repairs it where it is nearly JSON.</summary>
    /// <returns>False if the body does not begin with a complete JSON object.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> body, KeyRedactor key, string? requestedId, [NotNullWhen(true)] out WireTask? wire)
    {
        var text = JsonText.Decode(body);
        return TryParse(text, key, requestedId, out wire) || TryParse(JsonText.Repair(text), key, requestedId, out wire);
    }

    private static bool TryParse(string text, KeyRedactor key, string? requestedId, [NotNullWhen(true)] out WireTask? wire)
    {
        wire = null;
        try
        {
            var json = Encoding.UTF8.GetBytes(text);
            var reader = new Utf8JsonReader(json, WireTask.Lenient);
            // What follows the first value is ignored.
            var root = JsonElement.ParseValue(ref reader);
            if (root.ValueKind == JsonValueKind.Array) root = WireTask.InList(root, requestedId, key).FirstOrDefault();
            if (root.ValueKind == JsonValueKind.Object) wire = new WireTask(root, json.AsMemory(0, (int)reader.BytesConsumed), key, requestedId);
        }
        catch (JsonException) { }
        return wire is not null;
    }

    /// <summary>The task that <see cref="MJTask.Raw"/> describes, without its origin; null if it describes none, or one with another id.</summary>
    public static MJTask? FromRaw(string raw, string? id = null) =>
        TryParse(Encoding.UTF8.GetBytes(raw), KeyRedactor.None, id, out var wire) && (wire.Ids.Count > 0 && id is not null && wire.Id != id ? null : wire.Id ?? id) is { } known
            ? Read(wire, known) : null;

    /// <summary>
    /// True if the response is about a task, rather than an error or something else. A status alone that would end a task may be about the request.
    /// </summary>
    public static bool IsTask(WireTask wire) => wire.Id is not null || (wire["status"].ValueKind == JsonValueKind.String
        && (StatusOf(PlainJson.Text(wire["status"])) is not (MJTaskStatus.Completed or MJTaskStatus.Failed or MJTaskStatus.Cancelled)
            || wire["model"].ValueKind == JsonValueKind.String || wire["output"].ValueKind == JsonValueKind.Array));

    /// <param name="wire">The response.</param>
    /// <param name="id">The id that was requested, or that the response gave.</param>
    public static MJTask Read(WireTask wire, string id)
    {
        var rawStatus = FunctionalText(wire["status"], wire.Key);
        var model = FunctionalText(wire["model"], wire.Key);
        var output = OutputReader.Read(wire["output"], model, wire.Key);
        var contents = output.SelectMany(o => o.Content).ToArray();
        var url = contents.FirstOrDefault(c => c.Url is not null)?.Url;
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
            JobId = contents.FirstOrDefault(c => c.JobId is not null)?.JobId,
            Output = output,
            Url = url,
            Usage = Usage(wire["usage"], wire.Key),
            Error = status is MJTaskStatus.Failed or MJTaskStatus.Cancelled ? ErrorReader.Read(wire) ?? ReasonOf(rawStatus) : ErrorReader.ReadError(wire),
            Metadata = PlainJson.Fields(wire["metadata"], wire.Key),
            // Characters that JSON does not escape by itself are escaped here; the escape is the same as JSON's.
            Raw = SafeText.PrintableLines(Encoding.UTF8.GetString(wire.Key.RedactJson(wire.Body).ToArray())),
        };
    }

    /// <summary>Text that a request or this module depends on.</summary>
    public static string? FunctionalText(JsonElement element, KeyRedactor key) =>
        PlainJson.Text(element) is { Length: > 0 } text ? SafeText.Printable(key.RedactFunctional(text)) : null;

    /// <summary>The status that a word stands for, in any letter case and with any separator.</summary>
    public static string StatusOf(string? text) => Letters(text) switch
    {
        "pending" or "queued" or "submitted" or "waiting" => MJTaskStatus.Pending,
        "inprogress" or "processing" or "running" or "started" or "generating" or "rendering" or "moderating" => MJTaskStatus.InProgress,
        "completed" or "complete" or "success" or "succeeded" or "succeed" or "successful" or "finished" or "finish" or "done" => MJTaskStatus.Completed,
        "failed" or "failure" or "fail" or "error" or "errored" or "rejected" or "reject" or "textreject" or "moderated" or "banned" or "refused" or "denied"
            or "badprompt" or "invalidparameter" or "invalidpromptparameter" or "msgsensitive" or "imagepromptdenied" or "timeout" or "timedout" or "expired" or "aborted" or "abort" or "creditnotenough" => MJTaskStatus.Failed,
        "cancelled" or "canceled" or "cancel" => MJTaskStatus.Cancelled,
        _ => MJTaskStatus.Unknown,
    };

    /// <summary>The letters of a text, in lower case.</summary>
    public static string Letters(string? text) => string.Concat((text ?? "").Where(char.IsLetter).Select(char.ToLowerInvariant));

    /// <summary>A specific word for how a task failed is the reason if there is no other.</summary>
    private static MJError ReasonOf(string? rawStatus) =>
        ErrorKinds.Describe(null, Letters(rawStatus) is "failed" or "fail" or "failure" or "error" or "cancelled" or "canceled" ? null : rawStatus);

    private static MJUsage? Usage(JsonElement element, KeyRedactor key)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        decimal? Amount(string name) => WireTask.Field(element, name) is var field && PlainJson.Text(field) is { } text && key.Redact(text) == text ? PlainJson.Decimal(field) : null;
        var currency = WirePrice.Currency(WireTask.Field(element, "currency"), key);
        return new MJUsage
        {
            Cost = currency is null ? null : WirePrice.Check(Amount("cost")),
            Currency = currency ?? Money.Usd,
            Discount = Amount("discount"),
            Quantity = Amount("quantity"),
            UnitPrice = Amount("unit_price"),
            Additional = PlainJson.Fields(element, key, "cost", "currency", "discount", "quantity", "unit_price"),
        };
    }

    /// <summary>0 to 1; a value above 1 is a percentage (contract: <c>progress</c>).</summary>
    private static double? Progress(JsonElement element)
    {
        if (PlainJson.Decimal(element) is not { } value) return null;
        if (value > 1) value /= 100;
        return (double)Math.Min(1, Math.Max(0, value));
    }

    /// <summary>Unix seconds, as a number or a string, or ISO 8601 (contract: <c>created_at</c>).</summary>
    private static DateTimeOffset? Time(JsonElement element)
    {
        if (PlainJson.Decimal(element) is { } seconds)
        {
            // Larger numbers are milliseconds: as seconds, they would be after the year 5138.
            if (seconds > 100_000_000_000) seconds /= 1000;
            return seconds is > 0 and < 100_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : null;
        }
        return DateTimeOffset.TryParse(PlainJson.Text(element), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }
}

/// <summary>Reads a task's outputs, and finds out which image of its job each item is (contract: fewer images than asked for).</summary>
internal static class OutputReader
{
    /// <summary>A higher number is not an image number.</summary>
    private const int MaxImageNo = 99;

    /// <summary>A digit at the end of a file name, as in <c>…_0_2.png</c>; a job has four images.</summary>
    private static readonly Regex NumberInFileName = new(@"(?:^|[_-])([0-3])(?:\.[A-Za-z0-9]+)?$", RegexOptions.CultureInvariant);

    public static MJOutput[] Read(JsonElement output, string? model, KeyRedactor key) => [.. Items(output).Where(o => o.ValueKind == JsonValueKind.Object).Select(o => new MJOutput
    {
        // The file names of an upscale may have the number of its source image.
        Content = [.. Contents(o.TryGetProperty("content", out var content) ? content : default, hasNumberedNames: model != ModelNames.Upscale, key)],
        Additional = PlainJson.Fields(o, key, "content"),
    })];

    private static IEnumerable<MJContent> Contents(JsonElement element, bool hasNumberedNames, KeyRedactor key)
    {
        var items = Items(element);
        var numbers = ImageNumbers(items, hasNumberedNames);
        return items.Zip(numbers, (item, number) => (Item: item, Number: number)).Where(i => i.Item.ValueKind == JsonValueKind.Object).Select(i => new MJContent
        {
            Type = TaskReader.FunctionalText(WireTask.Field(i.Item, "type"), key),
            Url = TaskReader.FunctionalText(WireTask.Field(i.Item, "url"), key),
            JobId = WireId.Read(PlainJson.Text(WireTask.Field(i.Item, "jobId")), key),
            ImageNo = i.Number,
            Additional = PlainJson.Fields(i.Item, key, "type", "url", "jobId"),
        });
    }

    /// <summary>A number for each item, empty ones included: its own field, else the one in its file name if every image has a different one, else its position.</summary>
    private static int[] ImageNumbers(JsonElement[] items, bool hasNumberedNames)
    {
        int[] positions = [.. Enumerable.Range(0, items.Length)];
        var fields = Distinct(items.Select(i => NumberIn(i, "imageNo") ?? NumberIn(i, "image_no")));
        var names = hasNumberedNames ? Distinct(items.Select(NumberInName)) : null;
        if (names is not null && positions.Any(p => names[p] is null && UrlOf(items[p]) is not null)) names = null;
        int[] numbers = [.. positions.Select(p => fields?[p] ?? names?[p] ?? p)];
        return numbers.Distinct().Count() == numbers.Length ? numbers : positions;
    }

    /// <summary>The numbers; null if two are equal, because image numbers are not.</summary>
    private static int?[]? Distinct(IEnumerable<int?> numbers)
    {
        int?[] all = [.. numbers];
        return all.OfType<int>().GroupBy(n => n).Any(g => g.Count() > 1) ? null : all;
    }

    private static int? NumberIn(JsonElement item, string name) =>
        int.TryParse(PlainJson.Text(WireTask.Field(item, name)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxImageNo ? number : null;

    private static int? NumberInName(JsonElement item) =>
        UrlOf(item)?.Split('?', '#')[0].Split('/').Last() is { } name && NumberInFileName.Match(name) is { Success: true } match ? match.Groups[1].Value[0] - '0' : null;

    private static string? UrlOf(JsonElement item) => PlainJson.Text(WireTask.Field(item, "url")) is { Length: > 0 } url ? url : null;

    private static JsonElement[] Items(JsonElement list) => list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}
