using PuppeteerSharp;

namespace MidJourney.Tests;

/// <summary>Tests of the gallery's page in a real browser, one after the other in one process.</summary>
[CollectionDefinition(Name)]
public sealed class GalleryBrowserTests : ICollectionFixture<GalleryBrowser>
{
    public const string Name = "Gallery in a browser";
}

/// <summary>A browser, and a gallery that tests look at and do not change.</summary>
public sealed class GalleryBrowser : IAsyncLifetime
{
    private const int Patience = 60_000;

    private IBrowser? _browser;

    internal SampleGallery Sample { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (BrowserProgram.Path is not { } program) return;
        var profile = Directory.CreateDirectory(TestFolder.File("browser")).FullName;
        var started = Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = program,
            Headless = true,
            Args = BrowserProgram.Arguments,
            UserDataDir = profile,
            Env = { ["TMPDIR"] = profile },
            Timeout = Patience,
            ProtocolTimeout = Patience,
            DefaultViewport = new ViewPortOptions { Width = 1280, Height = 900 },
        });
        try
        {
            Sample = await SampleGallery.MakeAsync();
        }
        finally
        {
            _browser = await started;
        }
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
    }

    /// <summary>
    /// Opens a gallery and looks at it. Whatever is done there, the page must request nothing but files of its folder, and must not log anything, not even a violation of
    /// its policy.
    /// </summary>
    /// <param name="page">The address, or the file's path.</param>
    /// <param name="look">What to do there.</param>
    /// <param name="prepare">What to set before the page is opened.</param>
    internal async Task OpenAsync(string page, Func<GalleryView, Task> look, Func<GalleryView, Task>? prepare = null)
    {
        var tab = await _browser!.NewPageAsync();
        try
        {
            tab.DefaultTimeout = Patience;
            var view = new GalleryView(tab, new Uri(page));
            if (prepare is not null) await prepare(view);
            await tab.GoToAsync(view.Address.AbsoluteUri, Patience, [WaitUntilNavigation.Load]);
            await look(view);
            view.MustHaveStayedInside();
        }
        finally
        {
            await tab.CloseAsync();
        }
    }

    /// <summary>Opens the sample.</summary>
    internal Task OpenAsync(Func<GalleryView, Task> look, Func<GalleryView, Task>? prepare = null) => OpenAsync(Sample.Page, look, prepare);
}
