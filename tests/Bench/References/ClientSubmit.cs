using MidJourney.Bench.Processes;

namespace MidJourney.Bench.References;

/// <summary>The bare loop with the module's client in it: what is left of submitting when PowerShell is taken away.</summary>
internal static class ClientSubmit
{
    /// <summary>The first words of the command line that make a process of the bench run this.</summary>
    public const string Command = "client-submit";

    /// <param name="baseUri">The gateway.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="concurrency">How many at a time.</param>
    /// <param name="journal">Where creates are written down; null for nowhere.</param>
    public static async Task RunAsync(Uri baseUri, int count, int concurrency, string? journal)
    {
        var options = new GatewayOptions { BaseUri = baseUri, ThrottleLimit = concurrency, Journal = journal is null ? null : new TaskJournal(journal) };
        using var client = new GatewayClient(EmulatorProcess.ApiKey, options);
        foreach (var (name, job) in new[] { ("seconds", "job"), ("again", "again") })
        {
            // One for a pass, as a cmdlet has it.
            var guard = journal is null ? null : await client.GuardAsync(new DuplicatePolicy(), null, CancellationToken.None);
            var batch = new RequestBatch();
            await Pass.RunAsync(name, count, concurrency, async (number, stop) =>
            {
                var submission = Rows.Submission(number, job);
                await client.CreateAsync(submission, guard?.Begin(submission, null), batch, null, stop);
            });
        }
    }
}
