namespace MidJourney.Net472Console;

/// <summary>Eight upscales, as the cmdlets make them: written down, submitted, and waited for together.</summary>
internal static class Upscales
{
    private const int Count = 8;

    /// <exception cref="InvalidOperationException">Something came out other than it must.</exception>
    public static async Task<string> RunAsync(Uri emulator, string key)
    {
        var journal = Path.GetTempFileName();
        try
        {
            using var client = new GatewayClient(key, new GatewayOptions { BaseUri = emulator, Journal = new TaskJournal(journal) });
            var tasks = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => client.CreateAsync(Upscale($"job-{i / 4}", i % 4))));
            var outcomes = await WaitAsync(client, tasks);

            Must(client.Counters.Accepted == Count, $"{client.Counters.Accepted} tasks were accepted.");
            Must(outcomes.Select(o => o.Task.Id).Distinct().Count() == Count, $"{outcomes.Count} tasks were put out.");
            foreach (var outcome in outcomes) Must(outcome is { Error: null, Task: { Status: MJTaskStatus.Completed, Url: not null, Cost: > 0 } }, $"Task {outcome.Task.Id} ended as {outcome.Task.Status}: {outcome.Error}");
            Must(tasks.All(t => File.ReadAllText(journal).Contains(t.Id)), "A task is not in the journal.");
            return $"{Count} upscales submitted, waited for and written down; runtime {Environment.Version}";
        }
        finally
        {
            File.Delete(journal);
        }
    }

    private static async Task<List<PollOutcome>> WaitAsync(GatewayClient client, MJTask[] tasks)
    {
        var outcomes = new List<PollOutcome>();
        var poller = new TaskPoller(client, client.Options.ThrottleLimit, TimeSpan.Zero, observer: null, client.Time);
        foreach (var task in tasks) poller.Add(task, TimeSpan.FromMinutes(2));
        poller.EndAdding();
        await poller.RunAsync(
            (outcome, _) =>
            {
                outcomes.Add(outcome);
                return default;
            },
            CancellationToken.None);
        return outcomes;
    }

    private static MJSubmission Upscale(string job, int image) => new()
    {
        Model = "midjourney_upscale",
        Parameters = [new("jobId", job), new("imageNo", image), new("type", UpscaleType.NumberOf(UpscaleType.Creative))],
        SourceJobId = job,
        SourceImageNo = image,
        UpscaleType = UpscaleType.Creative,
    };

    public static void Must(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }
}
