namespace MidJourney.Polling;

/// <summary>A task that is being waited for. Times are seconds on the poller's clock, ages seconds since the task was made.</summary>
internal sealed class WaitingTask(long number, MJTask seen, TaskKind kind, double added)
{
    private double _lastProgress;
    private double _lastProgressAge;
    private double _slope;

    /// <summary>Tells apart tasks that are due at the same moment.</summary>
    public long Number { get; } = number;

    /// <summary>The task as it was last seen, without the parts that only an ended task is asked for.</summary>
    public MJTask Seen { get; private set; } = seen;

    public string Id => Seen.Id;

    public TaskKind Kind { get; } = kind;

    public double Added { get; } = added;

    /// <summary>When the waiting for it ends; infinite for never.</summary>
    public double Deadline { get; init; } = double.PositiveInfinity;

    /// <summary>When the task was made, or began to be waited for where that is not known.</summary>
    public double Born { get; init; } = added;

    public bool IsAgeKnown { get; init; }

    /// <summary>When it is read next, or given up.</summary>
    public double Due { get; set; }

    /// <summary>Why then.</summary>
    public PlanReason Reason { get; set; }

    /// <summary>No sooner is it read.</summary>
    public double NotBefore { get; set; }

    /// <summary>Due for a reason of its own (a fault, a URL that is not there yet), so that plans do not move it.</summary>
    public bool IsFixed { get; set; }

    /// <summary>0 to 1: keeps apart the reads of tasks that were made together.</summary>
    public double Spread { get; init; }

    /// <summary>The last age at which it was seen running.</summary>
    public double SeenAge { get; private set; }

    /// <summary>How often it was seen running.</summary>
    public int Reads { get; private set; }

    /// <summary>When a completed task without its URL is passed on as it is; null while there is nothing of that kind.</summary>
    public double? UrlDeadline { get; set; }

    /// <summary>Reads in a row that showed an end which the status does not tell.</summary>
    public int OddEnds { get; set; }

    /// <summary>Reads in a row that showed the same images.</summary>
    public int SameImages { get; private set; }

    private string[] _urls = [];

    /// <summary>It was seen completed with these images.</summary>
    public void NoteImages(string[] urls)
    {
        SameImages = urls.SequenceEqual(_urls) ? SameImages + 1 : 1;
        _urls = urls;
    }

    /// <summary>Reads in a row that failed.</summary>
    public int Failures { get; set; }

    /// <summary>How the last read failed; null when it did not.</summary>
    public string? LastFault { get; set; }

    /// <summary>Takes note of a newer snapshot; thousands may be held, so the answer's text is not.</summary>
    public MJTask Update(MJTask newer)
    {
        var whole = newer.WithOriginOf(Seen);
        Seen = whole with { Raw = null, Metadata = NoFields.Value };
        Failures = 0;
        LastFault = null;
        return whole;
    }

    /// <summary>It was running at this age, with this progress.</summary>
    public void NoteRunning(double age, double? progress)
    {
        SeenAge = Math.Max(SeenAge, age);
        Reads++;
        if (progress is not > 0 || age <= _lastProgressAge) return;
        _slope = (progress.Value - _lastProgress) / (age - _lastProgressAge);
        (_lastProgress, _lastProgressAge) = (progress.Value, age);
    }

    /// <summary>The progress that its reports so far foretell for an age; null when they foretell nothing.</summary>
    public double? ForetoldProgress(double age) =>
        _lastProgressAge > 0 && age > _lastProgressAge ? _lastProgress + _slope * (age - _lastProgressAge) : null;

    /// <summary>Whether a report is what was foretold, as nearly as reports can be expected to be.</summary>
    public bool Agrees(double foretold, double told) => Math.Abs(told - foretold) <= 0.02 + 0.08 * (foretold - _lastProgress);

    /// <summary>The age at which it should end by its progress; null when that foretells nothing.</summary>
    public double? ForetoldEnd() => _slope > 0 && _lastProgress < 1 ? _lastProgressAge + (1 - _lastProgress) / _slope : null;
}
