using MidJourney.Client.Tests;

namespace MidJourney.Tests;

/// <summary>The first thing a new user runs.</summary>
public sealed class DemoTests
{
    private static readonly string Demo = Path.Combine(Repository.Root, "docs", "examples", "demo.ps1");
    private static readonly string Folder = Path.Combine(Repository.Root, "out", "demo");

    [Fact]
    public async Task It_leads_from_prompts_to_images_on_disk_and_shows_what_a_failure_looks_like()
    {
        // A second run finds what the first has left.
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "old.png"), "old");
        var shown = await ShellProcess.RunAsync($"& '{Demo}'; '== end'", new Uri("http://127.0.0.1:1"), TestFolder.NewFile(".jsonl"));
        var lines = shown.Split('\n').Select(l => l.TrimEnd()).ToArray();
        var end = Array.IndexOf(lines, "== end");
        Assert.True(end > 5, shown);
        Assert.Equal("11 of 12 upscales are saved.", lines[end - 5]);
        Assert.Equal("At the emulator's prices, all of this costs 0.70 USD. Nothing was billed.", lines[end - 4]);
        Assert.Equal($"The images are in {Folder}", lines[end - 2]);
        Assert.Equal($"To look at them and choose, open {Path.Combine(Folder, "gallery.html")} in a browser.", lines[end - 1]);
        Assert.Contains("8004005098", shown, StringComparison.Ordinal);
        // Which grid is the emulator's second, and so has the failure, is chance.
        string[] prompts = ["a harbour at dawn, woodcut", "a lighthouse at dusk, in oil", "a night train in the snow"];
        var costs = prompts.Select(prompt => Assert.Single(lines, line => line.TrimStart().StartsWith('$') && line.Contains(prompt[..20], StringComparison.Ordinal)).Split(prompt[..20])[0]);
        Assert.Equal(["$0.200 $0.050 5 1 0 1", "$0.250 $0.050 5 0 0 0", "$0.250 $0.050 5 0 0 0"], costs.Select(c => string.Join(' ', c.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Order());
        Assert.All(lines.Take(end), line => Assert.True(line.Length <= 80 || line.Contains(Folder, StringComparison.Ordinal), line));

        var images = Directory.GetFiles(Folder, "*.png");
        Assert.Equal(12 + 11, images.Length);
        var page = await File.ReadAllTextAsync(Path.Combine(Folder, "gallery.html"));
        Assert.All(images, image => Assert.Contains($"src=\"./{Uri.EscapeDataString(Path.GetFileName(image))}\"", page, StringComparison.Ordinal));
        Assert.All(images, image =>
        {
            Assert.NotEmpty(PngFile.Read(image).Texts);
            Assert.True(File.Exists(image + ".json"));
        });
    }
}
