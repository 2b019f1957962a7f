namespace MidJourney.Tests;

/// <summary>A test that needs Chromium, Chrome or Edge; without one it shows as skipped. Nothing is downloaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    private const string Variable = "MIDJOURNEY_TEST_BROWSER";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge"];

    public BrowserFactAttribute()
    {
        if (Browser is null) Skip = $"There is no Chromium, Chrome or Edge in PATH or at the usual places. {Variable} can be the path of one.";
    }

    /// <summary>The program; null if there is none.</summary>
    public static string? Browser { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : Candidates().FirstOrDefault(File.Exists);

    private static IEnumerable<string> Candidates()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var folder in folders)
            foreach (var name in Names) yield return Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
        foreach (var root in new[] { "ProgramFiles", "ProgramFiles(x86)", "LocalAppData" }.Select(Environment.GetEnvironmentVariable).OfType<string>())
        {
            yield return Path.Combine(root, "Chromium", "Application", "chrome.exe");
            yield return Path.Combine(root, "Google", "Chrome", "Application", "chrome.exe");
            yield return Path.Combine(root, "Microsoft", "Edge", "Application", "msedge.exe");
        }
        foreach (var name in new[] { "Chromium", "Google Chrome", "Microsoft Edge" }) yield return $"/Applications/{name}.app/Contents/MacOS/{name}";
    }
}
