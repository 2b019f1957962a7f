namespace MidJourney;

/// <summary>A pair of addresses for callbacks: the one that the gateway calls, and the one to listen on. Both contain the same secret.</summary>
public sealed record MJCallback
{
    /// <summary>For -Callback: the public URL with the secret and <c>{token}</c>, which each create replaces by its own.</summary>
    public required string Callback { get; init; }

    /// <summary>For -ListenOn: the address on this computer, with the secret.</summary>
    public required string ListenOn { get; init; }
}
