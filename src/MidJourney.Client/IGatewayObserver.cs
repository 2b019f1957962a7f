namespace MidJourney;

/// <summary>Is told what happens on behalf of one caller. Called from any thread; must return at once. It is never told the key.</summary>
internal interface IGatewayObserver
{
    /// <summary>Whether every request is to be told of, not only what is repeated.</summary>
    bool WantsRequests { get; }

    /// <summary>Whether <see cref="Detail"/> is of any use.</summary>
    bool WantsDetails { get; }

    /// <summary>A line of the story: a request and its end, or that one is repeated, and why.</summary>
    void Note(string line);

    /// <summary>A decision of the poll schedule or of the rate limiter. Called only where <see cref="WantsDetails"/>.</summary>
    void Detail(string line);

    /// <summary>Something the user should know although work goes on.</summary>
    void Warn(string line);
}
