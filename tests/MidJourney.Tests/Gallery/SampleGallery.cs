using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Tests;

/// <summary>
/// A gallery of real tasks of the emulator, a minute apart. An orchard: a grid with a high price. A mill: a grid, upscales of its images 0 and 2, a variation of its image 1,
/// and an upscale of that. A clock tower: a grid and an upscale that failed. A bridge: a grid that failed.
/// </summary>
/// <param name="Page">The file.</param>
/// <param name="Jobs">The jobs of the grids, by a word for each.</param>
internal sealed record SampleGallery(string Page, IReadOnlyDictionary<string, string> Jobs)
{
    public const string Orchard = "an orchard in spring", Mill = "a mill by a river", Clock = "a clock tower", Bridge = "broken bridge";

    public static readonly string[] ByTime = [Bridge, Clock, Mill, Orchard];

    public static async Task<SampleGallery> MakeAsync()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(-1));
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(taskSeconds: 0, clock));
        gateway.Shapes.SetPrompt(Orchard, new TaskShape { Cost = 3 });
        gateway.Shapes.SetPrompt(Bridge, new TaskShape { Failure = TaskFailure.ProviderUnavailable });
        var folder = Directory.CreateDirectory(TestFolder.NewFile("")).FullName;
        using var shell = ModuleShell.For(gateway, $"-JournalPath '{TestFolder.NewFile(".jsonl")}'");
        string[] steps =
        [
            $"$orchard = Invoke-MJDiffusion '{Orchard}' | Wait-MJTask",
            $"$mill = Invoke-MJDiffusion '{Mill}' | Wait-MJTask",
            "$large = $mill | Invoke-MJUpscale -ImageNo 0 -Type Creative | Wait-MJTask",
            "$subtle = $mill | Invoke-MJUpscale -ImageNo 2 -Type Standard | Wait-MJTask",
            "$varied = $mill | Invoke-MJVariation -ImageNo 1 -Type Subtle | Wait-MJTask",
            "$variedLarge = $varied | Invoke-MJUpscale -ImageNo 3 -Type V5_2x | Wait-MJTask",
            $"$clock = Invoke-MJDiffusion '{Clock}' | Wait-MJTask",
            "$failed = $clock | Invoke-MJUpscale -ImageNo 1 -Type Creative | Wait-MJTask -ErrorAction Ignore",
            $"$bridge = Invoke-MJDiffusion '{Bridge}' | Wait-MJTask -ErrorAction Ignore",
        ];
        foreach (var step in steps)
        {
            shell.Run(step).MustSucceed();
            if (step.StartsWith("$clock", StringComparison.Ordinal)) gateway.Shapes.SetModel("midjourney_upscale", new TaskShape { Failure = TaskFailure.GenerationFailed });
            clock.Advance(TimeSpan.FromMinutes(1));
        }
        var jobs = shell.Run($$"""
            $all = $orchard, $mill, $large, $subtle, $varied, $variedLarge, $clock, $failed, $bridge
            $null = $all | Save-MJOutput -Path '{{folder}}'
            $all | Export-MJGallery -Path '{{folder}}' -Title 'A sample'
            [pscustomobject] @{ orchard = $orchard.JobId; mill = $mill.JobId; varied = $varied.JobId }
            """).MustSucceed().Output.Single();
        return new SampleGallery(Path.Combine(folder, "gallery.html"), jobs.Properties.ToDictionary(p => p.Name, p => (string)p.Value));
    }
}
