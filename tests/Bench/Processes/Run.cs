using System.Globalization;

namespace MidJourney.Bench.Processes;

/// <summary>What a process printed as <c>name=value</c>, and how long it lived.</summary>
internal sealed record Run(IReadOnlyDictionary<string, string> Values, TimeSpan WallTime)
{
    public double this[string name] => double.Parse(
        Values.TryGetValue(name, out var text) ? text : throw new InvalidOperationException($"The run did not print '{name}'."),
        CultureInfo.InvariantCulture);
}
