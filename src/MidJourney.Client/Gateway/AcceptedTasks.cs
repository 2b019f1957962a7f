using MidJourney.Journal;

namespace MidJourney.Gateway;

/// <summary>When tasks were accepted: from memory for this client's tasks, from the journal for all others.</summary>
internal sealed class AcceptedTasks(TaskJournal? journal, Uri baseUri, TimeProvider time)
{
    /// <summary>How long after its create a task may not be found yet (contract: reading a task just after it was made).</summary>
    internal static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(60);

    /// <summary>Many unknown ids are not looked up one by one.</summary>
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    /// <summary>By the hash of the id: the ids of a long session would take three times as much memory.</summary>
    private readonly Dictionary<Guid, long> _own = [];
    private readonly Dictionary<string, long> _others = new(StringComparer.Ordinal);
    private long? _lastRead;

    /// <returns>False if an earlier task has the same id.</returns>
    public bool TryAdd(string id)
    {
        var hash = SubmissionKey.Hash(id);
        lock (_own)
        {
            if (_own.ContainsKey(hash)) return false;
            _own.Add(hash, time.GetTimestamp());
            return true;
        }
    }

    /// <summary>Whether the task was accepted so recently that it may not be found yet.</summary>
    public async Task<bool> IsRecentAsync(string id, CancellationToken cancellationToken)
    {
        lock (_own)
            if (_own.TryGetValue(SubmissionKey.Hash(id), out var at)) return time.GetElapsedTime(at) < MaxDelay;
        return journal is not null && await Task.Run(() => IsRecentOfOthers(id), cancellationToken).ConfigureAwait(false);
    }

    private bool IsRecentOfOthers(string id)
    {
        lock (_others)
        {
            if (_lastRead is not { } last || time.GetElapsedTime(last) >= ReadInterval) ReadJournal();
            return _others.TryGetValue(id, out var at) && time.GetElapsedTime(at) < MaxDelay;
        }
    }

    private void ReadJournal()
    {
        _lastRead = time.GetTimestamp();
        try
        {
            foreach (var (id, accepted) in journal!.RecentlyAccepted(baseUri))
            {
                var age = time.GetUtcNow() - accepted;
                // A time in the future comes from another clock, and counts as now.
                if (age < MaxDelay && !_others.ContainsKey(id)) _others[id] = time.GetTimestamp() - (age > TimeSpan.Zero ? (long)(age.TotalSeconds * time.TimestampFrequency) : 0);
            }
        }
        catch (GatewayException)
        {
            // A journal that cannot be read has no tasks.
        }
    }
}
