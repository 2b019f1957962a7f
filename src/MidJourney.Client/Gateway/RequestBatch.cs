using System.Diagnostics.CodeAnalysis;
using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>The creates of one command: once one is refused for a reason that holds for all, no more are sent.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing.")]
internal sealed class RequestBatch
{
    private readonly CancellationTokenSource _stop = new();
    private GatewayException? _refusal;
    private long _begun = -1;

    /// <summary>Why the batch stopped; null if it has not.</summary>
    public GatewayException? Refusal => Volatile.Read(ref _refusal);

    internal CancellationToken Stopped => _stop.Token;

    /// <returns>When the first create began.</returns>
    internal TimeSpan Begin(TimeSpan now) => Interlocked.CompareExchange(ref _begun, now.Ticks, -1) is >= 0 and var begun ? TimeSpan.FromTicks(begun) : now;

    /// <summary>Called before another create can take the slot of the refused one.</summary>
    internal void Note(GatewayException error)
    {
        if (ErrorKinds.AppliesToAll(error)) Stop(error);
    }

    internal void Stop(GatewayException error)
    {
        Interlocked.CompareExchange(ref _refusal, error, null);
        // What has its part of the budget is still sent, or a full budget would leave most of it unused.
        if (!ErrorKinds.IsOfBudget(error)) _stop.Cancel();
    }
}

/// <summary>A create was not sent, because its <see cref="RequestBatch"/> has stopped.</summary>
internal sealed class BatchStoppedException : Exception
{
    public BatchStoppedException() : base("Another create was refused for a reason that holds for all.")
    {
    }
}
