namespace MidJourney;

/// <summary>One check of a session, from Test-MJSession.</summary>
public sealed class MJCheck
{
    /// <summary>What was tested: Address, TLS, Proxy, Key, Clock, Journal, Module or PowerShell.</summary>
    public required string Name { get; init; }

    /// <summary><c>ok</c>, <c>failed</c>, or <c>skipped</c> where nothing could be tested.</summary>
    public required string Status { get; init; }

    /// <summary>What was found.</summary>
    public required string Detail { get; init; }

    /// <summary>What to do; empty unless the check failed.</summary>
    public string Action { get; init; } = "";

    /// <summary>The name, the status and what was found.</summary>
    public override string ToString() => $"{Name} {Status}: {Detail}";
}
