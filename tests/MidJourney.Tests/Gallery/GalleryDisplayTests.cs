namespace MidJourney.Tests;

/// <summary>What a gallery shows, wherever it is opened.</summary>
[Collection(GalleryBrowserTests.Name)]
public sealed class GalleryDisplayTests(GalleryBrowser browser)
{
    private const int Images = 19;

    [BrowserFact]
    public async Task Every_image_is_shown_after_the_folder_was_moved()
    {
        var folder = TestFolder.NewFile(" moved #1 100%");
        CopyTo(folder);
        await browser.OpenAsync(Path.Combine(folder, "gallery.html"), MustShowEveryImage);
    }

    private static async Task MustShowEveryImage(GalleryView view)
    {
        Assert.Empty(await view.BrokenImagesAsync());
        Assert.Equal(Images, view.Images.Distinct().Count());
    }

    private void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(browser.Sample.Page)!)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }
}
