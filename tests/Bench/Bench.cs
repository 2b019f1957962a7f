using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench;

/// <summary>One group of figures.</summary>
internal interface IBench
{
    /// <summary>The argument that selects this bench on the command line.</summary>
    string Name { get; }

    Task<Section> RunAsync(Setup setup);
}

/// <param name="Programs">The built programs to measure.</param>
/// <param name="IsQuick">Fewer rounds and shorter runs: enough to see that a bench works, and roughly what it measures.</param>
internal sealed record Setup(Programs Programs, bool IsQuick)
{
    public int Rounds => IsQuick ? 1 : 5;

    public T Pick<T>(T full, T quick) => IsQuick ? quick : full;

    public Task<EmulatorProcess> StartEmulatorAsync(string options = "") => EmulatorProcess.StartAsync(Programs, options);
}
