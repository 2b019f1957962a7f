using System.Globalization;
using System.Text.RegularExpressions;

namespace MidJourney.Gallery;

/// <summary>What a number of tasks sum up to. Costs in different currencies are never added.</summary>
internal sealed class GalleryTotals
{
    private readonly List<GalleryTask> _tasks;

    public GalleryTotals(IEnumerable<GalleryTask> tasks)
    {
        _tasks = [.. tasks];
        Costs = [.. _tasks.Where(t => t.Cost is not null).GroupBy(t => t.Currency ?? Money.Usd, t => t.Cost!.Value).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Sum(), c.Key))];
        Latest = _tasks.Max(t => t.CreatedAt);
    }

    public IReadOnlyList<(decimal Cost, string Currency)> Costs { get; }

    public DateTimeOffset? Latest { get; }

    public IEnumerable<string> States => _tasks.Select(t => t.Status).Distinct().OrderBy(s => s, StringComparer.Ordinal);

    public IEnumerable<string> Models => _tasks.Select(t => t.Model).OfType<string>().Distinct().OrderBy(m => m, StringComparer.Ordinal);

    public static GalleryTotals Of(GalleryGroup group) => new(Tasks(group));

    /// <summary>All tasks of a group.</summary>
    public static IEnumerable<GalleryTask> Tasks(GalleryGroup group)
    {
        var open = new Stack<GalleryTask>(group.Tasks);
        while (open.Count > 0)
        {
            var task = open.Pop();
            yield return task;
            foreach (var made in task.Images.SelectMany(i => i.Made)) open.Push(made);
        }
    }

    public string Facts()
    {
        List<string> facts = [Messages.Count(_tasks.Count, "task"), Messages.Count(_tasks.Sum(t => t.Images.Count), "image")];
        facts.AddRange(_tasks.Where(t => t.Status != MJTaskStatus.Completed).GroupBy(t => t.Status).OrderBy(s => s.Key, StringComparer.Ordinal)
            .Select(s => FormattableString.Invariant($"{s.Count()} {StateText(s.Key).ToLowerInvariant()}")));
        facts.AddRange(Costs.Select(c => Money.Text(c.Cost, c.Currency)));
        var unpriced = _tasks.Count(t => t is { Cost: null, Status: MJTaskStatus.Completed });
        if (unpriced > 0) facts.Add($"cost of {Messages.Count(unpriced, "task")} unknown");
        return string.Concat(facts.Select(f => $"<span>{Html.Encode(f)}</span>"));
    }

    /// <summary>The words of a name in <see cref="MJTaskStatus"/>: <c>In progress</c>.</summary>
    public static string StateText(string status) => Regex.Replace(status, "(?<=[a-z])[A-Z]", m => " " + m.Value.ToLower(CultureInfo.InvariantCulture));
}
