using System.Diagnostics;

namespace MidJourney.Bench.References;

/// <summary>The bare loop that submitting is compared with: it sends, and reads each answer to its end, no more.</summary>
internal static class BareSubmit
{
    /// <summary>The first words of the command line that make a process of the bench run this.</summary>
    public const string Command = "bare-submit";

    public static async Task RunAsync(Uri baseUri, int count, int concurrency)
    {
        using var client = Rows.NewClient(baseUri);
        await PassAsync(client, "seconds", "job", count, concurrency);
        Console.WriteLine(FormattableString.Invariant($"alive={(DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds}"));
        await PassAsync(client, "again", "again", count, concurrency);
    }

    private static Task PassAsync(HttpClient client, string name, string job, int count, int concurrency) => Pass.RunAsync(name, count, concurrency, async (number, stop) =>
    {
        using var answer = await client.PostAsync(Rows.Path, Rows.Body(number, job), stop);
        await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(stop);
    });
}
