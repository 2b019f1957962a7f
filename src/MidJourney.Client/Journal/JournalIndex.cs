namespace MidJourney;

/// <summary>All creates of a journal, put together from its lines. Not safe for several threads.</summary>
internal sealed class JournalIndex
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly Dictionary<string, JournalEntry> _byRef = [];
    private readonly Dictionary<(string BaseUri, string TaskId), JournalEntry> _byTask = [];
    private readonly Dictionary<string, JournalEntry> _newestByKey = [];

    /// <summary>Lines that could not be read.</summary>
    public int BadLines { get; private set; }

    /// <summary>Whether any line is a journal's.</summary>
    public bool HasGoodLine { get; private set; }

    /// <summary>In the order of their first lines.</summary>
    public List<JournalEntry> Entries { get; } = [];

    /// <summary>Takes in whole lines. A last line without its end is taken in if it says all that a line says; otherwise its end may follow.</summary>
    /// <returns>How many bytes were taken in.</returns>
    public int AddLines(ReadOnlySpan<byte> text)
    {
        var taken = 0;
        while (text.Slice(taken).IndexOf((byte)'\n') is >= 0 and var length)
        {
            Add(text.Slice(taken, length));
            taken += length + 1;
        }
        if (taken == text.Length || JournalLine.Parse(WithoutMark(text.Slice(taken))) is not { } last) return taken;
        Add(last);
        return text.Length;
    }

    /// <summary>Takes in one line, without its end.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        text = WithoutMark(text);
        if (text.IsEmpty || (text.Length == 1 && text[0] == '\r')) return;
        if (JournalLine.Parse(text) is not { } line) BadLines++;
        else Add(line);
    }

    private void Add(JournalLine line)
    {
        HasGoodLine = true;
        if (line.Event == JournalEvent.Ended) EntryOf(line)?.Apply(line);
        else if (line.Event != JournalEvent.Other && line.Ref is not null) Create(line, line.Ref);
    }

    /// <summary>An editor may have put a mark in front of the first line.</summary>
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text) => text.StartsWith(ByteOrderMark) ? text.Slice(ByteOrderMark.Length) : text;

    /// <summary>What is known of a create of the same thing: one that was made, before one that may have been; null for neither.</summary>
    public JournalEntry? Find(string key)
    {
        JournalEntry? unknown = null;
        for (var entry = _newestByKey.TryGetValue(key, out var newest) ? newest : null; entry is not null; entry = entry.Older)
        {
            if (entry.IsCreated) return entry;
            if (entry.IsUnknown) unknown ??= entry;
        }
        return unknown;
    }

    /// <summary>The create that a line speaks of; null when there is none.</summary>
    public JournalEntry? EntryOf(JournalLine line) =>
        line.Event == JournalEvent.Ended ? line is { BaseUri: not null, TaskId: not null } ? Of(_byTask, (line.BaseUri, line.TaskId)) : null
        : line.Ref is null ? null : Of(_byRef, line.Ref);

    private void Create(JournalLine line, string name)
    {
        if (_byRef.TryGetValue(name, out var entry)) entry.Apply(line);
        else if (NewEntry(line) is { } made) entry = _byRef[name] = made;
        else return;
        if (entry.TaskId is { } id) _byTask[(entry.BaseUri, id)] = entry;
    }

    private JournalEntry? NewEntry(JournalLine line)
    {
        if (line.Model is null || line.BaseUri is null) return null;
        var entry = new JournalEntry(line);
        string key;
        try { key = SubmissionKey.Of(entry.BaseUri, entry.Model, entry.Parameters); }
        catch (Exception e) when (e is InvalidOperationException or System.Text.Json.JsonException)
        {
            // A text that is no text cannot have been written by this module.
            BadLines++;
            return null;
        }
        if (_newestByKey.TryGetValue(key, out var older)) entry.Older = older;
        _newestByKey[key] = entry;
        Entries.Add(entry);
        return entry;
    }

    private static JournalEntry? Of<TKey>(Dictionary<TKey, JournalEntry> entries, TKey key) where TKey : notnull =>
        entries.TryGetValue(key, out var entry) ? entry : null;
}
