namespace MidJourney.Emulator;

/// <summary>Serves one operation, in two steps so that a fault can come between them.</summary>
internal interface IOperationHandler
{
    Operation Operation { get; }

    /// <summary>Whether the key and the rate limit apply.</summary>
    bool IsGateway { get; }

    /// <summary>Takes the whole request in, counts it, and finds out what it is about. Nothing takes effect.</summary>
    ValueTask ReceiveAsync(Exchange exchange);

    /// <summary>Does what was asked and prepares the answer.</summary>
    void Perform(Exchange exchange);
}
