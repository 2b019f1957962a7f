namespace MidJourney;

/// <summary>What a cmdlet cannot do, before the gateway comes into it.</summary>
public sealed class CommandException : Exception
{
    /// <param name="errorId">One of <see cref="ErrorIds"/>.</param>
    /// <param name="message">What happened, in one sentence, without the key.</param>
    /// <param name="inner">What lies behind it.</param>
    public CommandException(string errorId, string message, Exception? inner = null) : base(message, inner) => ErrorId = errorId;

    /// <summary>The error record's id.</summary>
    public string ErrorId { get; }

    /// <summary>The way out, where it is another one than that of the id.</summary>
    public string? Advice { get; init; }
}
