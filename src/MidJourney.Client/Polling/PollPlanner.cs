namespace MidJourney.Polling;

/// <summary>
/// Decides when each waiting task is read: from how long similar tasks took, the task's age, its progress once that has
/// proved reliable, and at once after a callback. Times are seconds on the poller's clock. It neither waits nor reads.
/// </summary>
internal sealed class PollPlanner(PollKnowledge knowledge, double minInterval, IGatewayObserver? observer = null)
{
    private const double MinDelay = 0.2;

    /// <summary>The waiting tasks are planned again once the number of observed ends has grown by this share.</summary>
    private const double ReviewGrowth = 0.1;
    private const double ReviewInterval = 0.2;
    private const double EnoughEnds = 10;

    /// <summary>While no end is known, a task is read at most once per this share of its age, or this many seconds: more reads find little more.</summary>
    private const double ExploringShare = 0.12, ExploringWait = 2.3;
    private const double MinWait = 0.2;
    private const double LongWait = 4;
    private const double AlmostDone = 0.95;

    /// <summary>The share of tasks that may end before their first read if progress is believed.</summary>
    private const double EarlyShare = 0.02;

    /// <summary>Reads after a callback that finds its task running come after 0.2, 0.4 and 0.8 s.</summary>
    private const double FirstFollowUp = 0.2;
    private const int MaxFollowUps = 3;

    /// <summary>A generous estimate of the seconds that planning one task takes, so that reviews never become the main work.</summary>
    public const double ReviewCost = 0.00002;

    private readonly DueQueue _queue = new();
    private readonly Dictionary<string, WaitingTask> _byId = new(StringComparer.Ordinal);
    private HintWatch? _watch;
    private double _endsAtLastReview;
    private double _ends;
    private double _lastReview;

    /// <summary>Whether callbacks may tell that a task has ended.</summary>
    public bool ListensForHints
    {
        get => _watch is not null;
        set => _watch = value ? new HintWatch(knowledge) : null;
    }

    public int Count => _queue.Count;

    /// <summary>When the next read is due; null when nothing waits.</summary>
    public double? NextDue => _watch is not null && _queue.Count > 0 ? Math.Min(_queue.NextDue ?? double.PositiveInfinity, _watch.NextCheck) : _queue.NextDue;

    /// <summary>When the next task times out; null when none does.</summary>
    public double? NextDeadline => _queue.NextDeadline;

    /// <summary>Removes a task that has timed out.</summary>
    public WaitingTask? TakeExpired(double now) => _queue.TakeExpired(now);

    /// <summary>Adds a task. A bare id is read at once, because it may have ended long ago.</summary>
    public void Add(WaitingTask task, double now)
    {
        _byId[task.Id] = task;
        lock (knowledge.Lock) Enqueue(task, task.IsAgeKnown ? Math.Max(ReadAt(task), now) : now);
        Trace(task, now);
    }

    /// <summary>
    /// A task may have ended: it is read at once. A read that is due for a reason of its own keeps its time, because a fault may have asked for a pause.
    /// </summary>
    public void Hint(string id, double now)
    {
        if (!_byId.TryGetValue(id, out var task))
        {
            _watch?.HintedAfterEnd(id, now);
            return;
        }
        _watch?.Hinted(task, now);
        if (task.Hints.False >= HintWatch.MaxFalse) return;
        if (!task.IsQueued) task.IsHintedDuringRead = true;
        else if (!task.IsFixed || (task.Reason == PlanReason.Hinted && task.Due > now))
        {
            if (!task.IsFixed) task.Hints.Planned = task.Due;
            _queue.Remove(task);
            EnqueueHinted(task, now);
            Trace(task, now);
        }
    }

    /// <summary>The wait for the task has ended, for whatever reason.</summary>
    public void Forget(WaitingTask task) => _byId.Remove(task.Id);

    /// <summary>The wait for all tasks has ended.</summary>
    public void End()
    {
        lock (knowledge.Lock) _watch?.Settle();
    }

    private void EnqueueHinted(WaitingTask task, double due)
    {
        task.IsFixed = true;
        task.Reason = PlanReason.Hinted;
        _queue.Add(task, due);
    }

    /// <summary>Schedules a task after a wait that is not the planner's choice.</summary>
    public void Reschedule(WaitingTask task, double now, double wait)
    {
        task.IsFixed = true;
        task.Reason = PlanReason.Fixed;
        Enqueue(task, now + Math.Max(wait, minInterval));
        Trace(task, now);
    }

    /// <summary>Removes a task that is due, unless newer knowledge says that it is too early.</summary>
    public WaitingTask? TakeDue(double now)
    {
        UpdateWatch(now);
        while (_queue.TakeDue(now) is { } task)
        {
            if (now < task.Deadline && !task.IsFixed && task.IsAgeKnown)
            {
                double wanted;
                lock (knowledge.Lock) wanted = ReadAt(task);
                if (wanted > now + MinDelay)
                {
                    Enqueue(task, wanted);
                    Trace(task, now);
                    continue;
                }
            }
            task.IsHintedDuringRead = false;
            if (task.Reason == PlanReason.Quiet) task.Hints.QuietReads++;
            return task;
        }
        return null;
    }

