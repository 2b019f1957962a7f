using System.Runtime.InteropServices;

namespace MidJourney.Bench.Report;

/// <summary>What the figures were measured on.</summary>
internal static class Host
{
    public static string Describe() =>
        $"{Environment.ProcessorCount} × {Processor()}, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}";

    private static string Processor()
    {
        if (!File.Exists("/proc/cpuinfo")) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "cores";
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? "cores" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
