using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MidJourney.Json;

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
