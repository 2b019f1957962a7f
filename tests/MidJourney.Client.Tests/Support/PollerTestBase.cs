namespace MidJourney.Client.Tests;

/// <summary>A poller on a fake reader and a fake clock, and what it emitted when.</summary>
public abstract class PollerTestBase : ClientTestBase
{
    private readonly List<(PollOutcome Outcome, TimeSpan At)> _emitted = [];

    private protected (PollOutcome Outcome, TimeSpan At)[] Emitted
    {
        get { lock (_emitted) return [.. _emitted]; }
    }

    private protected PollOutcome[] Outcomes => [.. Emitted.Select(e => e.Outcome)];

    /// <summary>The one place that makes a poller.</summary>
    private protected TaskPoller NewPoller(ITaskReader reader, int mostReads = 16, double minInterval = 0, bool listens = false) =>
        new(reader, mostReads, TimeSpan.FromSeconds(minInterval), Notes, Clock) { ListensForHints = listens };

    private protected FakeReader Reader(Func<Look, MJTask> see, double latency = 0) => new(Clock, see) { Latency = TimeSpan.FromSeconds(latency) };

    /// <summary>Waits for these tasks until all have ended.</summary>
    private protected async Task PollAsync(ITaskReader reader, string[] ids, double? timeout = null, int mostReads = 16, double minInterval = 0, double step = 0.1)
    {
        var poller = NewPoller(reader, mostReads, minInterval);
        foreach (var id in ids) Add(poller, id, timeout);
        poller.EndAdding();
        await Clock.Drive(Run(poller), TimeSpan.FromSeconds(step), TimeSpan.FromDays(2));
    }

    private protected Task Run(TaskPoller poller, CancellationToken cancellationToken = default) =>
        Task.Run(() => poller.RunAsync(Emit, cancellationToken), CancellationToken.None);

    private protected static void Add(TaskPoller poller, string id, double? timeout = null) =>
        poller.Add(new MJTask { Id = id }, timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    private protected static string[] Ids(int count) => [.. Enumerable.Range(0, count).Select(i => $"t{i}")];

    private protected ValueTask Emit(PollOutcome outcome, CancellationToken cancellationToken)
    {
        lock (_emitted) _emitted.Add((outcome, Clock.GetUtcNow() - Start));
        return default;
    }
}
