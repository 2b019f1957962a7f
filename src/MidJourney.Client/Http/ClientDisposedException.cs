namespace MidJourney;

/// <summary>The client was disposed, so it sends no more requests: for a cmdlet, its session was removed.</summary>
public sealed class ClientDisposedException : ObjectDisposedException
{
    /// <summary>The client was disposed.</summary>
    public ClientDisposedException() : base(nameof(GatewayClient))
    {
    }
}
