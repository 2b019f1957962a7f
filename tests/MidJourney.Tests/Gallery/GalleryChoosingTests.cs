using System.Management.Automation.Language;
using MidJourney.Client.Tests;

namespace MidJourney.Tests;

/// <summary>Choosing images, and the command for them.</summary>
[Collection(GalleryBrowserTests.Name)]
public sealed class GalleryChoosingTests(GalleryBrowser browser)
{
    private const string Next = " | Wait-MJTask | Save-MJOutput";

    private string Orchard => browser.Sample.Jobs["orchard"];

    private string Mill => browser.Sample.Jobs["mill"];

    private string Varied => browser.Sample.Jobs["varied"];

    [BrowserFact]
    public Task The_command_takes_what_is_chosen_further() => browser.OpenAsync(async view =>
    {
        Assert.False(await view.AskAsync<bool>("document.getElementById('bar').checkVisibility()"));
        await ChooseAsync(view, SampleGallery.Mill, "grid", 2, 0);
        Assert.Equal($"Invoke-MJUpscale -JobId '{Mill}' -ImageNo 0,2 -Type Creative{Next}", await CommandAsync(view));

        // The same images of several jobs are one command.
        await ChooseAsync(view, SampleGallery.Orchard, "grid", 0, 2);
        Assert.Equal($"Invoke-MJUpscale -JobId '{Mill}','{Orchard}' -ImageNo 0,2 -Type Creative{Next}", await CommandAsync(view));
        Assert.Equal("4 chosen", await view.AskAsync<string>("document.getElementById('chosen').textContent"));

        await ChooseAsync(view, SampleGallery.Orchard, "grid", 0);
        await view.Tab.SelectAsync("#action", "Invoke-MJVariation Strong");
        string[] calls = [$"Invoke-MJVariation -JobId '{Mill}' -ImageNo 0,2 -Type Strong", $"Invoke-MJVariation -JobId '{Orchard}' -ImageNo 2 -Type Strong"];
        Assert.Equal($"& {{ {calls[0]}; {calls[1]} }}{Next}", await CommandAsync(view));

        await view.Tab.ClickAsync("#clear");
        Assert.False(await view.AskAsync<bool>("document.getElementById('bar').checkVisibility()"));
        Assert.Empty(await view.EachAsync("main [aria-pressed=true]", "e.innerHTML"));
    });

    [BrowserFact]
    public Task What_is_chosen_stays_chosen_while_the_filter_hides_it() => browser.OpenAsync(async view =>
    {
        await ChooseAsync(view, SampleGallery.Mill, "grid", 1);
        var command = await CommandAsync(view);
        await view.FillAsync("#filter", "orchard");
        Assert.Equal("1 chosen (1 not shown)", await view.AskAsync<string>("document.getElementById('chosen').textContent"));
        Assert.Equal(command, await CommandAsync(view));
    });

    [BrowserFact]
    public Task An_upscale_cannot_be_chosen() => browser.OpenAsync(async view =>
    {
        var upscale = GalleryView.Tile(SampleGallery.Mill, "upscale Creative", 0);
        await view.ClickAsync(upscale);
        Assert.True(await view.AskAsync<bool>("document.getElementById('viewer').open"));
        Assert.False(await view.AskAsync<bool>("document.getElementById('choose').checkVisibility()"));
        await view.PressAsync("Space", "Escape");
        Assert.False(await view.AskAsync<bool>("document.getElementById('bar').checkVisibility()"));
    });

