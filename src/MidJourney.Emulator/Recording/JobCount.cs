namespace MidJourney.Emulator;

/// <summary>How often the same work was asked for, and how often that made a task.</summary>
public sealed class JobCount
{
    private int _creates;
    private int _tasksMade;

    internal JobCount()
    {
    }

    public int Creates => Volatile.Read(ref _creates);

    public int TasksMade => Volatile.Read(ref _tasksMade);

    internal void CountCreate() => Interlocked.Increment(ref _creates);

    internal void CountTask() => Interlocked.Increment(ref _tasksMade);
}
