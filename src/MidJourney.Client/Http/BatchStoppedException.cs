namespace MidJourney;

/// <summary>A create was not sent, because another one of its <see cref="RequestBatch"/> was refused for a reason that holds for all.</summary>
public sealed class BatchStoppedException : Exception
{
    /// <summary>The create was not sent.</summary>
    public BatchStoppedException() : base("Another create was refused for a reason that holds for all.")
    {
    }
}
