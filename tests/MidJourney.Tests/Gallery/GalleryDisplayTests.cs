using Deque.AxeCore.Commons;
using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace MidJourney.Tests;

/// <summary>What a gallery shows, wherever it is opened.</summary>
[Collection(GalleryBrowserTests.Name)]
public sealed class GalleryDisplayTests(GalleryBrowser browser)
{
    private const int Images = 19;

    private string Folder => Path.GetDirectoryName(browser.Sample.Page)!;

    [BrowserFact]
    public async Task Every_image_is_shown_after_the_folder_was_moved()
    {
        await browser.OpenAsync(Path.Combine(CopySample(" moved #1 100%"), "gallery.html"), MustShowEveryImageAsync);
    }

    [BrowserFact]
    public async Task Every_image_is_shown_from_a_web_server()
    {
        await using var server = await FileServer.StartAsync(Folder);
        await browser.OpenAsync(new Uri(server.Address, "gallery.html").AbsoluteUri, MustShowEveryImageAsync);
    }

    [BrowserFact]
    public Task Its_policy_allows_nothing_but_its_own_script_style_and_files() => browser.OpenAsync(async view =>
    {
        view.MayLog("Content Security Policy");
        view.MayTry("https", "data");
        await view.AskAsync<object>("""
            (() => {
                window.blocked = [];
                document.addEventListener('securitypolicyviolation', e => blocked.push(e.effectiveDirective));
                const add = (tag, properties) => document.body.append(Object.assign(document.createElement(tag), properties));
                add('script', { textContent: 'window.wasCalled = true' });
                add('script', { src: './other.js' });
                add('style', { textContent: 'main { display: none }' });
                add('link', { rel: 'stylesheet', href: './other.css' });
                add('img', { src: 'https://example.org/x.png' });
                add('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' });
                add('object', { data: './other.swf' });
                add('base', { href: 'https://example.org/' });
                document.body.setAttribute('onclick', 'window.wasCalled = true');
                document.body.setAttribute('style', 'display: none');
                fetch('https://example.org/').catch(() => {});
            })()
            """);
        string[] expected =
        [
            "base-uri", "connect-src", "img-src", "img-src", "object-src", "script-src-attr", "script-src-elem", "script-src-elem",
            "style-src-attr", "style-src-elem", "style-src-elem",
        ];
        await view.UntilAsync($"blocked.length >= {expected.Length}");
        Assert.Equal(expected, (await view.AskAsync<string[]>("blocked")).Order(StringComparer.Ordinal));
        await view.ClickAsync("h1");
        Assert.False(await view.AskAsync<bool>("'wasCalled' in window"));
        Assert.NotEmpty(await view.TextsAsync("main h2"));
    });

    [BrowserFact]
    public Task Without_scripts_everything_is_shown() => browser.OpenAsync(async view =>
    {
        // The page's own script does not run; the test's do.
        Assert.False(await view.AskAsync<bool>("'ready' in document.documentElement.dataset"));
        await MustShowEveryImageAsync(view);
        Assert.Equal(SampleGallery.ByTime, await view.TextsAsync("main h2"));
        Assert.Equal(9, (await view.TextsAsync("main h3")).Length);
        Assert.Empty(await view.TextsAsync(".tools, #bar"));
        Assert.Contains("This page shows everything without scripts", string.Concat(await view.TextsAsync("noscript")), StringComparison.Ordinal);
    }, view => view.Tab.SetJavaScriptEnabledAsync(false));

    [BrowserFact]
    public Task Printed_it_shows_every_image() => browser.OpenAsync(async view =>
    {
        await view.Tab.EmulateMediaTypeAsync(MediaType.Print);
        await MustShowEveryImageAsync(view);
        Assert.Empty(await view.TextsAsync(".tools, #bar, dialog"));
    });