    /// <summary>A task was read and is still running.</summary>
    public void ObserveRunning(WaitingTask task, double? progress, double now)
    {
        var wasHinted = task.Reason == PlanReason.Hinted;
        task.IsFixed = false;
        task.NotBefore = now + minInterval;
        lock (knowledge.Lock)
        {
            Learn(task, progress, now);
            // Every read after a callback counts, also if another came meanwhile: a stream of callbacks must not become a stream of reads.
            var wait = wasHinted ? FollowUp(task, now) : null;
            if (wait is not null) EnqueueHinted(task, now + wait.Value);
            else if (task.IsHintedDuringRead && task.Hints.False < HintWatch.MaxFalse) EnqueueHinted(task, now);
            else Enqueue(task, Math.Max(ReadAt(task), now));
        }
        Trace(task, now);
        Review(now);
    }

    /// <summary>The wait until a task is read once more after a callback, because a read may lag behind it; null if it is not.</summary>
    private double? FollowUp(WaitingTask task, double now)
    {
        var (age, truth, hints, isEndKnown) = (now - task.Created, knowledge.HintsAreTrue, task.Hints, task.Kind.Durations.Ends > 0);
        var isPlausible = HintWatch.IsPlausible(task.Kind, age);
        if (isPlausible && hints.FollowUps < MaxFollowUps && (truth.IsEarned || (truth.IsOpen && (isEndKnown || hints.False == 0))))
            return FirstFollowUp * (1 << hints.FollowUps++);
        if (isPlausible && isEndKnown) truth.Check(false);
        hints.False++;
        hints.FalseAge = age;
        hints.FollowUps = 0;
        return null;
    }

    /// <summary>A task was read and has ended.</summary>
    public void ObserveEnd(WaitingTask task, double now)
    {
        var age = now - task.Created;
        var wasHinted = task.Reason == PlanReason.Hinted;
        lock (knowledge.Lock)
        {
            // A callback tells the end to the moment.
            if (wasHinted) task.LearnRunning(age - HintWatch.UsualDelay);
            // A task that was not polled has hardly ended before the first of its kind.
            else if (_watch is not null) task.LearnRunning(Math.Min(age, task.Kind.Durations.Earliest * 0.8));
            task.LearnEnd(age);
            if (task.PredictedProgress(age) is { } predicted && (predicted < AlmostDone || task.IsNews(predicted))) task.Kind.Progress.Check(predicted >= AlmostDone);
            _watch?.ObserveEnd(task, now);
        }
        _byId.Remove(task.Id);
        _ends++;
        UpdateWatch(now);
        Review(now);
    }

    private static void Learn(WaitingTask task, double? progress, double now)
    {
        var age = now - task.Created;
        task.LearnRunning(age);
        if (progress is { } reported && task.PredictedProgress(age) is { } predicted && (task.IsNews(predicted) || task.IsNews(reported)))
            task.Kind.Progress.Check(task.Agrees(predicted, reported));
        task.RecordRunning(age, progress);
    }

    private double ReadAt(WaitingTask task)
    {
        if (_watch?.QuietUntil(task) is { } age)
        {
            task.Reason = PlanReason.Quiet;
            return task.Created + age;
        }
        var trust = task.Kind.Progress;
        var predicted = trust.IsEarned || trust.IsOpen ? TimeToPredictedEnd(task) : null;
        var wait = predicted is null || !trust.IsEarned ? TimeToLikelyEnd(task) : predicted.Value;
        // Progress that is not yet proved reliable may only bring a read forward.
        if (predicted <= wait) task.Reason = PlanReason.Progress;
        return task.Created + task.SeenAge + (predicted < wait ? predicted.Value : wait);
    }

    private static double? TimeToPredictedEnd(WaitingTask task)
    {
        if (task.PredictedEnd() is not { } end) return null;
        var left = end - task.SeenAge;
        // A read on the way shows whether the progress continues as predicted.
        return left > LongWait ? Math.Min(DurationModel.MaxGap, left * 0.6) : Math.Max(MinWait, left + Math.Max(0.1, 0.03 * left));
    }

    private static double TimeToLikelyEnd(WaitingTask task)
    {
        var durations = task.Kind.Durations;
        var isInformed = durations.Ends >= EnoughEnds && durations.Horizon >= task.SeenAge * DurationModel.AheadOfAge;
        task.Reason = isInformed ? PlanReason.Learned : PlanReason.Exploring;
        var wait = durations.NextAge(task.SeenAge) - task.SeenAge;
        // Progress that is believed needs a first report before the first tasks end.
        if (task.Reads == 0 && task.Kind.Progress.IsEarned) wait = Math.Min(wait, Math.Max(0, durations.Quantile(EarlyShare) - task.SeenAge));
        if (durations.Ends == 0) wait = Math.Max(wait, Math.Min(ExploringWait, ExploringShare * task.SeenAge));
        // While little is known, tasks of the same age are read at different times, so that some inform about the rest.
        var (min, max) = !isInformed ? (task.SeenAge == 0 ? 0.4 : 0.8, 1.1) : (0.97, 1.03);
        return Math.Max(MinWait, wait * (min + (max - min) * task.Jitter));
    }

