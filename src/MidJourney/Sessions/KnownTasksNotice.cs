using System.Management.Automation.Runspaces;

namespace MidJourney.Sessions;

/// <summary>
/// The warning that tasks were returned instead of billed again: once per command, but if several runspaces use one session,
/// at most once in ten seconds, with a total.
/// </summary>
internal sealed class KnownTasksNotice
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Guid _home = Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty;
    private readonly object _lock = new();
    private int _known, _records;
    private DateTimeOffset? _first, _last;
    private long? _said;

    /// <summary>Adds what one command returned.</summary>
    /// <returns>The warning to write now; null for none.</returns>
    public string? Add(IReadOnlyCollection<MJTask> known, int records, TimeProvider time)
    {
        var times = known.Select(t => t.CreatedAt).Where(t => t is not null).ToList();
        if (IsHome) return known.Count == 0 ? null : Messages.ReturnedKnown(known.Count, records, times.Min(), times.Max(), time.GetLocalNow());
        lock (_lock)
        {
            _records += records;
            _known += known.Count;
            foreach (var at in times)
            {
                if (_first is null || at < _first) _first = at;
                if (_last is null || at > _last) _last = at;
            }
            if (_known == 0 || (_said is { } said && time.GetElapsedTime(said) < Interval)) return null;
            var text = Messages.ReturnedKnown(_known, _records, _first, _last, time.GetLocalNow());
            (_known, _records, _first, _last, _said) = (0, 0, null, null, time.GetTimestamp());
            return text;
        }
    }

    private bool IsHome => Runspace.DefaultRunspace?.InstanceId == _home;
}
