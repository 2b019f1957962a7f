namespace MidJourney.Journal;

/// <summary>The default path of the journal, in the user's folder for the state of programs on this machine.</summary>
internal static class JournalLocation
{
    private const string FileName = "journal.jsonl";

    /// <summary>
    /// <c>%LOCALAPPDATA%\MidJourney</c> on Windows, <c>~/Library/Application Support/MidJourney</c> on macOS, else
    /// <c>$XDG_STATE_HOME/midjourney</c> or <c>~/.local/state/midjourney</c>; null for a user without a home folder.
    /// </summary>
    public static string? Default => Folder() is { } folder ? Path.Combine(folder, FileName) : null;

    private static string? Folder()
    {
        if (Path.DirectorySeparatorChar == '\\') return Below(Special(Environment.SpecialFolder.LocalApplicationData), "MidJourney");
        var home = Special(Environment.SpecialFolder.UserProfile);
#if NET
        if (OperatingSystem.IsMacOS()) return Below(home, "Library", "Application Support", "MidJourney");
#endif
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        return !string.IsNullOrEmpty(state) && Path.IsPathRooted(state) ? Below(state!, "midjourney") : Below(home, ".local", "state", "midjourney");
    }

    private static string Special(Environment.SpecialFolder folder) => Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);

    private static string? Below(string folder, params string[] names) => folder.Length == 0 ? null : Path.Combine([folder, .. names]);
}
