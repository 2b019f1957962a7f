using System.Collections.Concurrent;
using MidJourney.Journal;

namespace MidJourney.Gateway;

/// <summary>Which tasks were accepted, and when: by this client as it saw them, by others as the journal tells.</summary>
internal sealed class AcceptedTasks(TaskJournal? journal, Uri baseUri, TimeProvider time)
{
    /// <summary>For so long after its create a task may not be found yet (contract: reading a task just after it was made).</summary>
    private static readonly TimeSpan Youth = TimeSpan.FromSeconds(60);

    /// <summary>Many ids that nobody knows are not looked up one by one.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, long> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _others = new(StringComparer.Ordinal);
    private long? _looked;

    /// <summary>Takes in a task that was accepted just now.</summary>
    /// <returns>False where its id is that of an earlier one.</returns>
    public bool TryAdd(string id) => _own.TryAdd(id, time.GetTimestamp());

    /// <summary>Whether the task was accepted so lately that it may not be found yet. Of an id that only the journal may know, that is looked up.</summary>
    public async ValueTask<bool> IsYoungAsync(string id, CancellationToken cancellationToken)
    {
        if (_own.TryGetValue(id, out var at)) return time.GetElapsedTime(at) < Youth;
        return journal is not null && await Task.Run(() => IsYoungOfOthers(id), cancellationToken).ConfigureAwait(false);
    }

    private bool IsYoungOfOthers(string id)
    {
        lock (_others)
        {
            if (_looked is not { } last || time.GetElapsedTime(last) >= LookInterval) Look();
            return _others.TryGetValue(id, out var at) && time.GetElapsedTime(at) < Youth;
        }
    }

    private void Look()
    {
        _looked = time.GetTimestamp();
        try
        {
            foreach (var (id, accepted) in journal!.RecentlyAccepted(baseUri))
            {
                var age = time.GetUtcNow() - accepted;
                // A time in the future is one by another clock, and counts as now.
                if (age < Youth && !_others.ContainsKey(id)) _others[id] = time.GetTimestamp() - (age > TimeSpan.Zero ? (long)(age.TotalSeconds * time.TimestampFrequency) : 0);
            }
        }
        catch (GatewayException)
        {
            // A journal that cannot be read knows nothing.
        }
    }
}
