using System.Collections.Concurrent;
using PuppeteerSharp;

namespace MidJourney.Tests;

/// <summary>An open gallery, and what it did.</summary>
internal sealed class GalleryView
{
    private const string Icon = "/favicon.ico";

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentQueue<Uri> _requests = new();
    private string? _mayLog;
    private string[] _tried = [];

    public GalleryView(IPage tab, Uri address)
    {
        (Tab, Address) = (tab, address);
        tab.Console += (_, e) => _faults.Enqueue($"{e.Message.Type}: {e.Message.Text} {e.Message.Location?.URL}");
        tab.PageError += (_, e) => _faults.Enqueue($"error: {e.Message}");
        tab.Popup += (_, e) => _faults.Enqueue($"window: {e.PopupPage.Url}");
        tab.Request += (_, e) => _requests.Enqueue(new Uri(e.Request.Url));
        tab.Dialog += async (_, e) =>
        {
            _faults.Enqueue($"dialog: {e.Dialog.Message}");
            await e.Dialog.Dismiss();
        };
    }

    public IPage Tab { get; }

    public Uri Address { get; }

    /// <summary>The images that were requested. From a web server, the browser itself also requests an icon.</summary>
    public IReadOnlyList<Uri> Images => [.. _requests.Where(r => r != Address && r.AbsolutePath != Icon)];

    /// <summary>The selector of an image by its text, which a screen reader reads.</summary>
    public static string Tile(string prompt, string step, int number) => $"button:has(> img[alt=\"{prompt} (image {number} of {step})\"])";

    public async Task ClickAsync(string selector)
    {
        // Away from the bars at the edges of the window.
        await Tab.EvaluateFunctionAsync("s => document.querySelector(s).scrollIntoView({ block: 'center' })", selector);
        await Tab.ClickAsync(selector);
    }

    /// <summary>The text of the image that has the focus, or the ID of another element.</summary>
    public Task<string> FocusAsync() => AskAsync<string>("document.activeElement.querySelector(':scope > img')?.alt ?? document.activeElement.id");

    public Task<T> AskAsync<T>(string expression) => Tab.EvaluateExpressionAsync<T>(expression);

    /// <summary>An expression for each element that a selector finds.</summary>
    public Task<string[]> EachAsync(string selector, string expression) =>
        Tab.EvaluateFunctionAsync<string[]>($"s => [...document.querySelectorAll(s)].map(e => String({expression}))", selector);

    /// <summary>The texts of the elements that can be seen.</summary>
    public Task<string[]> TextsAsync(string selector) =>
        Tab.EvaluateFunctionAsync<string[]>("s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).map(e => e.textContent)", selector);

    public async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys) await Tab.Keyboard.PressAsync(key);
    }

    /// <summary>Writes a text in place of what a field has.</summary>
    public async Task FillAsync(string field, string text)
    {
        await Tab.FocusAsync(field);
        await Tab.EvaluateFunctionAsync("s => document.querySelector(s).select()", field);
        await Tab.Keyboard.PressAsync("Backspace");
        if (text.Length > 0) await Tab.Keyboard.TypeAsync(text);
    }

    public Task UntilAsync(string expression) => Tab.WaitForExpressionAsync(expression);

    /// <summary>Moves each image to the window, which loads it; returns the URLs of those that cannot be shown.</summary>
    public Task<string[]> BrokenImagesAsync() => Tab.EvaluateFunctionAsync<string[]>("""
        async () => {
            const broken = [];
            for (const image of document.querySelectorAll('main img')) {
                image.scrollIntoView({ block: 'center' });
                while (!image.complete) await new Promise(done => { image.onload = image.onerror = done; });
                if (image.naturalWidth === 0 || !image.checkVisibility() || image.getBoundingClientRect().width < 10) broken.push(image.src);
            }
            return broken;
        }
        """);

    /// <summary>Says what the page may log.</summary>
    public void MayLog(string text) => _mayLog = text;

    /// <summary>Says which schemes have requests that the page's policy prevents; the browser reports these, too.</summary>
    public void MayTry(params string[] schemes) => _tried = schemes;

    public void MustHaveStayedInside()
    {
        Assert.DoesNotContain(_faults, fault => !fault.EndsWith(Icon, StringComparison.Ordinal) && (_mayLog is null || !fault.Contains(_mayLog, StringComparison.Ordinal)));
        var folder = new Uri(Address, ".").AbsoluteUri;
        Assert.All(_requests.Where(r => !_tried.Contains(r.Scheme)), request => Assert.StartsWith(folder, request.AbsoluteUri, StringComparison.Ordinal));
    }
}
