namespace MidJourney;

/// <summary>Why a task failed or a request was refused, in the gateway's words.</summary>
public sealed class MJError
{
    /// <summary>The code as it came, leading zeros and all; null when none came.</summary>
    public string? Code { get; init; }

    /// <summary><see cref="Code"/> as a number, to compare with; null when it is not one.</summary>
    public long? Number { get; init; }

    /// <summary>What this module calls the code (<c>InvalidImageNumber</c> …); null for a code it does not know.</summary>
    public string? Name { get; init; }

    /// <summary>The gateway's text; null when none came.</summary>
    public string? Message { get; init; }

    /// <summary>Code and text on one line.</summary>
    public override string ToString() => (Code, Message) switch
    {
        (null, null) => "no reason given",
        (null, _) => Message!,
        (_, null) => $"code {Code}",
        _ => $"{Message} (code {Code})",
    };
}
