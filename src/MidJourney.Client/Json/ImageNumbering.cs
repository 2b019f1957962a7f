using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MidJourney.Json;

/// <summary>Which image of its job each piece of an output is (contract: fewer images than asked for).</summary>
internal static class ImageNumbering
{
    /// <summary>A digit at the end of a file name, as in <c>…_0_2.png</c>; a job has four images.</summary>
    private static readonly Regex AtEnd = new(@"(?:^|[_-])([0-3])(?:\.[A-Za-z0-9]+)?$", RegexOptions.CultureInvariant);

    /// <summary>A greater number is that of something else.</summary>
    private const int Most = 100;

    /// <param name="places">The list, with what is empty in it.</param>
    /// <param name="hasNames">Whether file names may tell the number: an upscale's may tell that of its source instead.</param>
    /// <returns>A number for each place: what the content says, else what the file name does if every image has a different one, else the place.</returns>
    public static int[] Of(JsonElement[] places, bool hasNames)
    {
        var told = Distinct(places.Select(Told));
        var named = hasNames ? Distinct(places.Select(Named)) : null;
        var isNamed = named is not null && Enumerable.Range(0, places.Length).All(i => named[i] is not null || UrlOf(places[i]) is null);
        int[] numbers = [.. places.Select((_, place) => told?[place] ?? (isNamed ? named![place] : null) ?? place)];
        return numbers.Distinct().Count() == numbers.Length ? numbers : [.. Enumerable.Range(0, places.Length)];
    }

    /// <summary>The numbers; null when two are the same, so that they cannot be image numbers.</summary>
    private static int?[]? Distinct(IEnumerable<int?> numbers)
    {
        var all = numbers.ToArray();
        return all.Where(n => n is not null).GroupBy(n => n).Any(g => g.Count() > 1) ? null : all;
    }

    private static int? Told(JsonElement content) => Number(content, "imageNo") ?? Number(content, "image_no");

    private static int? Number(JsonElement content, string name) =>
        int.TryParse(PlainJson.Text(WireTask.Field(content, name)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Most ? number : null;

    private static int? Named(JsonElement content) =>
        UrlOf(content) is { } url && AtEnd.Match(FileNameOf(url)) is { Success: true } match ? match.Groups[1].Value[0] - '0' : null;

    private static string FileNameOf(string url)
    {
        var end = url.IndexOfAny(['?', '#']);
        var path = end < 0 ? url : url.Substring(0, end);
        return path.Substring(path.LastIndexOf('/') + 1);
    }

    private static string? UrlOf(JsonElement content) => PlainJson.Text(WireTask.Field(content, "url")) is { Length: > 0 } url ? url : null;
}
