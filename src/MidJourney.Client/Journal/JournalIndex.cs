using System.Text;
using System.Text.Json;
using MidJourney.Json;
using MidJourney.Pricing;

namespace MidJourney.Journal;

/// <summary>All creates of a journal, assembled from its lines. Not thread-safe.</summary>
/// <param name="hasPrices">Whether it also collects what tasks cost, which makes a long journal take half as long again.</param>
internal sealed class JournalIndex(bool hasPrices = false)
{
    private const int ChunkBits = 12, ChunkSize = 1 << ChunkBits, IdChunkBytes = 1 << 16;

    // Chunks, because a list that grows holds two copies of itself.
    private readonly List<JournalEntry[]> _chunks = [];
    private readonly List<byte[]> _ids = [];
    private readonly List<string> _names = [""];
    private readonly Dictionary<string, ushort> _numbers = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly Dictionary<Guid, JournalClaim> _open = [];
    private int[] _ofWork = NewHeads(1024), _ofTask = NewHeads(1024);
    private int _idsUsed;

    /// <summary>The number of entries, including those in state <see cref="EntryState.None"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The number of unreadable lines.</summary>
    public int BadLines { get; private set; }

    /// <summary>Whether at least one line is a journal's.</summary>
    public bool HasJournalLine { get; private set; }

    /// <summary>The salt of key fingerprints; empty until a line gives it.</summary>
    public Guid Salt { get; private set; }

    /// <summary>The number of entries before the line that gave the salt: the salt of their fingerprints is not known.</summary>
    public int CountBeforeSalt { get; private set; }

    /// <summary>What completed tasks cost; null if nobody wants to know.</summary>
    public PriceHistory? Prices { get; } = hasPrices ? new() : null;

    /// <summary>The file's size after its last compaction; 0 if there was none.</summary>
    public long Compacted { get; private set; }

    public ref JournalEntry this[int index] => ref _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    /// <summary>The entries of the same work, newest first.</summary>
    public IEnumerable<int> OfWork(Guid work)
    {
        for (var i = _ofWork[Slot(work.GetHashCode(), _ofWork)]; i >= 0; i = this[i].NextOfWork)
            if (this[i].Work == work && this[i].State != EntryState.None) yield return i;
    }

    /// <returns>The entry; -1 if there is none. This applies to each Find method.</returns>
    public int Find(Guid work, Guid name)
    {
        for (var i = _ofWork[Slot(work.GetHashCode(), _ofWork)]; i >= 0; i = this[i].NextOfWork)
            if (this[i].Ref == name && this[i].Work == work && this[i].State != EntryState.None) return i;
        return -1;
    }

    public int Find(string baseUri, string taskId) => _numbers.TryGetValue(baseUri, out var number) ? Find(number, taskId) : -1;

    /// <summary>Finds an entry whose outcome is not known.</summary>
    public int FindOpen(Guid name) => _open.TryGetValue(name, out var claim) ? claim.Entry : -1;

    /// <summary>Finds an entry in any state.</summary>
    public int FindByName(Guid name)
    {
        if (FindOpen(name) is >= 0 and var open) return open;
        for (var i = Count - 1; i >= 0; i--)
            if (this[i].Ref == name) return i;
        return -1;
    }

    /// <summary>
    /// The entry and all later attempts at the same task. A create of the same work that began after an entry had failed counts as the next attempt at
    /// that entry, and at no other, so that tasks that failed together stay separate.
    /// </summary>
    public IReadOnlyList<Guid> Attempts(int index)
    {
        var attempts = new List<Guid> { this[index].Ref };
        var failed = new List<int>();
        var next = new Dictionary<int, int>();
        foreach (var i in OfWork(this[index].Work).Reverse())
        {
            var retried = failed.FindIndex(f => BeganAfter(this[i], this[f]));
            if (retried >= 0)
            {
                next[failed[retried]] = i;
                failed.RemoveAt(retried);
            }
            if (this[i].State is EntryState.Failed or EntryState.ContentRefused or EntryState.Gone) failed.Add(i);
        }
        while (next.TryGetValue(index, out index)) attempts.Add(this[index].Ref);
        return attempts;
    }

