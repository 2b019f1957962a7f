namespace MidJourney.Polling;

/// <summary>
/// Decides when each waiting task is read, from what is known: how long such tasks took so far, the task's age, and its
/// progress while that has proved believable. Times are seconds on the poller's clock. Does no waiting and no reading.
/// </summary>
internal sealed class PollPlanner(PollKnowledge knowledge, double minInterval, IGatewayObserver? observer = null)
{
    /// <summary>Not worth putting a read off for less.</summary>
    private const double WorthPuttingOff = 0.2;

    /// <summary>Ends that are seen move the other tasks' reads once there are so many more of them.</summary>
    private const double NewsShare = 0.1;
    private const double NewsInterval = 0.2;
    private const double EnoughEnds = 10;
    private const double AheadOfAge = 1.2;
    private const double LeastWait = 0.2;
    private const double WorthALook = 4;
    private const double AlmostDone = 0.95;
    private const double LeastInterval = 0.001;

    /// <summary>Seconds that planning one task anew may take, many times over: reviews never become the main work.</summary>
    private const double ReviewCost = 0.00002;

    private readonly DueQueue _queue = new();
    private double _endsAtLastReview;
    private double _ends;
    private double _lastReview;

    public int Count => _queue.Count;

    /// <summary>When there is something to do next; null when nothing waits.</summary>
    public double? NextDue => _queue.NextDue;

    /// <summary>When the next task is given up; null when none ever is.</summary>
    public double? NextDeadline => _queue.NextDeadline;

    /// <summary>Takes out a task whose deadline is over.</summary>
    public WaitingTask? TakeExpired(double now) => _queue.TakeExpired(now);

    /// <summary>Takes in a task; of a bare id nothing is known, so it may have ended long ago and is read at once.</summary>
    public void Add(WaitingTask task, double now)
    {
        lock (knowledge.Lock) Enqueue(task, task.IsAgeKnown ? Math.Max(WantedRead(task), now) : now);
        Tell(task, now);
    }

    /// <summary>Puts a task back at a time that is not the planner's choice.</summary>
    public void PutBack(WaitingTask task, double now, double wait)
    {
        task.IsFixed = true;
        task.Reason = PlanReason.Fixed;
        Enqueue(task, now + Math.Max(wait, minInterval));
        Tell(task, now);
    }

    /// <summary>Takes out a task that is due; what was learned meanwhile may have put it off.</summary>
    public WaitingTask? TakeDue(double now)
    {
        while (_queue.TakeDue(now) is { } task)
        {
            if (now >= task.Deadline || task.IsFixed || !task.IsAgeKnown) return task;
            double wanted;
            lock (knowledge.Lock) wanted = WantedRead(task);
            if (wanted <= now + WorthPuttingOff) return task;
            Enqueue(task, wanted);
            Tell(task, now);
        }
        return null;
    }

    /// <summary>A task was read and is still running.</summary>
    public void SeenRunning(WaitingTask task, double? progress, double now)
    {
        task.IsFixed = false;
        task.NotBefore = now + minInterval;
        lock (knowledge.Lock)
        {
            Learn(task, progress, now);
            Enqueue(task, Math.Max(WantedRead(task), now));
        }
        Tell(task, now);
        Review(now);
    }

    /// <summary>A task was read and has ended.</summary>
    public void SeenEnded(WaitingTask task, double now)
    {
        var age = now - task.Born;
        lock (knowledge.Lock)
        {
            if (task.IsAgeKnown) task.Kind.Durations.SeenEnded(task.SeenAge, Math.Max(task.SeenAge + LeastInterval, age));
            if (task.ForetoldProgress(age) is { } foretold) task.Kind.Trust.Check(foretold >= AlmostDone);
        }
        _ends++;
        Review(now);
    }

    private static void Learn(WaitingTask task, double? progress, double now)
    {
        var age = now - task.Born;
        if (task.IsAgeKnown && age > task.SeenAge) task.Kind.Durations.SeenRunning(task.SeenAge, age);
        if (progress is { } told && task.ForetoldProgress(age) is { } foretold) task.Kind.Trust.Check(task.Agrees(foretold, told));
        task.NoteRunning(age, progress);
    }

    private static double WantedRead(WaitingTask task)
    {
        var trust = task.Kind.Trust;
        var foretold = trust.IsEarned || trust.IsOpen ? TimeToForetoldEnd(task) : null;
        var wait = foretold is null || !trust.IsEarned ? TimeToLikelyEnd(task) : foretold.Value;
        // Progress that has yet to prove itself may bring a read forward, never put it off.
        if (foretold <= wait) task.Reason = PlanReason.Foretold;
        return task.Born + task.SeenAge + (foretold < wait ? foretold.Value : wait);
    }

    private static double? TimeToForetoldEnd(WaitingTask task)
    {
        if (task.ForetoldEnd() is not { } end) return null;
        var left = end - task.SeenAge;
        // A look on the way tells whether the progress is still what it seemed.
        return left > WorthALook ? Math.Min(PollPolicy.Informed.QuietCap, left * 0.6) : Math.Max(LeastWait, left + Math.Max(0.1, 0.03 * left));
    }

