using System.Diagnostics;
using System.Globalization;
using MidJourney.Bench.Processes;

namespace MidJourney.Bench.Baselines;

/// <summary>What the module is compared with: loops in a process of their own, which this program runs when its first argument names one.</summary>
internal static class Loops
{
    public const string BareSubmit = "bare-submit", ClientSubmit = "client-submit", BareSave = "bare-save";

    public static Task<Run> StartAsync(string loop, EmulatorProcess emulator, params IEnumerable<string> arguments) =>
        Run.StartAsync(Run.StartInfo(Programs.Bench, [loop, emulator.BaseUri.AbsoluteUri, .. arguments]));

    /// <returns>False if the arguments name no loop.</returns>
    public static async Task<bool> TryRunAsync(string[] args)
    {
        switch (args)
        {
            case [BareSubmit, var baseUri, var count, var concurrency]: await BareSubmitAsync(new Uri(baseUri), Number(count), Number(concurrency)); return true;
            case [ClientSubmit, var baseUri, var count, var concurrency, .. var journal]: await ClientSubmitAsync(new Uri(baseUri), Number(count), Number(concurrency), journal.FirstOrDefault()); return true;
            case [BareSave, var baseUri, var idFile, var folder, var concurrency]: await BareSaveAsync(new Uri(baseUri), idFile, folder, Number(concurrency)); return true;
            default: return false;
        }
    }

    /// <summary>Sends each request and reads the answer to its end.</summary>
    private static async Task BareSubmitAsync(Uri baseUri, int count, int concurrency)
    {
        using var client = Rows.NewClient(baseUri);
        foreach (var (name, job) in new[] { ("seconds", "job"), ("again", "again") })
        {
            await MeasureAsync(name, count, concurrency, async (number, stop) =>
            {
                using var answer = await client.PostAsync(Rows.Path, Rows.Body(number, job), stop);
                await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(stop);
            });
            if (name == "seconds") Print("alive", (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds);
        }
    }

    /// <summary>The same with the module's client, which shows how much of the time is PowerShell's.</summary>
    private static async Task ClientSubmitAsync(Uri baseUri, int count, int concurrency, string? journal)
    {
        var options = new GatewayOptions { BaseUri = baseUri, ThrottleLimit = concurrency, Journal = journal is null ? null : new TaskJournal(journal) };
        using var client = new GatewayClient(EmulatorProcess.ApiKey, options);
        // One guard and one batch, as in a cmdlet's run.
        var guard = journal is null ? null : await client.GuardAsync(new DuplicatePolicy(), null, CancellationToken.None);
        var batch = new RequestBatch();
        await MeasureAsync("seconds", count, concurrency, async (number, stop) =>
        {
            var submission = Rows.Submission(number);
            await client.CreateAsync(submission, guard?.Begin(submission, null), batch, null, stop);
        });
    }

    /// <summary>Copies each answer to a file.</summary>
    private static async Task BareSaveAsync(Uri baseUri, string idFile, string folder, int concurrency)
    {
        using var client = new HttpClient { BaseAddress = baseUri };
        var ids = await File.ReadAllLinesAsync(idFile);
        await MeasureAsync("seconds", ids.Length, concurrency, async (number, stop) =>
        {
            var id = ids[number - 1];
            await using var answer = await client.GetStreamAsync($"/files/{id}/0.png", stop);
            await using var file = File.Create(Path.Combine(folder, id + ".png"));
            await answer.CopyToAsync(file, stop);
        });
        using var self = Process.GetCurrentProcess();
        Print("peak", self.PeakWorkingSet64);
    }

    /// <summary>Prints how long the loop took, and how much processor time the process used.</summary>
    private static async Task MeasureAsync(string name, int count, int concurrency, Func<int, CancellationToken, ValueTask> row)
    {
        var used = ProcessorTime();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(1, count), new ParallelOptions { MaxDegreeOfParallelism = concurrency }, row);
        Print(name, clock.Elapsed.TotalSeconds);
        Print($"{name}-cpu", (ProcessorTime() - used).TotalSeconds);
    }

    private static TimeSpan ProcessorTime()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    private static void Print(string name, double value) => Console.WriteLine(FormattableString.Invariant($"{name}={value}"));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
