using System.Diagnostics;
using MidJourney.Bench;
using MidJourney.Bench.Baselines;
using MidJourney.Bench.Benches;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

if (await Loops.TryRunAsync(args)) return 0;

IBench[] benches =
[
    // The figures of docs/benchmarks.md.
    new EndToEndBench(), new PollsBench(), new SubmitBench(), new LatencyBench(), new ImportBench(), new ScaleBench(), new MemoryBench(), new StopBench(), new RerunBench(),
    // Only in Results.md.
    new BackpressureBench(), new JournalBench(), new RateBench(), new SaveBench(), new GalleryBench(),
];
var names = args.Where(a => a != "--quick").DefaultIfEmpty("all").ToArray();
var isQuick = args.Contains("--quick");
if (names.FirstOrDefault(n => n != "all" && benches.All(b => b.Name != n)) is { } unknown)
{
    Console.Error.WriteLine($"There is no bench named '{unknown}'. Usage: [all|{string.Join('|', benches.Select(b => b.Name))}]... [--quick]");
    return 2;
}

using var programs = new Programs();
// A quick run writes its pages to out/Bench.
var root = isQuick ? Path.Combine(Programs.Root, "out", "Bench") : Programs.Root;
foreach (var bench in benches.Where(b => names.Contains("all") || names.Contains(b.Name)))
{
    var clock = Stopwatch.StartNew();
    var section = await bench.RunAsync(new Setup(programs, isQuick));
    section = section with { MeasuredOn = DateOnly.FromDateTime(DateTime.UtcNow), Minutes = Math.Round(clock.Elapsed.TotalMinutes, 1), Machine = Pages.Machine() };
    Console.WriteLine(Pages.TextOf(section));
    // At once, so that a bench that fails loses nothing of those before it.
    Pages.Write(root, Results.Update(Path.Combine(root, "tests", "Bench", "results.json"), [section], [.. benches.Select(b => b.Name)]));
}
return 0;
