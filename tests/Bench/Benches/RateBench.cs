using System.Diagnostics;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>Whether a session finds a gateway's rate, and keeps to its own.</summary>
internal sealed class RateBench : IBench
{
    private const double LeastAccepted = 0.85, MostRefused = 0.05;
    private const int Cap = 50;

    public string Name => "rate";

    public async Task<Section> RunAsync(Setup setup)
    {
        var seconds = setup.Pick(60, 30);
        var section = new Section(Name, "A gateway that allows so many requests a second", $"""
            An endless producer before `Invoke-MJUpscale` for {seconds} s (`Scripts/rate.ps1`), with `--max-requests-per-second R` at the emulator, with and without
            `--retry-after 1`. Counted by the emulator from the first create on: tasks made, to R × {seconds} s, and the share of all requests that were answered 429.
            Four pairs of module and emulator run at a time. After them, alone, `-MaxRequestsPerSecond {Cap}` with two runspaces that share the session, one pipeline each of
            `Invoke-MJUpscale | Get-MJTask` (`Scripts/hard-cap.ps1`): the most requests that arrived in any one second.
            """);
        var cases = from rate in setup.Pick([20, 50, 200], new[] { 50 })
                    from limit in new[] { 16, 64 }
                    from retryAfter in new[] { false, true }
                    select (rate, limit, retryAfter);
        using var slots = new SemaphoreSlim(4);
        var found = await Task.WhenAll(cases.Select(async one =>
        {
            await slots.WaitAsync();
            try { return await FindRateAsync(setup, one.rate, one.limit, one.retryAfter, seconds); }
            finally { slots.Release(); }
        }));
        section.Figures.AddRange(found.SelectMany(figures => figures));
        section.Figures.Add(await HardCapAsync(setup, setup.Pick(60, 20)));
        return section;
    }

    private static async Task<Figure[]> FindRateAsync(Setup setup, int rate, int limit, bool retryAfter, int seconds)
    {
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs, $"--max-requests-per-second {rate}" + (retryAfter ? " --retry-after 1" : ""));
        using var stop = new CancellationTokenSource();
        var script = ShellScript.RunAsync(setup, "rate.ps1", emulator.BaseUri, $"-ThrottleLimit {limit} -Seconds {seconds + 30}", stop: stop.Token);
        while ((await emulator.CountsAsync()).Creates == 0) await Task.Delay(5);
        var clock = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var counts = await emulator.CountsAsync();
        var accepted = counts.TasksMade / clock.Elapsed.TotalSeconds / rate;
        var refused = (double)counts.TooManyRequests / counts.Creates;
        await stop.CancelAsync();
        await script.ContinueWith(_ => { }, TaskScheduler.Default);
        var what = $"R = {rate}, ThrottleLimit {limit}{(retryAfter ? ", Retry-After" : "")}";
        return
        [
            new(what, $"{accepted * rate:0.0}/s", $"{rate}/s", $"{accepted:0.00}", Verdict.AtLeast(accepted, LeastAccepted, $"{LeastAccepted}"))
            {
                Why = retryAfter ? "every 429 holds the whole session for a second, as its `Retry-After` asks, and each try of a higher rate may cost one."
                    : "one minute on a machine shared by four pairs; runs of the same program differ by up to a tenth.",
            },
            new("… share of 429", $"{refused:P1}", $"{counts.Creates:N0} requests", "", Verdict.AtMost(refused, MostRefused, $"{MostRefused:P0}"))
            {
                Why = "the fewer requests a second, the larger the part of the first burst: what is in flight when the first 429 comes was sent before any rate was known.",
            },
        ];
    }

    private static async Task<Figure> HardCapAsync(Setup setup, int seconds)
    {
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs);
        await ShellScript.RunAsync(setup, "hard-cap.ps1", emulator.BaseUri, $"-MaxRequestsPerSecond {Cap} -Seconds {seconds}");
        var times = await emulator.RequestTimesAsync();
        var most = MostInASecond(times);
        var rate = times.Length / (times[^1] - times[0]).TotalSeconds;
        return new($"-MaxRequestsPerSecond {Cap}, two runspaces, busiest second of {seconds}", $"{most} ({rate:0.0}/s on average)", $"{Cap}", $"{(double)most / Cap:0.00}", Verdict.AtMost(most, Cap, $"{Cap}"))
        {
            Why = "the module counts when it hands a request to the transport, and leaves a margin of 50 ms; the emulator counts when a request has arrived. What is held up longer than that on its way (both share two cores here) arrives with those after it. A margin for every delay would take as much from the rate.",
        };
    }

    private static int MostInASecond(DateTimeOffset[] times)
    {
        var (most, from) = (0, 0);
        for (var to = 0; to < times.Length; to++)
        {
            while (times[to] - times[from] >= TimeSpan.FromSeconds(1)) from++;
            most = Math.Max(most, to - from + 1);
        }
        return most;
    }
}
