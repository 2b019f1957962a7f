namespace MidJourney.Polling;

/// <summary>
/// Whether callbacks make a task's own polls needless. Until a kind of task is known to end, only a sample is polled. Then all are polled, until nearly
/// every end has come with a callback; each end counts when the task's own poll found it or would have found it. From then on a task without a callback
/// is read only once, when most tasks would have ended, and some are read once before. Ends without callbacks, or no callback although many are due,
/// have all tasks polled again. Not thread-safe.
/// </summary>
internal sealed class HintWatch(PollKnowledge knowledge)
{
    /// <summary>Reads of a task after callbacks that found it running; more show that its callbacks tell nothing.</summary>
    public const int MaxFalse = 5;

    /// <summary>A callback comes within about this time after the end.</summary>
    public const double UsualDelay = 0.3;

    /// <summary>A callback may come this long after the read that found the end, or before it.</summary>
    private const double Grace = 1, MaxLead = 3;

    /// <summary>
    /// The first tasks and every fourth are polled although no end is known. If no callback ever comes, 1,000 tasks that were created together are then seen
    /// 0.05 s later on average than by polling alone; with every tenth 0.1 s, and with every second as late, for one more read per task.
    /// </summary>
    private const int FirstSampled = 100, SampledOneIn = 4;

    /// <summary>The wait of the others, should no task of the sample end.</summary>
    private const double LongQuiet = 60;

    /// <summary>The tasks that are read once before most of their kind have ended: they show lost callbacks early.</summary>
    private const double SpotShare = 0.1;

    /// <summary>The chance that no callback comes by chance while as many ends are due is below 1 in 100,000.</summary>
    private const double MaxMissing = 12;

    private const double SilenceInterval = 0.25;

    /// <summary>A task without a callback is read when these shares of its kind have ended; later, it is polled as without callbacks.</summary>
    private static readonly double[] SafetyShares = [0.95, 0.99, 0.998];

    private readonly SortedSet<WaitingTask> _checks = new(Comparer<WaitingTask>.Create((a, b) =>
        a.Hints.CheckAt.CompareTo(b.Hints.CheckAt) is not 0 and var order ? order : a.Number.CompareTo(b.Number)));
    private readonly Dictionary<string, WaitingTask> _unhinted = new(StringComparer.Ordinal);
    private bool _isTrusted;
    private double _lastHint;
    private double _missing;
    private double _missingAt;
    private double _silenceCheck = double.PositiveInfinity;

    /// <summary>When <see cref="Update"/> is due.</summary>
    public double NextCheck => Math.Min(_checks.Min?.Hints.CheckAt ?? double.PositiveInfinity, _silenceCheck);

    /// <summary>Whether an end at this age would be no surprise; a callback at a lower age tells another state.</summary>
    public static bool IsPlausible(TaskKind kind, double age) => kind.Durations.Ends == 0 || age >= kind.Durations.Quantile(0.02) / 2;

    /// <summary>The age until which a task needs no poll; null if it is polled as without callbacks.</summary>
    public double? QuietUntil(WaitingTask task)
    {
        var (durations, hints) = (task.Kind.Durations, task.Hints);
        if (hints.False >= MaxFalse) return null;
        if (durations.Ends == 0)
        {
            var isSampled = task.Number < FirstSampled || task.Number % SampledOneIn == 0;
            return knowledge.HintsCome.IsEarned || (knowledge.HintsCome.IsOpen && !isSampled) ? Math.Max(LongQuiet, 2 * task.SeenAge) : null;
        }
        if (!knowledge.HintsCome.IsEarned || (hints.FalseAge is { } last && IsPlausible(task.Kind, last))) return null;
        var isSpot = task.Jitter < SpotShare;
        if (isSpot && hints.QuietReads == 0 && LaterThanSeen(SafetyShares[0] * task.Jitter / SpotShare) is { } spot) return spot;
        return SafetyShares.Skip(hints.QuietReads - (isSpot ? 1 : 0)).Select(LaterThanSeen).FirstOrDefault(age => age is not null);

        double? LaterThanSeen(double share) => durations.Quantile(share) is var age && age > task.SeenAge ? age : null;
    }

    /// <summary>A callback for a waiting task.</summary>
    public void Hinted(WaitingTask task, double now)
    {
        task.Hints.At = now;
        (_lastHint, _missing) = (now, 0);
    }

    /// <summary>A callback for a task that has ended.</summary>
    public void HintedAfterEnd(string id, double now)
    {
        if (_unhinted.Remove(id)) (_lastHint, _missing) = (now, 0);
    }

    /// <summary>A task has ended. It counts for callbacks when its own poll would have been due, or against them.</summary>
    public void ObserveEnd(WaitingTask task, double now)
    {
        var hints = task.Hints;
        var came = hints.At is { } at && now - at <= MaxLead;
        if (hints.At is not null) knowledge.HintsAreTrue.Check(came);
        if (!came) _unhinted[task.Id] = task;
        hints.CheckAt = came ? Math.Max(hints.Planned, now) : now + Grace;
        _checks.Add(task);
    }

    /// <summary>Counts what is due; true if the waiting tasks must be polled again.</summary>
    public bool Update(DueQueue waiting, double now)
    {
        while (_checks.Min is { } task && task.Hints.CheckAt <= now)
        {
            _checks.Remove(task);
            knowledge.HintsCome.Check(!_unhinted.Remove(task.Id));
        }
        if (_isTrusted && now >= _silenceCheck) CheckSilence(waiting, now);
        var wasTrusted = _isTrusted;
        _isTrusted = knowledge.HintsCome.IsEarned;
        if (!_isTrusted) _silenceCheck = double.PositiveInfinity;
        else if (!wasTrusted) (_missing, _missingAt, _silenceCheck) = (0, now, now + SilenceInterval);
        return wasTrusted && !_isTrusted;
    }

    /// <summary>Nothing is waited for any more: callbacks that came count at once.</summary>
    public void Settle()
    {
        foreach (var task in _checks.Where(t => !_unhinted.ContainsKey(t.Id))) knowledge.HintsCome.Check(true);
        _checks.Clear();
    }

    private void CheckSilence(DueQueue waiting, double now)
    {
        var elapsed = now - Math.Max(_missingAt, _lastHint);
        foreach (var task in waiting.All)
        {
            // That no callback came for it shows that it was running until the last one of any task.
            task.LearnRunning(_lastHint - task.Created - UsualDelay);
            _missing += elapsed * task.Kind.Durations.HazardAt(now - task.Created);
        }
        _missingAt = now;
        _silenceCheck = now + SilenceInterval + waiting.Count * PollPlanner.ReviewCost;
        if (_missing > MaxMissing && now - _lastHint > Grace) knowledge.HintsCome.Reset();
    }
}

/// <summary>What callbacks told of a task. Times are seconds on the poller's clock.</summary>
internal sealed class HintState
{
    /// <summary>The last callback.</summary>
    public double? At { get; set; }

    /// <summary>Further reads after a callback, because reads may lag behind it.</summary>
    public int FollowUps { get; set; }

    /// <summary>Callbacks after which it was still running.</summary>
    public int False { get; set; }

    /// <summary>Its age at the last of them.</summary>
    public double? FalseAge { get; set; }

    /// <summary>Reads although a callback was expected.</summary>
    public int QuietReads { get; set; }

    /// <summary>When its own poll was due before the callback.</summary>
    public double Planned { get; set; }

    /// <summary>When its end counts for or against callbacks.</summary>
    public double CheckAt { get; set; }
}
