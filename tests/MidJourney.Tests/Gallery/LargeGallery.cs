using MidJourney.Client.Tests;

namespace MidJourney.Tests;

/// <summary>A gallery of many grids, of files alone.</summary>
internal static class LargeGallery
{
    public static async Task<string> MakeAsync(int prompts)
    {
        var folder = Directory.CreateDirectory(TestFolder.NewFile("")).FullName;
        var image = PngFile.Make();
        for (var i = 0; i < prompts * 4; i++) await File.WriteAllBytesAsync(Path.Combine(folder, $"{i}.png"), image);
        using var shell = new ModuleShell();
        shell.Run($$"""
            0..{{prompts * 4 - 1}} | ForEach-Object {
                $task = $_ -shr 2
                [pscustomobject] @{ FullName = "{{folder}}/$_.png"; TaskId = "t$task"; Index = $_ % 4; Model = 'midjourney_diffusion'; JobId = "j$task"; Prompt = "prompt $task" }
            } | Export-MJGallery -Path '{{folder}}'
            """).MustSucceed();
        return Path.Combine(folder, "gallery.html");
    }
}
