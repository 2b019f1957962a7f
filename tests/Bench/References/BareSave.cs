using System.Diagnostics;

namespace MidJourney.Bench.References;

/// <summary>The bare loop that saving is compared with: it copies each answer into a file, no more.</summary>
internal static class BareSave
{
    /// <summary>The first words of the command line that make a process of the bench run this.</summary>
    public const string Command = "bare-save";

    public static async Task RunAsync(Uri baseUri, string idFile, string folder, int concurrency)
    {
        using var client = new HttpClient { BaseAddress = baseUri };
        var ids = await File.ReadAllLinesAsync(idFile);
        await Pass.RunAsync("seconds", ids.Length, concurrency, async (number, stop) =>
        {
            var id = ids[number - 1];
            await using var answer = await client.GetStreamAsync($"/files/{id}/0.png", stop);
            await using var file = File.Create(Path.Combine(folder, id + ".png"));
            await answer.CopyToAsync(file, stop);
        });
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(FormattableString.Invariant($"peak={self.PeakWorkingSet64}"));
    }
}
