using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace MidJourney;

/// <summary>Finds a task and its URLs in an object that was one: live, from Clixml, JSON, a job or a CSV row.</summary>
internal static class OutputSeed
{
    /// <summary>The task; null when the object has no id.</summary>
    public static MJTask? From(PSObject source)
    {
        if (source.BaseObject is MJTask live) return live;
        if (source.BaseObject is string or ValueType || TaskSeed.From(source) is not { } task) return null;
        MJOutput[] output = [.. Items(source, "Output").Select(o => new MJOutput { Content = [.. Items(o, "Content").Select(ContentOf)] }).Where(o => o.Content.Length > 0)];
        var url = TaskSeed.Text(source, "Url");
        var whole = output.Length == 0 && url is not null ? TaskSeed.Whole(source) : null;
        if (whole?.Url != url) whole = null;
        if (output.Length == 0 && url is not null) output = [new MJOutput { Content = [new MJContent { Url = url }] }];
        var status = TaskSeed.Text(source, "Status");
        return task with
        {
            // In JSON a status is its number.
            Status = Enum.TryParse<MJTaskStatus>(status, ignoreCase: true, out var known) ? known : url is null ? MJTaskStatus.Unknown : MJTaskStatus.Completed,
            RawStatus = TaskSeed.Text(source, "RawStatus") ?? status,
            JobId = TaskSeed.Text(source, "JobId"),
            Url = url,
            Usage = whole?.Usage ?? Cost(TaskSeed.Text(source, "Cost") ?? TaskSeed.Text(PSObject.AsPSObject(TaskSeed.Value(source, "Usage") ?? ""), "Cost")),
            Output = whole?.Output ?? output,
        };
    }

    private static MJUsage? Cost(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var cost) || decimal.TryParse(text, NumberStyles.Float, CultureInfo.CurrentCulture, out cost)
            ? new MJUsage { Cost = cost } : null;

    private static MJContent ContentOf(PSObject source) => new() { Type = TaskSeed.Text(source, "Type"), Url = TaskSeed.Text(source, "Url"), JobId = TaskSeed.Text(source, "JobId"), ImageNo = GivenValue.Whole(TaskSeed.Text(source, "ImageNo")) };

    private static IEnumerable<PSObject> Items(PSObject source, string name) =>
        TaskSeed.Value(source, name) is { } value and not string ? (value is IEnumerable list and not IDictionary ? list.Cast<object>() : [value]).Select(PSObject.AsPSObject) : [];
}