    [BrowserFact]
    public async Task Only_images_near_the_window_are_loaded()
    {
        var page = await LargeGallery.MakeAsync(prompts: 100);
        await browser.OpenAsync(page, async view =>
        {
            Assert.Equal(400, await view.AskAsync<int>("document.querySelectorAll('main img').length"));
            await view.UntilAsync("document.querySelector('main img').naturalWidth > 0");
            Assert.InRange(view.Images.Count, 4, 100);
        });
    }

    [BrowserFact]
    public async Task A_missing_file_is_named()
    {
        var folder = CopySample();
        File.Delete(Path.Combine(folder, $"{SampleGallery.Mill} 1.png"));
        await browser.OpenAsync(Path.Combine(folder, "gallery.html"), async view =>
        {
            view.MayLog("ERR_FILE_NOT_FOUND");
            Assert.Single(await view.BrokenImagesAsync());
            Assert.Equal(["file missing, or not shown by this browser"], await view.TextsAsync("figure:has(.broken) [data-pixels]"));
        });
    }

    [BrowserFact]
    public Task On_a_phone_nothing_is_wider_than_the_window() => browser.OpenAsync(async view =>
    {
        await view.ClickAsync(GalleryView.Tile(SampleGallery.Mill, "grid", 1));
        await view.Tab.ClickAsync(".keys summary");
        Assert.Equal(360, await view.AskAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await WiderAsync(view, "main img, main h2, .tools *, #bar *"));
        await view.Tab.FocusAsync(GalleryView.Tile(SampleGallery.Mill, "upscale Creative", 0));
        await view.PressAsync("v", "c");
        Assert.Empty(await WiderAsync(view, "#viewer *"));
    }, view => view.Tab.SetViewportAsync(new ViewPortOptions { Width = 360, Height = 740, IsMobile = true, HasTouch = true }));

    [BrowserFact]
    public Task It_is_accessible_in_light_colors() => MustBeAccessibleAsync("light");

    [BrowserFact]
    public Task It_is_accessible_in_dark_colors() => MustBeAccessibleAsync("dark");

    private string CopySample(string name = "")
    {
        var folder = Directory.CreateDirectory(TestFolder.NewFile(name)).FullName;
        foreach (var file in Directory.GetFiles(Folder)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }

    private Task MustBeAccessibleAsync(string scheme) => browser.OpenAsync(async view =>
    {
        await view.Tab.EvaluateExpressionAsync(new BundledAxeScriptProvider().GetScript());
        await view.ClickAsync(GalleryView.Tile(SampleGallery.Mill, "grid", 1));
        await view.Tab.ClickAsync(".keys summary");
        Assert.Empty(await ViolationsAsync(view));
        await view.FillAsync("#filter", "mill");
        await view.Tab.SelectAsync("#model", "midjourney_upscale");
        Assert.Empty(await ViolationsAsync(view));
        await view.Tab.FocusAsync(GalleryView.Tile(SampleGallery.Mill, "upscale Creative", 0));
        await view.PressAsync("v", "c");
        Assert.Empty(await ViolationsAsync(view));
    }, view => view.Tab.EmulateMediaFeaturesAsync(
    [
        new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme },
        // Colors in the middle of a transition have less contrast.
        new MediaFeatureValue { MediaFeature = MediaFeature.PrefersReducedMotion, Value = "reduce" },
    ]));

    private static Task<string[]> ViolationsAsync(GalleryView view) => view.AskAsync<string[]>("""
        axe.run().then(found => found.violations
            .filter(violation => ['serious', 'critical'].includes(violation.impact))
            .flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html} ${node.failureSummary}`)))
        """);

    private static async Task<IEnumerable<string>> WiderAsync(GalleryView view, string selector) =>
        (await view.EachAsync(selector, "e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0 ? e.outerHTML : ''")).Where(html => html != "");

    private static async Task MustShowEveryImageAsync(GalleryView view)
    {
        Assert.Empty(await view.BrokenImagesAsync());
        Assert.Equal(Images, view.Images.Distinct().Count());
    }
}