    /// <summary>The claim of an entry whose outcome is not known; null for any other.</summary>
    public JournalClaim? ClaimOf(int index) => _open.TryGetValue(this[index].Ref, out var claim) && claim.Entry == index ? claim : null;

    /// <summary>Whether a living process is sending the entry, as far as can be told on this machine.</summary>
    public bool IsBeingSent(int index) => this[index].State == EntryState.Sending && ClaimOf(index)?.Process?.HasExited() == false;

    public string NameAt(ushort number) => _names[number];

    public string? AccountOf(in JournalEntry entry) => entry.Account == 0 ? null : _names[entry.Account];

    public string TaskIdOf(in JournalEntry entry) => entry.IdLength == 0 ? "" : Encoding.UTF8.GetString(_ids[entry.IdAt / IdChunkBytes], entry.IdAt % IdChunkBytes, entry.IdLength);

    /// <summary>Whether an entry counts for an account. Without an account, as in lines of 0.1.0, it counts for every account.</summary>
    public bool IsOfAccount(in JournalEntry entry, string? account) =>
        account is null || entry.Account == 0 || string.Equals(_names[entry.Account], account, StringComparison.Ordinal);

    /// <summary>Adds one line, given without its line break.</summary>
    public void Add(ReadOnlySpan<byte> text, long at, bool isOwn = false)
    {
        while (!text.IsEmpty && text[text.Length - 1] is (byte)'\r' or (byte)' ' or (byte)'\t') text = text.Slice(0, text.Length - 1);
        if (text.StartsWith("\uFEFF"u8)) text = text.Slice(3);
        if (text.IsEmpty) return;
        if (!JournalLine.TryParse(text, out var line))
        {
            BadLines++;
            return;
        }
        HasJournalLine = true;
        switch (line.Event)
        {
            case JournalEvent.Journal:
                if (line.Salt != Guid.Empty && line.Salt != Salt) ChangeSalt(line.Salt);
                if (line.Compacted > 0) Compacted = line.Compacted;
                break;
            case JournalEvent.Submitting or JournalEvent.Unknown:
                AddOpen(line, at, isOwn);
                break;
            case JournalEvent.NotCreated:
                Remove(FindOpen(line.Ref));
                break;
            case JournalEvent.Created:
                AddCreated(line, at, isOwn);
                break;
            case JournalEvent.Ended when Find(NumberOf(line.BaseUri), line.TaskId!, line.RefIfAny) is >= 0 and var ended:
                SetEnded(ref this[ended], line.EndState, line.Time, at);
                AddPrice(ref this[ended], line);
                break;
            case JournalEvent.Gone when Find(NumberOf(line.BaseUri), line.TaskId!, line.RefIfAny) is >= 0 and var gone:
                SetGone(ref this[gone], NumberOf(line.Account), line.Time);
                break;
        }
    }

    /// <summary>The file was compacted: lines before <paramref name="end"/> have the new positions in the arrays, and the others moved by <paramref name="by"/> bytes.</summary>
    public void Move(long[] at, long[] endAt, long end, long by, long compacted)
    {
        for (var i = 0; i < Count; i++)
        {
            ref var entry = ref this[i];
            if (entry.At >= 0) entry.At = entry.At >= end ? entry.At + by : at[i];
            if (entry.EndAt >= 0) entry.EndAt = entry.EndAt >= end ? entry.EndAt + by : endAt[i];
        }
        Compacted = compacted;
    }

    /// <summary>
    /// A file may be combined from several, or have lost its beginning. A fingerprint with another salt identifies no account, and an entry
    /// without an account counts for every account.
    /// </summary>
    private void ChangeSalt(Guid salt)
    {
        (Salt, CountBeforeSalt) = (salt, Count);
        for (var i = 0; i < Count; i++)
        {
            // Lines that are only in memory are of this process, which knows its salt.
            if (this[i].At >= 0 && IsFingerprint(_names[this[i].Account])) this[i].Account = 0;
        }
    }

    private static bool IsFingerprint(string account) => account.Length == 8 && account.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    private void Remove(int index)
    {
        if (index < 0) return;
        _open.Remove(this[index].Ref);
        this[index].State = EntryState.None;
    }