    private void Enqueue(WaitingTask task, double due) => _queue.Add(task, Bounded(task, due));

    private void Trace(WaitingTask task, double now)
    {
        if (observer is { WantsDetails: true }) observer.Detail(ClientMessages.ReadPlanned(task.Id, now - task.Created, task.Due - now, ReasonOf(task)));
    }

    private static string ReasonOf(WaitingTask task) => task.Reason switch
    {
        PlanReason.UnknownAge => "its age is unknown",
        PlanReason.Exploring => FormattableString.Invariant($"typical duration not yet known; completed tasks seen: {task.Kind.Durations.Ends:0}"),
        PlanReason.Learned => FormattableString.Invariant($"typical duration, from {task.Kind.Durations.Ends:0} completed tasks"),
        PlanReason.Progress => "predicted from its progress",
        PlanReason.Hinted => "a callback came",
        PlanReason.Quiet => "a callback is expected",
        _ => "retry after a fault, or waiting for its URL",
    };

    private static double Bounded(WaitingTask task, double due) => Math.Min(Math.Max(due, task.NotBefore), task.Deadline);

    private void UpdateWatch(double now)
    {
        if (_watch is null) return;
        lock (knowledge.Lock)
        {
            if (_watch.Update(_queue, now)) Replan(now);
        }
    }

    private void Replan(double now) => _queue.Replan(task => task.IsFixed ? task.Due : Bounded(task, Math.Max(Math.Min(task.Due, ReadAt(task)), now)));

    /// <summary>Once enough is learned, plans the waiting tasks again: some may be due earlier.</summary>
    private void Review(double now)
    {
        if (_ends - _endsAtLastReview < 1 + ReviewGrowth * _endsAtLastReview || now - _lastReview < ReviewInterval + _queue.Count * ReviewCost) return;
        _endsAtLastReview = _ends;
        _lastReview = now;
        lock (knowledge.Lock) Replan(now);
        if (observer is { WantsDetails: true } && _queue.Count > 0) observer.Detail(ClientMessages.ReadsReplanned(_queue.Count, _ends));
    }
}

/// <summary>Waiting tasks by due time and by deadline; each operation costs O(log n).</summary>
internal sealed class DueQueue
{
    private readonly SortedSet<WaitingTask> _byDue = SortedBy(t => t.Due);
    private readonly SortedSet<WaitingTask> _byDeadline = SortedBy(t => t.Deadline);

    public int Count => _byDue.Count;

    public IEnumerable<WaitingTask> All => _byDue;

    public double? NextDue => _byDue.Min?.Due;

    public double? NextDeadline => _byDeadline.Min?.Deadline;

    public void Add(WaitingTask task, double due)
    {
        task.Due = due;
        task.IsQueued = true;
        _byDue.Add(task);
        if (!double.IsPositiveInfinity(task.Deadline)) _byDeadline.Add(task);
    }

    /// <summary>The next one, if it is due.</summary>
    public WaitingTask? TakeDue(double now) => _byDue.Min is { } task && task.Due <= now ? Take(task) : null;

    /// <summary>The next one whose deadline is over.</summary>
    public WaitingTask? TakeExpired(double now) => _byDeadline.Min is { } task && task.Deadline <= now ? Take(task) : null;

    /// <summary>Gives every task a new time.</summary>
    public void Replan(Func<WaitingTask, double> plan)
    {
        var all = _byDue.ToArray();
        _byDue.Clear();
        foreach (var task in all)
        {
            task.Due = plan(task);
            _byDue.Add(task);
        }
    }

    public void Remove(WaitingTask task)
    {
        _byDue.Remove(task);
        _byDeadline.Remove(task);
        task.IsQueued = false;
    }

    private WaitingTask Take(WaitingTask task)
    {
        Remove(task);
        return task;
    }

    private static SortedSet<WaitingTask> SortedBy(Func<WaitingTask, double> key) => new(Comparer<WaitingTask>.Create((a, b) =>
        key(a).CompareTo(key(b)) is not 0 and var order ? order : a.Number.CompareTo(b.Number)));
}

/// <summary>Why a task is read when it is.</summary>
internal enum PlanReason
{
    /// <summary>Its age is unknown, so it may have ended long ago.</summary>
    UnknownAge,

    /// <summary>Too few similar tasks have ended.</summary>
    Exploring,

    /// <summary>From the durations of similar tasks.</summary>
    Learned,

    /// <summary>From its reported progress.</summary>
    Progress,

    /// <summary>A callback may tell that it has ended.</summary>
    Hinted,

    /// <summary>A callback is expected to tell its end.</summary>
    Quiet,

    /// <summary>A read failed, or it has completed without its URL.</summary>
    Fixed,
}
