using MidJourney.Bench.Processes;

namespace MidJourney.Bench;

/// <summary>What every bench is given.</summary>
/// <param name="Programs">What is measured.</param>
/// <param name="IsQuick">Fewer rounds and shorter spans: shows that it works, and roughly what comes out.</param>
internal sealed record Setup(Programs Programs, bool IsQuick)
{
    public int Rounds => IsQuick ? 1 : 5;

    public T Pick<T>(T full, T quick) => IsQuick ? quick : full;
}
