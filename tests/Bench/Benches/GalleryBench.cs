using System.Text.Json;
using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;
using MidJourney.Tests;
using PuppeteerSharp;

namespace MidJourney.Bench.Benches;

/// <summary>How long a large gallery takes to open in a browser.</summary>
internal sealed class GalleryBench : IBench
{
    private const int Grids = 500, Patience = 60_000;

    /// <summary>Until everything in the window can be seen.</summary>
    private const string WhenPainted = """
        async () => {
            const isInWindow = image => image.getBoundingClientRect().top < innerHeight;
            const images = [...document.querySelectorAll('main section:nth-child(-n+9) img')].filter(isInWindow);
            await Promise.all(images.map(image => image.decode()));
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            const painted = performance.now();
            const [navigation] = performance.getEntriesByType('navigation');
            const filter = document.getElementById('filter');
            filter.value = 'number 77';
            const began = performance.now();
            filter.dispatchEvent(new Event('input'));
            document.body.getBoundingClientRect();
            return { painted, ready: navigation.domInteractive, filtered: performance.now() - began };
        }
        """;

    public string Name => "gallery";

    public async Task<Section> RunAsync(Setup setup)
    {
        var section = new Section(Name, "Opening a gallery", $"""
            `Export-MJGallery` writes a page of {Grids} grids with four images each and an upscale (`Scripts/gallery.ps1`), which a headless browser then opens from the disk,
            {setup.Rounds} times, each in a new process. The times run from the start of the navigation. The first screen is painted when all images in the window are decoded and shown.
            """);
        await using var emulator = await setup.StartEmulatorAsync("--duration 0.001");
        var folder = Directory.CreateDirectory(setup.Programs.PathOf("gallery")).FullName;
        var export = await emulator.RunScriptAsync("gallery.ps1", $"-Folder {folder} -Grids {Grids}");
        section.Figures.Add(new("`Export-MJGallery`", $"{export["seconds"]:0.00} s"));
        if (BrowserProgram.Path is not { } program)
        {
            section.Figures.Add(new("first screen painted", "not measured"));
            section.Details.Add(BrowserProgram.Missing);
            return section;
        }

        var times = new List<JsonElement>();
        for (var round = 0; round < setup.Rounds; round++) times.Add(await OpenAsync(program, folder, setup.Programs.PathOf($"browser{round}")));
        var painted = Median("painted");
        section.Figures.Add(new("first screen painted", $"{painted / 1000:0.00} s")
        {
            Goal = Goal.AtMost(painted, 2000, "2 s"),
        });
        section.Figures.Add(new("… script ready", $"{Median("ready") / 1000:0.00} s"));
        section.Figures.Add(new("… filter by text", $"{Median("filtered"):0} ms"));
        return section;

        double Median(string name) => times.Select(t => t.GetProperty(name).GetDouble()).Median();
    }

    private static async Task<JsonElement> OpenAsync(string program, string folder, string profile)
    {
        await using var browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = program,
            Headless = true,
            Args = BrowserProgram.Arguments,
            UserDataDir = Directory.CreateDirectory(profile).FullName,
            Env = { ["TMPDIR"] = profile },
            DefaultViewport = new ViewPortOptions { Width = 1280, Height = 900 },
        });
        await using var page = await browser.NewPageAsync();
        await page.GoToAsync(new Uri(Path.Combine(folder, "gallery.html")).AbsoluteUri, Patience, [WaitUntilNavigation.DOMContentLoaded]);
        return await page.EvaluateFunctionAsync<JsonElement>(WhenPainted);
    }
}