    [BrowserFact]
    public async Task The_copied_command_makes_exactly_what_was_chosen()
    {
        var command = "";
        await browser.OpenAsync(async view =>
        {
            await ChooseAsync(view, SampleGallery.Mill, "grid", 0, 3);
            await ChooseAsync(view, SampleGallery.Mill, "variation", 0, 3);
            await ChooseAsync(view, SampleGallery.Orchard, "grid", 1);
            await view.Tab.SelectAsync("#action", "Invoke-MJUpscale V5_4x");
            await view.Tab.ClickAsync("#copy");
            await view.UntilAsync("document.getElementById('copy').textContent === 'Copied'");
            command = await PasteAsync(view);
        });
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway, $"-JournalPath '{TestFolder.NewFile(".jsonl")}'");
        var folder = Directory.CreateDirectory(TestFolder.NewFile("")).FullName;
        shell.Run($"Set-Location '{folder}'").MustSucceed();
        Assert.Equal(5, shell.Run(command).MustSucceed().Output.Count);
        Assert.Equal(5, Directory.GetFiles(folder, "*.png").Length);
        string[] expected = [$"{Mill} 0", $"{Mill} 3", $"{Orchard} 1", $"{Varied} 0", $"{Varied} 3"];
        Assert.Equal(expected.Order(), gateway.Jobs.Keys.Select(job => $"{job.JobId} {job.ImageNo}").Order());
        Assert.All(gateway.Jobs, job => Assert.Equal((1, "3"), (job.Value.TasksMade, job.Key.Type?.ToString())));
    }

    [BrowserFact]
    public Task Without_a_clipboard_the_command_is_selected() => browser.OpenAsync(async view =>
    {
        await ChooseAsync(view, SampleGallery.Mill, "grid", 1);
        await view.Tab.ClickAsync("#copy");
        await view.UntilAsync("document.getElementById('copy').textContent === 'Press Ctrl+C'");
        Assert.Equal("command", await view.FocusAsync());
        Assert.Equal(await CommandAsync(view), await view.AskAsync<string>("getSelection().toString()"));
    }, view => view.Tab.EvaluateExpressionOnNewDocumentAsync("delete Navigator.prototype.clipboard; document.execCommand = () => false"));

    [BrowserFact]
    public async Task The_command_saves_in_the_folder_that_the_page_was_written_to()
    {
        var folder = TestFolder.NewFile("");
        var pages = Directory.CreateDirectory(Path.Combine(folder, "it's $(here)", "[1]")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(pages, "0.png"), PngFile.Make());
        using var shell = new ModuleShell();
        shell.Run($$"""
            Set-Location '{{folder}}'
            [pscustomobject] @{ FullName = "{{folder}}/it's `$(here)/[1]/0.png"; TaskId = 't'; Index = 0; JobId = 'j'; Model = 'midjourney_diffusion' } |
                Export-MJGallery -Path "it's `$(here)/[1]"
            """).MustSucceed();
        await browser.OpenAsync(Path.Combine(pages, "gallery.html"), async view =>
        {
            await view.ClickAsync("main button[aria-pressed]");
            var command = Parser.ParseInput(await CommandAsync(view), out _, out var errors);
            Assert.Empty(errors);
            var save = (CommandAst)command.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Last();
            var words = save.CommandElements.Select(e => e is StringConstantExpressionAst text ? text.Value : e.Extent.Text);
            Assert.Equal(["Save-MJOutput", "-LiteralPath", "it's $(here)/[1]"], words);
        });
    }

    private static async Task ChooseAsync(GalleryView view, string prompt, string step, params int[] numbers)
    {
        foreach (var number in numbers) await view.ClickAsync(GalleryView.Tile(prompt, step, number));
    }

    private static Task<string> CommandAsync(GalleryView view) => view.AskAsync<string>("document.getElementById('command').value");

    /// <summary>What Ctrl+V gives.</summary>
    private static async Task<string> PasteAsync(GalleryView view)
    {
        await view.Tab.FocusAsync("#filter");
        await view.Tab.Keyboard.DownAsync("Control");
        await view.Tab.Keyboard.DownAsync("v", new PuppeteerSharp.Input.DownOptions { Commands = ["paste"] });
        return await view.AskAsync<string>("document.getElementById('filter').value");
    }
}
