namespace MidJourney.Polling;

/// <summary>A task that a poller waits for. Times are seconds on the poller's clock, ages are seconds since the task was created.</summary>
internal sealed class WaitingTask(long number, MJTask seen, TaskKind kind, double added)
{
    private const double MinInterval = 0.001;
    private const double MinGain = 0.03;

    private double _lastProgress;
    private double _lastProgressAge;
    private double _slope;
    private double _learnedAge;
    private HintState? _hints;

    /// <summary>Orders tasks that are due at the same moment.</summary>
    public long Number { get; } = number;

    /// <summary>The last snapshot, without the parts that only matter once the task has ended.</summary>
    public MJTask Seen { get; private set; } = seen;

    public string Id => Seen.Id;

    public TaskKind Kind { get; } = kind;

    public double Added { get; } = added;

    /// <summary>When its wait times out; infinity for never.</summary>
    public double Deadline { get; init; } = double.PositiveInfinity;

    /// <summary>When the task was created, or added if that is unknown.</summary>
    public double Created { get; init; } = added;

    public bool IsAgeKnown { get; init; }

    public double Due { get; set; }

    /// <summary>Waiting for its next read; false while it is read, and once its wait has ended.</summary>
    public bool IsQueued { get; set; }

    /// <summary>A callback came while it was read: the answer may be older than the callback.</summary>
    public bool IsHintedDuringRead { get; set; }

    /// <summary>What callbacks told of it; made when first used, because thousands may wait without any.</summary>
    public HintState Hints => _hints ??= new();

    public PlanReason Reason { get; set; }

    /// <summary>The earliest time of its next read.</summary>
    public double NotBefore { get; set; }

    /// <summary>Due for a reason of its own (a hint, a fault, a missing URL), so that the planner does not move it.</summary>
    public bool IsFixed { get; set; }

    /// <summary>0 to 1, random: separates the reads of tasks that were created together.</summary>
    public double Jitter { get; init; }

    /// <summary>The last age at which it was running.</summary>
    public double SeenAge { get; private set; }

    /// <summary>Reads that found it running.</summary>
    public int Reads { get; private set; }

    /// <summary>When a completed task without its URL is returned as it is; null while it has not completed.</summary>
    public double? UrlDeadline { get; set; }

    /// <summary>Consecutive reads with output or an error but an unknown status.</summary>
    public int UnknownEnds { get; set; }

    /// <summary>Consecutive reads with the same images.</summary>
    public int SameImages { get; private set; }

    private string[] _urls = [];

    public void RecordImages(string[] urls)
    {
        SameImages = urls.SequenceEqual(_urls) ? SameImages + 1 : 1;
        _urls = urls;
    }

    /// <summary>Consecutive failed reads.</summary>
    public int Failures { get; set; }

    /// <summary>Why the last read failed; null if it did not.</summary>
    public string? LastFault { get; set; }

    /// <summary>Keeps a newer snapshot, without its raw text, because thousands may be held.</summary>
    public MJTask Update(MJTask newer)
    {
        var whole = newer.WithOriginOf(Seen);
        Seen = whole with { Raw = null, Metadata = NoFields.Value };
        Failures = 0;
        LastFault = null;
        return whole;
    }

    /// <summary>It was running at this age, by a read or because a callback would have told its end: the model learns each age once.</summary>
    public void LearnRunning(double age)
    {
        if (!IsAgeKnown || age <= _learnedAge) return;
        Kind.Durations.ObserveRunning(_learnedAge, age);
        _learnedAge = age;
    }

    public void LearnEnd(double age)
    {
        if (IsAgeKnown) Kind.Durations.ObserveEnd(_learnedAge, Math.Max(_learnedAge + MinInterval, age));
    }

    public void RecordRunning(double age, double? progress)
    {
        SeenAge = Math.Max(SeenAge, age);
        Reads++;
        if (progress is not > 0 || age <= _lastProgressAge) return;
        _slope = (progress.Value - _lastProgress) / (age - _lastProgressAge);
        (_lastProgress, _lastProgressAge) = (progress.Value, age);
    }

    /// <summary>The progress that its reports predict for an age; null if there are too few.</summary>
    public double? PredictedProgress(double age) =>
        _lastProgressAge > 0 && age > _lastProgressAge ? _lastProgress + _slope * (age - _lastProgressAge) : null;

    /// <summary>Whether progress was predicted, or came: that it stays where it has stopped proves nothing.</summary>
    public bool IsNews(double progress) => progress - _lastProgress >= MinGain;

    /// <summary>Whether a report is close enough to its prediction.</summary>
    public bool Agrees(double predicted, double reported) => Math.Abs(reported - predicted) <= 0.02 + 0.08 * (predicted - _lastProgress);

    /// <summary>The age at which its progress predicts the end; null if it predicts none.</summary>
    public double? PredictedEnd() => _slope > 0 && _lastProgress < 1 ? _lastProgressAge + (1 - _lastProgress) / _slope : null;
}
