using System.Diagnostics;
using MidJourney.Bench;
using MidJourney.Bench.Baselines;
using MidJourney.Bench.Benches;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

if (await Loops.TryRunAsync(args)) return 0;

var polls = new PollsBench();
IBench[] benches = [new SubmitBench(), new LatencyBench(), new BackpressureBench(), new StopBench(), polls, new ScaleBench(), new JournalBench(), new RateBench(), new SteadyBench(), new SaveBench(), new GalleryBench(), new ImportBench()];
var names = args.Where(a => a != "--quick").DefaultIfEmpty("all").ToArray();
var isQuick = args.Contains("--quick");
if (names.FirstOrDefault(n => n != "all" && benches.All(b => b.Name != n)) is { } unknown)
{
    Console.Error.WriteLine($"There is no bench named '{unknown}'. Usage: [all|{string.Join('|', benches.Select(b => b.Name))}]... [--quick]");
    return 2;
}

using var programs = new Programs();
var clock = Stopwatch.StartNew();
var sections = new List<Section>();
foreach (var bench in benches.Where(b => names.Contains("all") || names.Contains(b.Name)))
{
    var section = await bench.RunAsync(new Setup(programs, isQuick));
    sections.Add(section);
    Console.WriteLine(Pages.TextOf(section));
    Console.WriteLine($"({clock.Elapsed.TotalSeconds:0} s so far)\n");
}

// Only a complete run replaces the pages of the repository; any other run writes its pages to out/Bench.
var root = names.Contains("all") && !isQuick ? Programs.Root : Path.Combine(Programs.Root, "out", "Bench");
Pages.Write(root, sections, clock.Elapsed);
if (polls.Simulation is { } simulation) PollChart.Write(simulation.Outcomes, Path.Combine(root, "docs", "polls.svg"));
return 0;
