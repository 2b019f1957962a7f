using MidJourney.Bench.Report;

namespace MidJourney.Bench;

/// <summary>One group of figures.</summary>
internal interface IBench
{
    /// <summary>The word on the command line.</summary>
    string Name { get; }

    Task<Section> RunAsync(Setup setup);
}