    private void AddOpen(in JournalLine line, long at, bool isOwn)
    {
        // A replaced unknown outcome never blocks again.
        if (line.Replaces != Guid.Empty) Remove(FindOpen(line.Replaces));
        var isClaim = line.Event == JournalEvent.Submitting;
        var name = line.Ref;
        var (i, lines) = _open.TryGetValue(name, out var before) ? (before.Entry, before.Lines) : (-1, 0);
        if (i < 0)
        {
            // Only a complete line can begin an entry. What was created stays created, in whatever order the lines are.
            if (line.Parameters.IsEmpty || (line.Work != Guid.Empty && Find(line.Work, name) >= 0) || (i = AddEntry(line, at)) < 0) return;
        }
        ref var entry = ref this[i];
        entry.State = isClaim ? EntryState.Sending : EntryState.Unknown;
        entry.EndAt = at;
        if (entry.At < 0 && !line.Parameters.IsEmpty) entry.At = at;
        entry.IsOwn |= isOwn;
        _open[name] = new JournalClaim(i, isClaim ? line.Process : null, lines + 1, line.Time);
        if (!isClaim && line.TaskId is { } id) SetTask(i, id);
    }

    private void AddCreated(in JournalLine line, long at, bool isOwn)
    {
        var i = FindOpen(line.Ref);
        // A line is written twice if it was not certain that the first was. A gateway that restarts its numbering can give two tasks the same id.
        if (i < 0) i = Find(NumberOf(line.BaseUri), line.TaskId!, line.Ref);
        if (i < 0) i = AddEntry(line, at);
        if (i < 0) return;
        ref var entry = ref this[i];
        if (entry.IsOpen)
        {
            _open.Remove(entry.Ref);
            entry.State = EntryState.Accepted;
        }
        if (entry.At < 0 || entry.State == EntryState.Accepted) entry.At = at;
        if (entry.EndAt < 0 || entry.State == EntryState.Accepted) entry.EndAt = at;
        entry.IsOwn |= isOwn;
        SetTask(i, line.TaskId!);
        if (line.StatedEnd != EntryState.None && entry.State == EntryState.Accepted) SetEnded(ref entry, line.StatedEnd, line.EndedAt ?? line.Time, at);
        AddPrice(ref entry, line);
    }

    /// <summary>Each task counts once, however often its end was recorded.</summary>
    private void AddPrice(ref JournalEntry entry, in JournalLine line)
    {
        if (Prices is null || entry.State != EntryState.Completed || entry.Kind == 0 || WirePrice.OfTask(line.Task) is not { } price) return;
        Prices.Add(entry.Kind, price.Cost, price.Currency);
        entry.Kind = 0;
    }

    private static void SetEnded(ref JournalEntry entry, EntryState state, DateTimeOffset time, long at)
    {
        if (!entry.HasEnded || entry.State == EntryState.Gone) entry.Ended = Seconds(time);
        entry.State = state;
        entry.EndAt = at;
    }

    private static void SetGone(ref JournalEntry entry, ushort account, DateTimeOffset time)
    {
        if (account != 0 && entry.Account != 0 && entry.Account != account) return;
        if (entry.Ended == 0) entry.Ended = Seconds(time);
        entry.State = EntryState.Gone;
    }

    /// <summary>Compares times; within the same second, positions in the file.</summary>
    private static bool BeganAfter(in JournalEntry entry, in JournalEntry ended) =>
        entry.Created > ended.Ended || (entry.Created == ended.Ended && Position(entry.At) > Position(ended.EndAt));

    private static long Position(long at) => at < 0 ? ~at : at;

    private int AddEntry(in JournalLine line, long at)
    {
        var work = line.Work;
        if (work == Guid.Empty)
        {
            try { work = SubmissionKey.WorkOf(line.BaseUri!, line.Model!, line.Parameters.ToArray()); }
            catch (Exception e) when (e is InvalidOperationException or JsonException)
            {
                // Invalid text in a value: this module did not write the line.
                BadLines++;
                return -1;
            }
        }
        if (Count >> ChunkBits == _chunks.Count) _chunks.Add(new JournalEntry[ChunkSize]);
        if (Count == _ofWork.Length) Grow();
        var i = Count++;
        this[i] = new JournalEntry
        {
            Ref = line.Ref,
            Work = work,
            At = at,
            EndAt = at,
            Created = Seconds(line.Time),
            BaseUri = NumberOf(line.BaseUri),
            Account = NumberOf(line.Account),
            Model = NumberOf(line.Model),
            Kind = Prices is null || line.Parameters.IsEmpty ? (ushort)0 : Prices.NumberOf(line.BaseUri!, WorkKind.Of(line.Model!, line.Parameters)),
            State = EntryState.Accepted,
        };
        LinkWork(i);
        return i;
    }

