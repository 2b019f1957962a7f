namespace MidJourney;

/// <summary>Receives what happens on behalf of one caller, never the key. Called from any thread; must return at once.</summary>
internal interface IGatewayObserver
{
    /// <summary>Whether to report every request, not only retries.</summary>
    bool WantsRequests { get; }

    /// <summary>Whether to call <see cref="Detail"/>.</summary>
    bool WantsDetails { get; }

    /// <summary>For -Verbose: a request and its result, or a retry and its reason.</summary>
    void Note(string line);

    /// <summary>For -Debug: a decision of the poll schedule or of the rate limiter.</summary>
    void Detail(string line);

    /// <summary>Something that the user should know although work continues.</summary>
    void Warn(string line);
}
