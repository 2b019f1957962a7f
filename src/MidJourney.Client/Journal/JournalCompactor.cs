namespace MidJourney;

/// <summary>
/// Makes a journal smaller: what has ended leaves it, oldest first, and what was never made; what has not ended, or may
/// have been made, stays however old it is.
/// </summary>
internal static class JournalCompactor
{
    /// <param name="file">The journal; locked by the caller.</param>
    /// <param name="target">The size in bytes that ended tasks may fill beside the others.</param>
    /// <param name="now">The time of the new file's first line.</param>
    /// <returns>The new size.</returns>
    public static long Compact(JournalFile file, long target, DateTimeOffset now)
    {
        var text = file.ReadFrom(0);
        var lines = Lines(text);
        var index = new JournalIndex();
        foreach (var line in lines) index.Add(text.AsSpan(line.Start, line.Length));
        var kept = Kept(text, lines, index, target);
        var size = 0L;
        file.Replace(stream =>
        {
            var header = JournalFormat.Header(Guid.NewGuid(), now);
            stream.Write(header, 0, header.Length);
            foreach (var (start, length) in kept) stream.Write(text, start, length + 1);
            size = stream.Length;
        });
        return size;
    }

    /// <summary>The lines to keep, in their order: newest first decides, as long as there is room.</summary>
    private static List<(int Start, int Length)> Kept(byte[] text, List<(int Start, int Length)> lines, JournalIndex index, long target)
    {
        var kept = new List<(int Start, int Length)>();
        var room = target;
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            var (start, length) = lines[i];
            if (JournalLine.Parse(text.AsSpan(start, length)) is not { } line || line.Event == JournalEvent.Other) continue;
            if (index.EntryOf(line) is not { } entry || !IsNeeded(line, entry)) continue;
            if (line.Event == JournalEvent.Ended ? entry.IsKept || room <= 0 : entry.HasEnded && !entry.IsKept) continue;
            entry.IsKept = true;
            if (entry.HasEnded) room -= length + 1;
            kept.Add((start, length));
        }
        kept.Reverse();
        return kept;
    }

    /// <summary>Only the line that says the most: the beginning of a create adds nothing to its end.</summary>
    private static bool IsNeeded(JournalLine line, JournalEntry entry) => line.Event switch
    {
        JournalEvent.Ended or JournalEvent.Created => true,
        JournalEvent.Submitting or JournalEvent.Unknown => entry.IsUnknown || (entry.IsCreated && !entry.HasCreatedLine),
        _ => false,
    };

    private static List<(int Start, int Length)> Lines(byte[] text)
    {
        var lines = new List<(int, int)>();
        for (var start = 0; Array.IndexOf(text, (byte)'\n', start) is >= 0 and var end; start = end + 1)
            if (end > start) lines.Add((start, end - start));
        return lines;
    }
}
