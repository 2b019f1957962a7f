namespace MidJourney.Tests;

/// <summary>Filtering and sorting a gallery.</summary>
[Collection(GalleryBrowserTests.Name)]
public sealed class GalleryFilterTests(GalleryBrowser browser)
{
    private const string Prompts = "main h2", Tasks = "main h3";

    [BrowserFact]
    public Task Text_state_and_model_filter_tasks_and_keep_the_sources_of_those_that_match() => browser.OpenAsync(async view =>
    {
        var everything = await view.TextsAsync(Tasks);
        Assert.Equal(9, everything.Length);
        Assert.Equal("9 tasks, 19 images", await CountAsync(view));

        // Words in any order and any case.
        await view.FillAsync("#filter", "RIVER mill");
        Assert.Equal([SampleGallery.Mill], await view.TextsAsync(Prompts));
        Assert.Equal("5 of 9 tasks, 11 images", await CountAsync(view));

        await view.Tab.SelectAsync("#model", "midjourney_upscale");
        Assert.Equal("3 of 9 tasks, 3 images", await CountAsync(view));
        // Of the sources, only the images that the upscales were made from.
        Assert.Equal(["image 0", "image 0", "image 1", "image 3", "image 0", "image 2", "image 0"], await view.TextsAsync("main figcaption > span:first-of-type"));

        await view.FillAsync("#filter", "");
        await view.Tab.SelectAsync("#state", "Failed");
        Assert.Equal([SampleGallery.Clock], await view.TextsAsync(Prompts));
        Assert.Equal("1 of 9 tasks, 0 images", await CountAsync(view));
        await view.Tab.SelectAsync("#model", "");
        Assert.Equal([SampleGallery.Bridge, SampleGallery.Clock], await view.TextsAsync(Prompts));

        // An error and a task's ID are text, too.
        await view.FillAsync("#filter", "generation process");
        Assert.Equal([SampleGallery.Clock], await view.TextsAsync(Prompts));
        await view.Tab.SelectAsync("#state", "");
        await view.FillAsync("#filter", await view.AskAsync<string>("document.querySelector('main section:last-child article').dataset.taskId"));
        Assert.Equal([SampleGallery.Orchard], await view.TextsAsync(Prompts));

        await view.FillAsync("#filter", "mill tower");
        Assert.Empty(await view.TextsAsync(Prompts));
        Assert.True(await view.AskAsync<bool>("document.getElementById('none').checkVisibility()"));
        await view.FillAsync("#filter", "");
        Assert.Equal(everything, await view.TextsAsync(Tasks));
        Assert.False(await view.AskAsync<bool>("document.getElementById('none').checkVisibility()"));
    });

    [BrowserFact]
    public Task Prompts_are_sorted_by_time_cost_and_text() => browser.OpenAsync(async view =>
    {
        Assert.Equal(SampleGallery.ByTime, await view.TextsAsync(Prompts));
        await view.Tab.SelectAsync("#sort", "oldest");
        Assert.Equal(SampleGallery.ByTime.Reverse(), await view.TextsAsync(Prompts));
        await view.Tab.SelectAsync("#sort", "prompt");
        Assert.Equal([SampleGallery.Clock, SampleGallery.Mill, SampleGallery.Orchard, SampleGallery.Bridge], await view.TextsAsync(Prompts));
        // What has no known cost comes last.
        await view.Tab.SelectAsync("#sort", "cost");
        Assert.Equal([SampleGallery.Orchard, SampleGallery.Mill, SampleGallery.Clock, SampleGallery.Bridge], await view.TextsAsync(Prompts));
        await view.Tab.SelectAsync("#sort", "newest");
        Assert.Equal(SampleGallery.ByTime, await view.TextsAsync(Prompts));
    });

    private static Task<string> CountAsync(GalleryView view) => view.AskAsync<string>("document.getElementById('count').textContent");
}
