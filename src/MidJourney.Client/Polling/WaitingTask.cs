namespace MidJourney;

/// <summary>A task that is being waited for. All times count from the poller's start.</summary>
internal sealed class WaitingTask(long number, MJTask seen, TimeSpan added, TimeSpan deadline)
{
    /// <summary>Tells apart tasks that are due at the same moment.</summary>
    public long Number { get; } = number;

    public string Id => Seen.Id;

    /// <summary>The task as it was last seen, without the parts that only an ended task is asked for.</summary>
    public MJTask Seen { get; private set; } = seen;

    public TimeSpan Added { get; } = added;

    public TimeSpan Deadline { get; } = deadline;

    /// <summary>When it is read next, or given up.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>When a completed task without its URL is passed on as it is; null while there is nothing of that kind.</summary>
    public TimeSpan? UrlDeadline { get; set; }

    /// <summary>Reads in a row that failed.</summary>
    public int Failures { get; set; }

    /// <summary>How the last read failed; null when it did not.</summary>
    public string? LastFault { get; set; }

    /// <summary>Takes note of a newer snapshot; thousands may be held, so the answer's text is not.</summary>
    public MJTask Update(MJTask newer)
    {
        var whole = newer.WithOriginOf(Seen);
        Seen = whole with { Raw = null, Metadata = PlainJson.Empty };
        Failures = 0;
        LastFault = null;
        return whole;
    }
}