    private static double TimeToLikelyEnd(WaitingTask task)
    {
        var durations = task.Kind.Durations;
        var isInformed = durations.Ends >= EnoughEnds && durations.Horizon >= task.SeenAge * AheadOfAge;
        task.Reason = isInformed ? PlanReason.Learned : PlanReason.Exploring;
        var policy = isInformed ? PollPolicy.Informed : PollPolicy.Exploring;
        var wait = durations.NextAge(task.SeenAge, policy.After(task.SeenAge, task.Reads)) - task.SeenAge;
        // While little is known, tasks that were made together are not read together, so that some tell about the rest.
        var (least, most) = !isInformed ? (task.SeenAge == 0 ? 0.4 : 0.8, 1.1) : (0.97, 1.03);
        return Math.Max(LeastWait, wait * (least + (most - least) * task.Spread));
    }

    private void Enqueue(WaitingTask task, double due) => _queue.Add(task, Bounded(task, due));

    private void Tell(WaitingTask task, double now)
    {
        if (observer is { WantsDetails: true }) observer.Detail(ClientMessages.Planned(task.Id, now - task.Born, task.Due - now, ReasonOf(task)));
    }

    private static string ReasonOf(WaitingTask task) => task.Reason switch
    {
        PlanReason.UnknownAge => "its age is not known",
        PlanReason.Exploring => FormattableString.Invariant($"little is known of such tasks; ends seen: {task.Kind.Durations.Ends:0}"),
        PlanReason.Learned => FormattableString.Invariant($"so long such tasks took; ends seen: {task.Kind.Durations.Ends:0}"),
        PlanReason.Foretold => "by its progress",
        _ => "after a fault, or for its URL",
    };

    private static double Bounded(WaitingTask task, double due) => Math.Min(Math.Max(due, task.NotBefore), task.Deadline);

    /// <summary>When enough was learned, the tasks that wait are planned anew: some may be due earlier than was thought.</summary>
    private void Review(double now)
    {
        if (_ends - _endsAtLastReview < 1 + NewsShare * _endsAtLastReview || now - _lastReview < NewsInterval + _queue.Count * ReviewCost) return;
        _endsAtLastReview = _ends;
        _lastReview = now;
        lock (knowledge.Lock)
            _queue.Replan(task => task.IsFixed ? task.Due : Bounded(task, Math.Max(Math.Min(task.Due, WantedRead(task)), now)));
        if (observer is { WantsDetails: true } && _queue.Count > 0) observer.Detail(ClientMessages.Replanned(_queue.Count, _ends));
    }
}

/// <summary>Waiting tasks by when they are due and by when they are given up; adding and taking cost O(log n).</summary>
internal sealed class DueQueue
{
    private readonly SortedSet<WaitingTask> _byDue = SortedBy(t => t.Due);
    private readonly SortedSet<WaitingTask> _byDeadline = SortedBy(t => t.Deadline);

    public int Count => _byDue.Count;

    /// <summary>When the next one is due; null when there is none.</summary>
    public double? NextDue => _byDue.Min?.Due;

    /// <summary>When the next one is given up; null when none ever is.</summary>
    public double? NextDeadline => _byDeadline.Min?.Deadline;

    public void Add(WaitingTask task, double due)
    {
        task.Due = due;
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

    private WaitingTask Take(WaitingTask task)
    {
        _byDue.Remove(task);
        _byDeadline.Remove(task);
        return task;
    }

    private static SortedSet<WaitingTask> SortedBy(Func<WaitingTask, double> key) => new(Comparer<WaitingTask>.Create((a, b) =>
        key(a).CompareTo(key(b)) is not 0 and var order ? order : a.Number.CompareTo(b.Number)));
}

/// <summary>How eagerly to read. All in seconds but the chance.</summary>
/// <param name="Budget">The delay between an end and its being seen that is put up with, on average, before a read.</param>
/// <param name="Cap">The longest time between two reads while ends are likely.</param>
/// <param name="QuietCap">The longest time between two reads at all.</param>
/// <param name="QuietChance">How likely an end may be for the longer cap to hold.</param>
internal readonly record struct PollPolicy(double Budget, double Cap, double QuietCap, double QuietChance)
{
    /// <summary>A little less than the 3 s of the published clients, against which reads are saved.</summary>
    private const double ReferenceInterval = 2.7;
    private const double BudgetPower = 1.1;
    private const double CapSlope = 0.08;

    /// <summary>While little is known of such tasks.</summary>
    public static readonly PollPolicy Exploring = new(Budget: 0.7, Cap: 2.2, QuietCap: 7, QuietChance: 0.008);

    /// <summary>Once enough is known.</summary>
    public static readonly PollPolicy Informed = new(Budget: 0.65, Cap: 1.98, QuietCap: 10, QuietChance: 0.043);

    /// <summary>More eager, the more reads were saved so far compared with reading at a fixed interval.</summary>
    public PollPolicy After(double age, int reads)
    {
        var saved = Math.Max(0, age / ReferenceInterval - reads);
        return this with { Budget = Budget / Math.Pow(1 + saved, BudgetPower), Cap = Cap / (1 + CapSlope * saved) };
    }
}

/// <summary>Why a task is read when it is.</summary>
internal enum PlanReason
{
    /// <summary>Its age is not known, so it may have ended long ago.</summary>
    UnknownAge,

    /// <summary>Little is known of such tasks.</summary>
    Exploring,

    /// <summary>So long such tasks took until now.</summary>
    Learned,

    /// <summary>Its progress foretells its end.</summary>
    Foretold,

    /// <summary>A read failed, or it has completed without its URL.</summary>
    Fixed,
}
