namespace MidJourney.Downloads;

/// <summary>What the downloads of one run share: their sizes, and what they learned of the proxy and of missing files. Thread-safe.</summary>
internal sealed class DownloadRun
{
    private readonly HashSet<PartFile> _running = [];
    private long _received;
    private volatile bool _isProxyRefused;

    /// <summary>Returns the free space for a folder, in bytes; null if unknown.</summary>
    public Func<string, long?> FreeSpace { get; init; } = DiskSpace.FreeFor;

    /// <summary>The proxy refused its user, and might lock the user out if the same password were sent again.</summary>
    internal bool IsProxyRefused => _isProxyRefused;

    internal void ProxyRefused() => _isProxyRefused = true;

    /// <summary>How long to retry a file that is missing.</summary>
    internal ShrinkingTimeout LateFiles { get; } = new(TimeSpan.FromSeconds(30));

    /// <summary>How long to wait for a task that is read again. A gateway that throttles must not delay a file whose link may be valid.</summary>
    internal ShrinkingTimeout Renewals { get; } = new(TimeSpan.FromSeconds(10));

    /// <summary>The bytes that arrived, and how many there will be.</summary>
    /// <param name="files">The number of files, as far as it is known.</param>
    /// <param name="ended">How many of them are complete or failed.</param>
    public DownloadSizes Sizes(int files, int ended)
    {
        lock (_running)
        {
            var expected = _received + _running.Sum(p => p.Missing);
            // Files that were already there count with no bytes, so the rest of a run that goes on is not overestimated.
            var (waiting, seen) = (Math.Max(0, files - ended - _running.Count), ended + _running.Count);
            var total = seen == 0 ? expected : expected + (long)((double)expected * waiting / seen);
            return new(_received, total > _received ? total : null, waiting > 0 || _running.Any(p => p.Total is null), _running.Sum(p => p.Part));
        }
    }

    /// <summary>A response with a file, or with the rest of it, arrives.</summary>
    /// <param name="part">The file.</param>
    /// <param name="total">Its length; null if unknown.</param>
    /// <param name="folder">Where it is written.</param>
    /// <returns>Null if there is room for it and for the files that are being downloaded, or if that is unknown; otherwise the reason why it is not written.</returns>
    internal string? Begin(PartFile part, long? total, string folder)
    {
        var free = total is null ? null : FreeSpace(folder);
        lock (_running)
        {
            _running.Add(part);
            part.Total = total;
            var (rest, others) = (part.Missing, _running.Sum(p => p.Missing) - part.Missing);
            if (free is null || rest + others <= free) return null;
            // The others must not make room for a file that is not written.
            part.Total = null;
            return ClientMessages.DiskFull(rest, others, free.Value);
        }
    }

    internal void Received(PartFile part, int count)
    {
        lock (_running)
        {
            part.Length += count;
            _received += count;
        }
    }

    internal void Restart(PartFile part)
    {
        lock (_running) (part.Length, part.Total) = (0, null);
    }

    internal void End(PartFile part)
    {
        lock (_running) _running.Remove(part);
    }
}

/// <summary>The sizes of the files of a run.</summary>
/// <param name="Received">The bytes that arrived.</param>
/// <param name="Total">How many there will be; null if unknown, or if all have arrived.</param>
/// <param name="IsEstimate">Whether some lengths are not known yet.</param>
/// <param name="Running">How much of the running downloads is done, such as 1.3 of two.</param>
internal readonly record struct DownloadSizes(long Received, long? Total, bool IsEstimate, double Running);
