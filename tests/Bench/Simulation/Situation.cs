namespace MidJourney.Bench.Simulation;

/// <summary>One row of the simulation: what the gateway's tasks are like and how a client polls them.</summary>
internal sealed record Situation(Strategy Strategy, Durations Durations, Progress Progress, Arrivals Arrivals)
{
    public Outcome Run(int count, int inFlight, int seeds) => Outcome.Average(
        [.. Enumerable.Range(1, seeds).Select(seed => Gateway.Run(Strategy.New(), Durations, Progress, Arrivals, count, inFlight, seed))]);
}
