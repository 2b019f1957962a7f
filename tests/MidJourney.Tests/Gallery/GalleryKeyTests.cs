namespace MidJourney.Tests;

/// <summary>A gallery by keyboard, as its list of keys says, and its viewer.</summary>
[Collection(GalleryBrowserTests.Name)]
public sealed class GalleryKeyTests(GalleryBrowser browser)
{
    [BrowserFact]
    public Task Arrows_move_to_the_nearest_image() => browser.OpenAsync(async view =>
    {
        await FocusAsync(view, "grid", 0);
        (string Key, string Focus)[] steps =
        [
            ("ArrowRight", "image 1 of grid"), ("ArrowRight", "image 2 of grid"), ("ArrowDown", "image 0 of upscale Standard"), ("ArrowUp", "image 2 of grid"),
            ("ArrowLeft", "image 1 of grid"), ("ArrowLeft", "image 0 of grid"), ("ArrowDown", "image 0 of upscale Creative"), ("ArrowRight", "image 0 of variation"),
            ("ArrowRight", "image 1 of variation"), ("ArrowDown", "image 3 of variation"),
        ];
        foreach (var (key, focus) in steps)
        {
            await view.PressAsync(key);
            Assert.Equal($"{SampleGallery.Mill} ({focus})", await view.FocusAsync());
        }
    });

    [BrowserFact]
    public Task Arrows_move_between_prompts() => browser.OpenAsync(async view =>
    {
        await view.Tab.FocusAsync(GalleryView.Tile(SampleGallery.Orchard, "grid", 0));
        await view.PressAsync("ArrowUp");
        Assert.StartsWith(SampleGallery.Mill, await view.FocusAsync(), StringComparison.Ordinal);
        await view.PressAsync("ArrowDown");
        Assert.StartsWith(SampleGallery.Orchard, await view.FocusAsync(), StringComparison.Ordinal);
        // There is nothing below.
        await view.PressAsync("ArrowDown");
        Assert.StartsWith(SampleGallery.Orchard, await view.FocusAsync(), StringComparison.Ordinal);
    });

    [BrowserFact]
    public Task Space_Enter_and_numbers_choose() => browser.OpenAsync(async view =>
    {
        await FocusAsync(view, "grid", 1);
        await view.PressAsync("Space");
        Assert.Equal(["image 1 of grid"], await ChosenAsync(view));
        await view.PressAsync("Enter");
        Assert.Empty(await ChosenAsync(view));
        await view.PressAsync("1", "4", "2", "1", "5");
        Assert.Equal(["image 1 of grid", "image 3 of grid"], await ChosenAsync(view));
        // Numbers mean the images of the same task.
        await FocusAsync(view, "variation", 3);
        await view.PressAsync("1");
        Assert.Equal(["image 1 of grid", "image 0 of variation", "image 3 of grid"], await ChosenAsync(view));
        // With Ctrl or Alt, keys are the browser's.
        await view.Tab.Keyboard.DownAsync("Alt");
        await view.PressAsync("2");
        await view.Tab.Keyboard.UpAsync("Alt");
        Assert.Equal(3, (await ChosenAsync(view)).Length);
    });

    [BrowserFact]
    public Task Keys_are_text_in_the_filter() => browser.OpenAsync(async view =>
    {
        await FocusAsync(view, "grid", 1);
        await view.PressAsync("/");
        Assert.Equal("filter", await view.FocusAsync());
        await view.Tab.Keyboard.TypeAsync("/1v ");
        Assert.Equal("/1v ", await view.AskAsync<string>("document.getElementById('filter').value"));
        Assert.False(await view.AskAsync<bool>("document.getElementById('viewer').open"));
        Assert.Empty(await ChosenAsync(view));
        Assert.Empty(await view.TextsAsync("main h2"));
        await view.PressAsync("Escape");
        Assert.Equal("", await view.FocusAsync());
        Assert.Equal(SampleGallery.ByTime, await view.TextsAsync("main h2"));
    });

