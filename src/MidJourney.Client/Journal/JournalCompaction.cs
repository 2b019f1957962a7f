using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MidJourney.Json;

namespace MidJourney.Journal;

/// <summary>
/// Makes a journal's file smaller: of what has ended one short line is left, of what is running or unknown all; only what was never
/// made leaves it. What stands there is copied while others go on writing, and what they wrote meanwhile follows as it is, so that nobody waits long.
/// </summary>
/// <param name="index">What the file holds; used under its lock.</param>
/// <param name="locked">That lock, never held while a file is used.</param>
/// <param name="file">The file.</param>
/// <param name="next">What takes its place.</param>
/// <param name="end">Where the lines end that are made smaller.</param>
[SuppressMessage("Design", "CA1001", Justification = "The stream that is written to is its owner's.")]
internal sealed class JournalCompaction(JournalIndex index, object locked, FileStream file, FileStream next, long end)
{
    private readonly BufferedStream _to = new(next, 256 * 1024);
    private long[] _at = [], _endAt = [];
    private long _tail, _compacted;

    public JournalIndex Index => index;

    /// <summary>The first line of the new file, by which it is told from the old one.</summary>
    public byte[] Identity { get; private set; } = [];

    /// <summary>The new file's length.</summary>
    public long Length { get; private set; }

    /// <summary>The new file's last part.</summary>
    public byte[] End { get; private set; } = [];

    /// <summary>Copies what stood there when it was begun.</summary>
    /// <exception cref="IOException">It cannot be copied now.</exception>
    public void CopyBody(DateTimeOffset time)
    {
        int count, salted;
        Guid salt;
        lock (locked) (count, salt, salted) = (index.Count, index.Salt, index.CountBeforeSalt);
        (_at, _endAt) = (new long[count], new long[count]);
        // Those of another salt, or of none, stay before the line that tells it.
        var first = PutHeader(salted > 0 ? Guid.Empty : salt, time);
        Identity = first.AsSpan(0, first.Length - 1).ToArray();
        for (var i = 0; i < count; i++)
        {
            if (i == salted && i > 0) PutHeader(salt, time);
            Copy(i);
        }
        if (salted > 0 && salted == count) PutHeader(salt, time);
        _to.Flush();
        // While nobody waits: what follows is little.
        next.Flush(flushToDisk: true);
    }

    /// <summary>Copies what was written since, and ends the file; under the lock of the file.</summary>
    /// <param name="until">Where the old file's lines end now.</param>
    /// <param name="time">Now.</param>
    public void CopyTail(long until, DateTimeOffset time)
    {
        _tail = _to.Position;
        file.Seek(end, SeekOrigin.Begin);
        var block = new byte[64 * 1024];
        for (var left = until - end; left > 0;)
        {
            var read = file.Read(block, 0, (int)Math.Min(left, block.Length));
            if (read == 0) throw new EndOfStreamException();
            _to.Write(block, 0, read);
            left -= read;
            // A last line may have no end yet.
            if (left == 0 && block[read - 1] != '\n') _to.WriteByte((byte)'\n');
        }
        // So that it is not made smaller again before it has doubled.
        _compacted = _to.Position;
        var header = JournalText.Header(index.Salt, _compacted, time);
        _to.Write(header, 0, header.Length);
        _to.Flush();
        next.Flush(flushToDisk: true);
        (Length, End) = (next.Length, JournalFile.EndOf(header));
    }

    /// <summary>The new file has taken the place of the old one.</summary>
    public void MoveIndex()
    {
        lock (locked) index.Move(_at, _endAt, end, _tail - end, _compacted);
    }

    private void Copy(int i)
    {
        JournalEntry entry;
        string id, address, model;
        string? account;
        byte[] known;
        lock (locked)
        {
            entry = index[i];
            if (entry.State == EntryState.None || entry.At >= end) return;
            // A line that could not be written is not to be left behind.
            if (entry.At < 0 || entry.EndAt < 0) throw new IOException();
            (id, address, model) = (JournalText.Utf8(index.TaskIdOf(entry)), index.NameAt(entry.BaseUri), index.NameAt(entry.Model));
            account = entry.Account == 0 ? null : index.NameAt(entry.Account);
            known = [];
        }
        var first = JournalFile.ReadLine(file, entry.At);
        if (!JournalLine.TryParse(first, out var line) || (line.Ref != entry.Ref && JournalText.Utf8(line.TaskId) != id))
            lock (locked) known = TaskJournal.LineOf(index, i, withAccount: true);
        _at[i] = _endAt[i] = _to.Position;
        if (known.Length > 0) _to.Write(known, 0, known.Length);
        else if (entry.HasEnded && entry.EndAt != entry.At)
        {
            var create = new JournalCreate(entry.Ref.ToString("N"), entry.Work, address, account, model, line.Parameters.ToArray(), line.Source.ToArray());
            var shorter = JournalText.Short(create, EndOf(JournalFile.ReadLine(file, entry.EndAt), id, entry), entry.State, entry.CreatedAt, entry.Since);
            _to.Write(shorter, 0, shorter.Length);
        }
        else
        {
            PutLine(first);
            if (entry.EndAt != entry.At)
            {
                _endAt[i] = _to.Position;
                PutLine(JournalFile.ReadLine(file, entry.EndAt));
            }
        }
        if (entry.State != EntryState.Gone) return;
        var gone = JournalText.Gone(address, account, id, entry.Since);
        _to.Write(gone, 0, gone.Length);
    }

    private byte[] PutHeader(Guid salt, DateTimeOffset time)
    {
        var header = JournalText.Header(salt, 0, time);
        _to.Write(header, 0, header.Length);
        return header;
    }

    private void PutLine(byte[] line)
    {
        _to.Write(line, 0, line.Length);
        _to.WriteByte((byte)'\n');
    }

    private static MJTask EndOf(byte[] text, string id, in JournalEntry entry)
    {
        var task = new MJTask { Id = id };
        try
        {
            if (JournalLine.TryParse(text, out var end) && TaskReader.TryParse(end.Task.ToArray(), out var wire)) task = TaskReader.Read(wire, id);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException or FormatException or ArgumentException or OverflowException)
        {
            // Whatever else its line says: it has ended.
        }
        return task.CreatedAt is null ? task with { CreatedAt = entry.CreatedAt } : task;
    }
}
