using System.Diagnostics;
using System.Globalization;
using MidJourney.Bench;
using MidJourney.Bench.Benches;
using MidJourney.Bench.Processes;
using MidJourney.Bench.References;
using MidJourney.Bench.Report;

if (args is [BareSubmit.Command, var baseUri, var count, var concurrency])
{
    await BareSubmit.RunAsync(new Uri(baseUri), int.Parse(count, CultureInfo.InvariantCulture), int.Parse(concurrency, CultureInfo.InvariantCulture));
    return 0;
}

if (args is [ClientSubmit.Command, var gateway, var rows, var atOnce, .. var journal])
{
    await ClientSubmit.RunAsync(new Uri(gateway), int.Parse(rows, CultureInfo.InvariantCulture), int.Parse(atOnce, CultureInfo.InvariantCulture), journal.FirstOrDefault());
    return 0;
}

if (args is [BareSave.Command, var fileHost, var idFile, var into, var downloads])
{
    await BareSave.RunAsync(new Uri(fileHost), idFile, into, int.Parse(downloads, CultureInfo.InvariantCulture));
    return 0;
}

var polls = new PollsBench();
IBench[] benches = [new SubmitBench(), new LatencyBench(), new JournalBench(), new BackpressureBench(), new StopBench(), new RateBench(), polls, new ScaleBench(), new SteadyBench(), new SaveBench(), new ImportBench()];
var names = args.Where(a => a != "--quick").DefaultIfEmpty("all").ToArray();
var isQuick = args.Contains("--quick");
if (names.FirstOrDefault(n => n != "all" && benches.All(b => b.Name != n)) is { } unknown)
{
    Console.Error.WriteLine($"There is no '{unknown}'. Usage: [all|{string.Join('|', benches.Select(b => b.Name))}]... [--quick]");
    return 2;
}

using var programs = new Programs();
var clock = Stopwatch.StartNew();
var sections = new List<Section>();
foreach (var bench in benches.Where(b => names.Contains("all") || names.Contains(b.Name)))
{
    var section = await bench.RunAsync(new Setup(programs, isQuick));
    sections.Add(section);
    Console.WriteLine(BenchmarkPage.TextOf(section));
    Console.WriteLine($"({clock.Elapsed.TotalSeconds:0} s so far)\n");
}

// Only a whole and full run is worth keeping; any other leaves its page where builds go.
var folder = Path.Combine(Programs.Root, names.Contains("all") && !isQuick ? "docs" : "out");
File.WriteAllText(Path.Combine(folder, "benchmarks.md"), BenchmarkPage.Of(sections, clock.Elapsed));
if (polls.Simulated is { } simulated) PollChart.Write(simulated.Outcomes, Path.Combine(folder, "polls.svg"));
Console.WriteLine($"Written to {Path.Combine(folder, "benchmarks.md")}.");
return 0;
