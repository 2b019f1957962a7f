using System.Diagnostics.CodeAnalysis;

namespace MidJourney;

/// <summary>Requests of which no other is sent once one is refused for a reason that holds for all: the creates of one command.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing.")]
public sealed class RequestBatch
{
    private readonly CancellationTokenSource _stop = new();
    private GatewayException? _refusal;

    /// <summary>Why nothing more is sent; null while it is.</summary>
    public GatewayException? Refusal => Volatile.Read(ref _refusal);

    internal CancellationToken Stopped => _stop.Token;

    /// <summary>Whether what refused one create refuses every other one, too: the key, the balance, the proxy's user, a journal that stopped working.</summary>
    /// <param name="error">What came of one create.</param>
    public static bool HoldsForAll(GatewayException error)
    {
        if (error.Kind is GatewayErrorKind.ProxyAuthenticationRequired or GatewayErrorKind.JournalUnavailable) return true;
        if (error.IsRead) return false;
        // What such an answer numbers as if it were a task may be in doubt; that it refuses all is not.
        if (error.Kind == GatewayErrorKind.SubmitOutcomeUnknown) return error.HttpStatus == 401 || (error.HttpStatus == 402 && !ErrorKinds.IsOfProvider(error.Error));
        if (error.Kind is not (GatewayErrorKind.Unauthorized or GatewayErrorKind.InsufficientBalance or GatewayErrorKind.GatewayRefused)) return false;
        // An upscale of an upscale is answered 403, with words about money.
        if (error.HttpStatus == 403) return false;
        var status = error.HttpStatus is 401 or 402 ? error.HttpStatus : ErrorKinds.StatusOf(error.Error);
        return status == 401 || (status == 402 && !ErrorKinds.IsOfProvider(error.Error)) || ErrorKinds.SaysNoBalance(error.Error);
    }

    /// <summary>Called before another create can take the place of the one that was refused.</summary>
    internal void Note(GatewayException error)
    {
        if (HoldsForAll(error)) Stop(error);
    }

    internal void Stop(GatewayException error)
    {
        if (Interlocked.CompareExchange(ref _refusal, error, null) is null) _stop.Cancel();
    }
}

/// <summary>A create was not sent, because another one of its <see cref="RequestBatch"/> was refused for a reason that holds for all.</summary>
public sealed class BatchStoppedException : Exception
{
    /// <summary>The create was not sent.</summary>
    public BatchStoppedException() : base("Another create was refused for a reason that holds for all.")
    {
    }
}
