namespace MidJourney;

/// <summary>What is known of tasks that take alike: same model, same type.</summary>
internal sealed class TaskKind
{
    public DurationModel Durations { get; } = new();

    public ProgressTrust Trust { get; } = new();
}
