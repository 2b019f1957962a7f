using System.Diagnostics.CodeAnalysis;
using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>Requests of which no other is sent once one is refused for a reason that holds for all: the creates of one command.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing.")]
internal sealed class RequestBatch
{
    private readonly CancellationTokenSource _stop = new();
    private GatewayException? _refusal;

    /// <summary>Why nothing more is sent; null while it is.</summary>
    public GatewayException? Refusal => Volatile.Read(ref _refusal);

    internal CancellationToken Stopped => _stop.Token;

    /// <summary>Called before another create can take the place of the one that was refused.</summary>
    internal void Note(GatewayException error)
    {
        if (ErrorKinds.AppliesToAll(error)) Stop(error);
    }

    internal void Stop(GatewayException error)
    {
        if (Interlocked.CompareExchange(ref _refusal, error, null) is null) _stop.Cancel();
    }
}

/// <summary>A create was not sent, because another one of its <see cref="RequestBatch"/> was refused for a reason that holds for all.</summary>
internal sealed class BatchStoppedException : Exception
{
    /// <summary>The create was not sent.</summary>
    public BatchStoppedException() : base("Another create was refused for a reason that holds for all.")
    {
    }
}
