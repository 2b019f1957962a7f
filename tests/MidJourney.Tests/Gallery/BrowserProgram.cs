namespace MidJourney.Tests;

/// <summary>An installed Chromium, Chrome or Edge. Nothing is downloaded.</summary>
internal static class BrowserProgram
{
    private const string Variable = "MIDJOURNEY_TEST_BROWSER";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge"];

    /// <summary>Its path; null if no browser is installed.</summary>
    public static string? Path { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : Candidates().FirstOrDefault(File.Exists);

    /// <summary>Why the tests are skipped, and what to do.</summary>
    public static string Missing => $"There is no Chromium, Chrome or Edge in PATH or at the usual places. Set {Variable} to the path of one.";

    /// <summary>Arguments for a browser without a screen. Chromium's sandbox does not start as root.</summary>
    public static string[] Arguments { get; } =
    [
        "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        .. OperatingSystem.IsLinux() && Environment.UserName == "root" ? (string[])["--no-sandbox"] : [],
    ];

    private static IEnumerable<string> Candidates()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var folder in folders)
            foreach (var name in Names) yield return System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
        foreach (var root in new[] { "ProgramFiles", "ProgramFiles(x86)", "LocalAppData" }.Select(Environment.GetEnvironmentVariable).OfType<string>())
        {
            yield return System.IO.Path.Combine(root, "Chromium", "Application", "chrome.exe");
            yield return System.IO.Path.Combine(root, "Google", "Chrome", "Application", "chrome.exe");
            yield return System.IO.Path.Combine(root, "Microsoft", "Edge", "Application", "msedge.exe");
        }
        foreach (var name in new[] { "Chromium", "Google Chrome", "Microsoft Edge" }) yield return $"/Applications/{name}.app/Contents/MacOS/{name}";
    }
}
