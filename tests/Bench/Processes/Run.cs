using System.Diagnostics;
using System.Globalization;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Processes;

/// <summary>The lines <c>name=value</c> that a process printed.</summary>
internal sealed record Run(IReadOnlyDictionary<string, string> Values)
{
    public double this[string name] => Number(Values.TryGetValue(name, out var text) ? text : throw new InvalidOperationException($"The run did not print '{name}'."));

    /// <summary>The values whose names begin with a prefix, in the order in which they were printed.</summary>
    public double[] All(string prefix) => [.. Values.Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(v => Number(v.Value))];

    public static ProcessStartInfo StartInfo(string program, params IEnumerable<string> arguments) => new("dotnet", [program, .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    };

    /// <summary>Runs a built program to its end; throws if its exit code is not 0.</summary>
    public static async Task<Run> StartAsync(ProcessStartInfo start, CancellationToken stop = default)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        string output;
        try
        {
            output = await process.StandardOutput.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', start.ArgumentList)} ended with exit code {process.ExitCode}: {output}");
        return new Run(output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

internal static class Runs
{
    public static double Median(this IEnumerable<Run> runs, string name) => runs.Select(run => run[name]).Median();
}
