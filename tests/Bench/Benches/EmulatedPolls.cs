using System.Globalization;
using MidJourney.Bench.Processes;
using MidJourney.Bench.References;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>The same on the emulator: Wait-MJTask against a poller of fixed 3 s.</summary>
internal sealed class EmulatedPolls(Setup setup)
{
    private const int Count = 1000, Limit = 64;

    public async Task<Figure[]> RunAsync()
    {
        var linear = await OursAsync("");
        var none = await OursAsync("""{"shapes":{"default":{"progress":"missing"}}}""");
        var fixed3 = await Fixed3Async();
        return
        [
            Compare("linear", linear, fixed3, [Verdict.AtMost(linear.Polls / fixed3.Polls, 1, ""), Verdict.AtMost(linear.Median / fixed3.Median, 1 / 3.0, "")]),
            Compare("none", none, fixed3, [Verdict.AtMost(none.Polls / fixed3.Polls, 1, ""), Verdict.AtMost(none.Median / fixed3.Median, 0.7, "")]),
        ];
    }

    private async Task<Delays> OursAsync(string script)
    {
        var file = setup.Programs.PathOf("emulator.json");
        await File.WriteAllTextAsync(file, script.Length > 0 ? script : "{}");
        await using var emulator = await StartAsync($" --script {file}");
        var run = await ShellScript.RunAsync(setup, "wait.ps1", emulator.BaseUri, $"-Count {Count} -ThrottleLimit {Limit}");
        var seen = run.Values.Where(v => v.Key != "reads")
            .ToDictionary(v => v.Key, v => new DateTime(long.Parse(v.Value, CultureInfo.InvariantCulture), DateTimeKind.Utc));
        return await DelaysAsync(emulator, seen, run["reads"]);
    }

    private async Task<Delays> Fixed3Async()
    {
        await using var emulator = await StartAsync("");
        using var client = Rows.NewClient(emulator.BaseUri);
        using var poller = new FixedPoller(client, Limit, TimeSpan.FromSeconds(3));
        var seen = await poller.WaitAsync(await poller.CreateAsync(Count));
        return await DelaysAsync(emulator, seen, poller.Reads);
    }

    private Task<EmulatorProcess> StartAsync(string more) => EmulatorProcess.StartAsync(setup.Programs, "--duration 1-10 --answer-delay 20" + more);

    private static async Task<Delays> DelaysAsync(EmulatorProcess emulator, Dictionary<string, DateTime> seen, double reads)
    {
        var ends = await emulator.EndsAsync();
        var delays = seen.Select(one => (new DateTimeOffset(one.Value) - ends[one.Key]).TotalSeconds).ToArray();
        return new Delays(reads / seen.Count, delays.Median(), delays.Quantile(0.95));
    }

    private static Figure Compare(string progress, Delays ours, Delays fixed3, Verdict[] goals) => new(
        $"emulator, 1–10 s, progress {progress}: polls a task, delay p50 / p95", ours.ToString(), fixed3.ToString(),
        $"{ours.Polls / fixed3.Polls:P0}, {ours.Median / fixed3.Median:P0} / {ours.P95 / fixed3.P95:P0}",
        Verdict.All($"polls 100 %, p50 {(progress == "linear" ? "33" : "70")} %, p95 100 %", [.. goals, Verdict.AtMost(ours.P95 / fixed3.P95, 1, "")]));

    private sealed record Delays(double Polls, double Median, double P95)
    {
        public override string ToString() => $"{Polls:0.00}, {Median:0.00} s / {P95:0.00} s";
    }
}
