using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace MidJourney.Parameters;

/// <summary>Finds a task and its URLs in an object that was one: live, from Clixml, JSON, a job or a CSV row.</summary>
internal static class OutputSeed
{
    private static readonly Regex Address = new(@"https?://[^\s;{}]+");

    /// <summary>The task; null when the object has no id.</summary>
    public static MJTask? From(PSObject source)
    {
        if (source.BaseObject is MJTask live) return live;
        if (source.BaseObject is string or ValueType || TaskSeed.From(source) is not { } task) return null;
        var url = TaskSeed.Text(source, "Url");
        var outputs = Items(source, "Output").ToList();
        var pieces = outputs.SelectMany(o => Items(o, "Content")).ToList();
        var isWhole = pieces.Count > 0 && !outputs.Concat(pieces).Any(IsText);
        // JSON of little depth and CSV make text of the output, or nothing at all. The gateway's own text is a text at any depth.
        var whole = isWhole ? null : TaskSeed.Whole(source);
        if (whole?.Id != task.Id || (url ?? whole?.Url) != whole?.Url) whole = null;
        MJOutput[] output = isWhole ? [.. outputs.Select(o => new MJOutput { Content = [.. Items(o, "Content").Select(ContentOf)] })]
            : AddressesIn([TaskSeed.Text(source, "Output"), .. outputs.Select(o => TaskSeed.Text(o, "Content")), .. outputs.Concat(pieces).Select(p => p.BaseObject as string)], url);
        var status = TaskSeed.Text(source, "Status");
        return task with
        {
            Status = MJTaskStatus.Find(status) ?? whole?.Status ?? (url is null ? MJTaskStatus.Unknown : MJTaskStatus.Completed),
            RawStatus = TaskSeed.Text(source, "RawStatus") ?? status ?? whole?.RawStatus,
            JobId = TaskSeed.Text(source, "JobId") ?? whole?.JobId,
            Url = url ?? whole?.Url,
            Usage = whole?.Usage ?? Cost(TaskSeed.Text(source, "Cost") ?? TaskSeed.Text(PSObject.AsPSObject(TaskSeed.Value(source, "Usage") ?? ""), "Cost")),
            Output = whole?.Output ?? output,
        };
    }

    private static MJUsage? Cost(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var cost) || decimal.TryParse(text, NumberStyles.Float, CultureInfo.CurrentCulture, out cost)
            ? new MJUsage { Cost = cost } : null;

    private static MJContent ContentOf(PSObject source) => new() { Type = TaskSeed.Text(source, "Type"), Url = TaskSeed.Text(source, "Url"), JobId = TaskSeed.Text(source, "JobId"), ImageNo = GivenValue.Whole(TaskSeed.Text(source, "ImageNo")) };

    private static bool IsText(PSObject item) => item.BaseObject is string;

    /// <summary>The addresses in the text that was made of the output; the task's own address where they are not there.</summary>
    private static MJOutput[] AddressesIn(IEnumerable<string?> texts, string? url)
    {
        var urls = texts.SelectMany(t => Address.Matches(t ?? "").Cast<Match>()).Select(m => m.Value.TrimEnd(',')).Distinct().ToList();
        if (url is not null && !urls.Contains(url)) urls = [url];
        return urls.Count == 0 ? [] : [new MJOutput { Content = [.. urls.Select(u => new MJContent { Url = u })] }];
    }

    private static IEnumerable<PSObject> Items(PSObject source, string name) =>
        TaskSeed.Value(source, name) is { } value and not string ? (value is IEnumerable list and not IDictionary ? list.OfType<object>() : [value]).Select(PSObject.AsPSObject) : [];
}
