namespace MidJourney;

/// <summary>The gateway's reason for a failed task or a refused request.</summary>
public sealed class MJError
{
    /// <summary>The code as received, including leading zeros; null for none.</summary>
    public string? Code { get; init; }

    /// <summary><see cref="Code"/> as a number, for comparisons; null if it is not a number.</summary>
    public long? Number { get; init; }

    /// <summary>The name of the code (<c>InvalidImageNumber</c> …); null for an unknown code.</summary>
    public string? Name { get; init; }

    /// <summary>The gateway's text; null for none.</summary>
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
