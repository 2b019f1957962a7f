using System.Diagnostics;

namespace MidJourney.Bench.Processes;

/// <summary>Runs built programs in processes of their own.</summary>
internal static class DotNet
{
    public static ProcessStartInfo StartInfo(string program, params IEnumerable<string> arguments) => new("dotnet", [program, .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    };

    /// <summary>Runs to the end.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0.</exception>
    public static async Task<Run> RunAsync(ProcessStartInfo start, CancellationToken stop = default)
    {
        var clock = Stopwatch.StartNew();
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
        var wallTime = clock.Elapsed;
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', start.ArgumentList)} ended with exit code {process.ExitCode}: {output}");
        return new Run(ValuesOf(output), wallTime);
    }

    private static Dictionary<string, string> ValuesOf(string output) => output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split('=', 2))
        .Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[0], parts => parts[1]);
}
