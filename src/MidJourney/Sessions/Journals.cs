namespace MidJourney;

/// <summary>The journals of open sessions: one for each file, however its path is spelt, so that all who use it know the same.</summary>
internal static class Journals
{
    private static readonly Dictionary<string, (TaskJournal Journal, int Sessions)> Used =
        new(Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>The journal of a file: that of the sessions that use it, or one that nobody uses yet.</summary>
    public static TaskJournal At(string path)
    {
        var file = new JournalFile(Path.GetFullPath(path));
        lock (Used) return Used.TryGetValue(file.RealPath, out var used) ? used.Journal : new TaskJournal(file);
    }

    /// <summary>A session begins to use a journal.</summary>
    /// <returns>The one that other sessions use for the same file, if there is one.</returns>
    public static TaskJournal Use(TaskJournal journal)
    {
        if (journal.RealPath is not { } path) return journal;
        lock (Used)
        {
            var used = Used.TryGetValue(path, out var known) ? known : (Journal: journal, Sessions: 0);
            Used[path] = (used.Journal, used.Sessions + 1);
            return used.Journal;
        }
    }

    /// <summary>A session has ended. After the last one, what only memory knows of the file is forgotten.</summary>
    public static void Leave(TaskJournal journal)
    {
        if (journal.RealPath is not { } path) return;
        lock (Used)
        {
            if (!Used.TryGetValue(path, out var used)) return;
            if (used.Sessions > 1) Used[path] = (used.Journal, used.Sessions - 1);
            else Used.Remove(path);
        }
    }
}
