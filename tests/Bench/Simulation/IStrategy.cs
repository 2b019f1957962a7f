namespace MidJourney.Bench.Simulation;

/// <summary>Decides when tasks are read, as a client of the simulated gateway would.</summary>
internal interface IStrategy
{
    void Add(SimulatedTask task, double now);

    /// <summary>When there is something to read next; null when nothing waits.</summary>
    double? NextDue { get; }

    /// <summary>A task to read now; null when none is due.</summary>
    SimulatedTask? Take(double now);

    void SeenRunning(SimulatedTask task, double? progress, double now);

    void SeenEnded(SimulatedTask task, double now);
}
