using System.Globalization;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>A page of what was billed, by model, for the tasks made from the start up to, not including, the end.</summary>
internal sealed record Bill(DateTimeOffset Start, DateTimeOffset End, string? ModelGroup, int Page, int PageSize)
{
    private const string Day = "yyyy-MM-dd";

    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];

    /// <summary>Reads the query. Without an end it is open, without a start it is the seven days before the end, or before now.</summary>
    /// <exception cref="FormatException">A parameter is invalid.</exception>
    public static Bill Parse(IQueryCollection query, DateTimeOffset now)
    {
        var end = Time(query, "end", isEnd: true);
        var start = Time(query, "start", isEnd: false) ?? (end ?? now) - TimeSpan.FromDays(7);
        if (start > end)
            throw new FormatException("start must not be after end");
        var (page, pageSize) = (Whole(query, "page", 1, int.MaxValue), Whole(query, "page_size", 20, 100));
        return new Bill(start, end ?? DateTimeOffset.MaxValue, Text(query, "model_group"), page, pageSize);
    }

    public JsonObject Of(IEnumerable<EmulatedTask> tasks, string currency)
    {
        var billed = tasks.Where(task => Bills(task) && task.Currency == currency).ToArray();
        var groups = billed.GroupBy(task => task.Model).OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
        var summary = Sum(billed);
        summary["currency"] = currency;
        var page = groups.Skip((int)Math.Min((Page - 1L) * PageSize, int.MaxValue)).Take(PageSize).Select(Item);
        var items = new JsonObject
        {
            ["items"] = new JsonArray([.. page]),
            ["total"] = groups.Length,
            ["page"] = Page,
            ["page_size"] = PageSize,
            ["total_pages"] = (groups.Length + PageSize - 1) / PageSize,
        };
        return new JsonObject { ["code"] = 0, ["message"] = "success", ["data"] = new JsonObject { ["summary"] = summary, ["items"] = items } };
    }

    private bool Bills(EmulatedTask task) =>
        task.IsBilled && task.CreatedAt >= Start && task.CreatedAt < End && (ModelGroup ?? task.Model) == task.Model;

    private static JsonObject Item(IGrouping<string, EmulatedTask> group)
    {
        var item = Sum([.. group]);
        item["provider"] = "midjourney";
        item["model_group"] = group.Key;
        item["discount_rate"] = 1;
        return item;
    }

    private static JsonObject Sum(EmulatedTask[] tasks)
    {
        string cost = tasks.Sum(task => task.Cost).ToString(CultureInfo.InvariantCulture);
        return new JsonObject { ["total_requests"] = tasks.Length, ["total_cost"] = cost, ["discount_total_cost"] = cost };
    }

    private static DateTimeOffset? Time(IQueryCollection query, string name, bool isEnd)
    {
        if (Text(query, name) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (DateTimeOffset.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        return DateTimeOffset.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            ? day.AddDays(isEnd ? 1 : 0)
            : throw new FormatException($"{name} must be an RFC 3339 time, a date, or Unix seconds");
    }

    private static int Whole(IQueryCollection query, string name, int otherwise, int max)
    {
        if (Text(query, name) is not { } text)
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= max
            ? number
            : throw new FormatException($"{name} must be a whole number from 1 to {max}");
    }

    private static string? Text(IQueryCollection query, string name) => $"{query[name]}" is { Length: > 0 } text ? text : null;
}