    private void SetTask(int index, string taskId)
    {
        ref var entry = ref this[index];
        var id = Encoding.UTF8.GetBytes(taskId);
        if (id.Length > ushort.MaxValue || IdOf(entry).SequenceEqual(id)) return;
        if (_idsUsed % IdChunkBytes + id.Length > IdChunkBytes || _idsUsed / IdChunkBytes >= _ids.Count)
        {
            _idsUsed = _ids.Count * IdChunkBytes;
            _ids.Add(new byte[IdChunkBytes]);
        }
        // An id that was only probable: the entry is in the chain of the old one.
        var isLinked = entry.IdLength > 0;
        (entry.IdAt, entry.IdLength) = (_idsUsed, (ushort)id.Length);
        id.CopyTo(_ids[_idsUsed / IdChunkBytes].AsSpan(_idsUsed % IdChunkBytes));
        _idsUsed += id.Length;
        if (isLinked) LinkTasks();
        else LinkTask(index);
    }

    private ReadOnlySpan<byte> IdOf(in JournalEntry entry) => entry.IdLength == 0 ? default : _ids[entry.IdAt / IdChunkBytes].AsSpan(entry.IdAt % IdChunkBytes, entry.IdLength);

    private int Find(ushort baseUri, string taskId, Guid? name = null)
    {
        var id = Encoding.UTF8.GetBytes(taskId);
        for (var i = _ofTask[Slot(HashOf(id), _ofTask)]; i >= 0; i = this[i].NextOfTask)
        {
            ref var entry = ref this[i];
            if (entry.BaseUri == baseUri && (name ?? entry.Ref) == entry.Ref && entry.State is not (EntryState.None or EntryState.Unknown) && IdOf(entry).SequenceEqual(id)) return i;
        }
        return -1;
    }

    private void Grow()
    {
        (_ofWork, _ofTask) = (NewHeads(_ofWork.Length * 2), NewHeads(_ofTask.Length * 2));
        for (var i = 0; i < Count; i++) LinkWork(i);
        LinkTasks();
    }

    private void LinkWork(int index)
    {
        ref var head = ref _ofWork[Slot(this[index].Work.GetHashCode(), _ofWork)];
        (this[index].NextOfWork, head) = (head, index);
    }

    private void LinkTasks()
    {
        _ofTask.AsSpan().Fill(-1);
        for (var i = 0; i < Count; i++)
            if (this[i].IdLength > 0) LinkTask(i);
    }

    private void LinkTask(int index)
    {
        ref var head = ref _ofTask[Slot(HashOf(IdOf(this[index])), _ofTask)];
        (this[index].NextOfTask, head) = (head, index);
    }

    private static int[] NewHeads(int count)
    {
        var heads = new int[count];
        heads.AsSpan().Fill(-1);
        return heads;
    }

    private static int Slot(int hash, int[] heads) => (hash ^ (hash >> 16)) & (heads.Length - 1);

    private static int HashOf(ReadOnlySpan<byte> id)
    {
        // FNV-1a
        var hash = 2166136261;
        foreach (var b in id) hash = unchecked((hash ^ b) * 16777619);
        return unchecked((int)hash);
    }

    private ushort NumberOf(string? name)
    {
        if (_numbers.TryGetValue(name ?? "", out var number)) return number;
        // This many gateways and accounts are not expected. A name without a number counts for every account.
        if (_names.Count == ushort.MaxValue) return 0;
        number = (ushort)_names.Count;
        _names.Add(name!);
        return _numbers[name!] = number;
    }

    private static uint Seconds(DateTimeOffset time) => (uint)Math.Min(Math.Max(time.ToUnixTimeSeconds(), 0), uint.MaxValue);
}
