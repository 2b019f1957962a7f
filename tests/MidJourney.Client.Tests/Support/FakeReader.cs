namespace MidJourney.Client.Tests;

/// <summary>Tasks without a gateway: what a read gives is a matter of the id, the time since the start and how often it was read.</summary>
internal sealed class FakeReader(TimeProvider time, Func<Look, MJTask> see) : ITaskReader
{
    private readonly long _origin = time.GetTimestamp();
    private readonly List<(string Id, TimeSpan At)> _reads = [];
    private readonly Dictionary<string, int> _times = [];
    private int _inFlight;

    /// <summary>How long a read takes.</summary>
    public TimeSpan Latency { get; init; }

    public int MostInFlight { get; private set; }

    public int InFlight
    {
        get { lock (_reads) return _inFlight; }
    }

    public (string Id, TimeSpan At)[] Reads
    {
        get { lock (_reads) return [.. _reads]; }
    }

    public TimeSpan[] ReadsOf(string id) => [.. Reads.Where(r => r.Id == id).Select(r => r.At)];

    public async Task<MJTask> ReadOnceAsync(MJTask asked, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        var id = asked.Id;
        int number;
        var at = time.GetElapsedTime(_origin);
        lock (_reads)
        {
            _reads.Add((id, at));
            number = _times[id] = _times.GetValueOrDefault(id) + 1;
            MostInFlight = Math.Max(MostInFlight, ++_inFlight);
        }
        try
        {
            if (Latency > TimeSpan.Zero) await Task.Delay(Latency, time, cancellationToken).ConfigureAwait(false);
            var look = new Look(id, time.GetElapsedTime(_origin), number);
            return see(look);
        }
        catch (HangException)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            throw;
        }
        finally
        {
            lock (_reads) _inFlight--;
        }
    }
}

/// <param name="Id">The task that is read.</param>
/// <param name="At">Since the start.</param>
/// <param name="Number">Which read of this task it is, from 1.</param>
internal sealed record Look(string Id, TimeSpan At, int Number)
{
    public MJTask Running(double progress = 0.5) => new() { Id = Id, Status = MJTaskStatus.InProgress, RawStatus = "in_progress", Progress = progress };

    public MJTask Completed() => Bare() with { Url = $"https://files.test/{Id}.png" };

    /// <summary>Completed, and its URL is not there yet.</summary>
    public MJTask Bare() => new() { Id = Id, Status = MJTaskStatus.Completed, RawStatus = "completed", Progress = 1 };

    public MJTask Failed(string? code = "8004005098") =>
        new() { Id = Id, Status = MJTaskStatus.Failed, RawStatus = "failed", Error = ErrorKinds.Describe(code, "it failed") };

    public MJTask CompletedAfter(double seconds) => At.TotalSeconds >= seconds ? Completed() : Running();

    public static MJTask Hang() => throw new HangException();

    public static MJTask Transient(TimeSpan? retryAfter = null) =>
        throw new GatewayException(GatewayErrorKind.ServerError, "Task could not be read: HTTP 500.") { IsTransient = true, HttpStatus = 500, RetryAfter = retryAfter };

    public static MJTask Final(GatewayErrorKind kind) => throw new GatewayException(kind, $"It ended: {kind}.");
}

internal sealed class HangException : Exception;
