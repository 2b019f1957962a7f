using System.Diagnostics;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>Whether a session finds a gateway's rate limit and keeps its own.</summary>
internal sealed class RateBench : IBench
{
    private const double MinAccepted = 0.85, MaxRefused = 0.05;
    private const int Cap = 50;

    public string Name => "rate";

    public async Task<Section> RunAsync(Setup setup)
    {
        var seconds = setup.Pick(60, 30);
        var section = new Section(Name, "A gateway with a rate limit", $"""
            An endless producer is piped to `Invoke-MJUpscale` for {seconds} s (`Scripts/rate.ps1`). The emulator allows R requests per second (`--max-requests-per-second`), with and
            without `--retry-after 1`. From the first create on, it counts the tasks made, compared with R × {seconds} s, and the share of requests answered 429. Four pairs
            of module and emulator run at a time. Then one session with `-MaxRequestsPerSecond {Cap}` is shared by two runspaces, each with a pipeline
            `Invoke-MJUpscale | Get-MJTask` (`Scripts/hard-cap.ps1`): the table shows the most requests that arrived in any one second.
            """);
        var cases = from rate in setup.Pick([20, 200], new[] { 50 })
                    from limit in setup.Pick([16], new[] { 16, 64 })
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
        section.Figures.Add(await HardCapAsync(setup, setup.Pick(30, 20)));
        return section;
    }

    private static async Task<Figure[]> FindRateAsync(Setup setup, int rate, int limit, bool retryAfter, int seconds)
    {
        await using var emulator = await setup.StartEmulatorAsync($"--max-requests-per-second {rate}" + (retryAfter ? " --retry-after 1" : ""));
        using var stop = new CancellationTokenSource();
        var script = emulator.RunScriptAsync("rate.ps1", $"-ThrottleLimit {limit} -Seconds {seconds + 30}", stop: stop.Token);
        while ((await emulator.CountsAsync()).Creates == 0) await Task.Delay(5);
        var clock = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var counts = await emulator.CountsAsync();
        var accepted = counts.TasksMade / clock.Elapsed.TotalSeconds / rate;
        var refused = (double)counts.TooManyRequests / counts.Creates;
        await stop.CancelAsync();
        await script.ContinueWith(_ => { }, TaskScheduler.Default);
        return
        [
            new($"R = {rate}, ThrottleLimit {limit}{(retryAfter ? ", Retry-After" : "")}", $"{accepted * rate:0.0}/s", $"{rate}/s", $"{accepted:0.00}")
            {
                Goal = Goal.AtLeast(accepted, MinAccepted, $"{MinAccepted}"),
                Reason = retryAfter ? "Every 429 pauses the whole session for a second, as its `Retry-After` asks, and each attempt at a higher rate may cost one."
                    : "This is one minute on a machine shared by four pairs; runs of the same program differ by up to a tenth.",
            },
            new("… share of 429", $"{refused:P1}", $"{counts.Creates:N0} requests")
            {
                Goal = Goal.AtMost(refused, MaxRefused, $"{MaxRefused:P0}"),
                Reason = "The lower the rate, the larger the share of the first burst: what is in flight at the first 429 was sent before any rate was known.",
            },
        ];
    }

    private static async Task<Figure> HardCapAsync(Setup setup, int seconds)
    {
        await using var emulator = await setup.StartEmulatorAsync();
        await emulator.RunScriptAsync("hard-cap.ps1", $"-MaxRequestsPerSecond {Cap} -Seconds {seconds}");
        var times = await emulator.RequestTimesAsync();
        var busiest = BusiestSecond(times);
        var rate = times.Length / (times[^1] - times[0]).TotalSeconds;
        return new($"-MaxRequestsPerSecond {Cap}, two runspaces, busiest second of {seconds}", $"{busiest} ({rate:0.0}/s on average)", $"{Cap}", $"{(double)busiest / Cap:0.00}")
        {
            Goal = Goal.AtMost(busiest, Cap, $"{Cap}"),
            Reason = "The module counts a request when it hands it to the transport, with a margin of 50 ms; the emulator counts it when it arrives. " +
                "A request delayed by more than that arrives together with later ones. A larger margin would lower the rate by as much.",
        };
    }

    private static int BusiestSecond(DateTimeOffset[] times)
    {
        var (busiest, from) = (0, 0);
        for (var to = 0; to < times.Length; to++)
        {
            while (times[to] - times[from] >= TimeSpan.FromSeconds(1)) from++;
            busiest = Math.Max(busiest, to - from + 1);
        }
        return busiest;
    }
}