    [BrowserFact]
    public Task A_question_mark_shows_the_keys_and_Escape_hides_them() => browser.OpenAsync(async view =>
    {
        await view.PressAsync("?");
        Assert.NotEmpty(await view.TextsAsync(".keys li"));
        await view.PressAsync("Escape");
        Assert.Empty(await view.TextsAsync(".keys li"));
    });

    [BrowserFact]
    public Task The_viewer_shows_one_image_after_the_other_and_gives_the_focus_back() => browser.OpenAsync(async view =>
    {
        await FocusAsync(view, "grid", 2);
        await view.PressAsync("v");
        Assert.True(await IsOpenAsync(view));
        Assert.Equal($"{SampleGallery.Mill} (image 2 of grid)", await LargeAsync(view));
        await view.PressAsync("Space");
        Assert.Equal(["image 2 of grid"], await ChosenAsync(view));
        await view.PressAsync("ArrowLeft");
        Assert.NotEqual($"{SampleGallery.Mill} (image 2 of grid)", await LargeAsync(view));
        await view.PressAsync("ArrowRight");
        Assert.Equal($"{SampleGallery.Mill} (image 2 of grid)", await LargeAsync(view));
        // A grid has no source to compare with.
        await view.PressAsync("c");
        Assert.False(await view.AskAsync<bool>("document.getElementById('split').checkVisibility()"));
        await view.PressAsync("Escape");
        Assert.False(await IsOpenAsync(view));
        Assert.Equal($"{SampleGallery.Mill} (image 2 of grid)", await view.FocusAsync());
    });

    [BrowserFact]
    public Task A_slider_lays_an_upscale_over_its_source() => browser.OpenAsync(async view =>
    {
        await FocusAsync(view, "upscale V5_2x", 0);
        await view.PressAsync("v", "c");
        Assert.Equal($"{SampleGallery.Mill} (image 0 of upscale V5_2x)", await LargeAsync(view));
        Assert.Equal($"{SampleGallery.Mill} (image 3 of variation)", await view.AskAsync<string>("document.getElementById('before').alt"));
        await view.UntilAsync("['before', 'large'].every(id => document.getElementById(id).naturalWidth > 0)");
        Assert.Equal(["variation, image 3", "upscale V5_2x of image 3 of variation, image 0"], await view.TextsAsync("#viewer .side"));

        // Both lie exactly over one another, and the arrow keys move the divider.
        var places = await view.EachAsync("#before, #large", "JSON.stringify(e.getBoundingClientRect())");
        Assert.Equal(places[0], places[1]);
        Assert.Equal("split", await view.FocusAsync());
        Assert.Equal("inset(0px 0px 0px 50%)", await ClipAsync(view));
        await view.PressAsync("ArrowRight", "ArrowRight");
        Assert.Equal("inset(0px 0px 0px 52%)", await ClipAsync(view));
        await view.PressAsync("Home");
        Assert.Equal("inset(0px 0px 0px 0%)", await ClipAsync(view));
        Assert.True(await IsOpenAsync(view));

        await view.PressAsync("c");
        Assert.False(await view.AskAsync<bool>("document.getElementById('before').checkVisibility()"));
        await view.Tab.ClickAsync("#compare");
        Assert.True(await view.AskAsync<bool>("document.getElementById('before').checkVisibility()"));
        await view.Tab.ClickAsync("#close");
        Assert.Equal($"{SampleGallery.Mill} (image 0 of upscale V5_2x)", await view.FocusAsync());
    });

    private static Task FocusAsync(GalleryView view, string step, int number) => view.Tab.FocusAsync(GalleryView.Tile(SampleGallery.Mill, step, number));

    private static Task<bool> IsOpenAsync(GalleryView view) => view.AskAsync<bool>("document.getElementById('viewer').open");

    private static Task<string> LargeAsync(GalleryView view) => view.AskAsync<string>("document.getElementById('large').alt");

    private static Task<string> ClipAsync(GalleryView view) => view.AskAsync<string>("getComputedStyle(document.getElementById('large')).clipPath");

    private static async Task<string[]> ChosenAsync(GalleryView view) =>
        [.. (await view.EachAsync("main [aria-pressed=true] img", "e.alt")).Select(alt => alt[(alt.IndexOf('(', StringComparison.Ordinal) + 1)..^1])];
}
