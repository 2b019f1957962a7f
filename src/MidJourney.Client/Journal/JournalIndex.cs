namespace MidJourney.Journal;

/// <summary>One create as the index knows it: what the rules ask for, and where in the file the rest stands. A million of them fit in memory.</summary>
internal struct JournalEntry
{
    public Guid Ref;
    public Guid Work;

    /// <summary>Where the line is that has its parameters. Below zero: in memory, at the complement.</summary>
    public long At;

    /// <summary>Where the newest line is that says what came of it; the same as <see cref="At"/> where there is none.</summary>
    public long EndAt;

    /// <summary>Where its task id is; see <see cref="JournalIndex.TaskIdOf"/>.</summary>
    public int IdAt;
    public ushort IdLength;
    public EntryState State;

    /// <summary>This process made it, so that it is known even where the file has lost it.</summary>
    public bool IsOwn;

    /// <summary>Seconds since 1970.</summary>
    public uint Created;
    public uint Ended;
    public ushort BaseUri;
    public ushort Account;
    public ushort Model;

    public int NextOfWork;
    public int NextOfTask;

    public readonly bool IsOpen => State is EntryState.Sending or EntryState.Unknown;

    public readonly bool HasEnded => State is EntryState.Completed or EntryState.Failed or EntryState.ContentRefused or EntryState.Gone;

    public readonly DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeSeconds(Created);

    /// <summary>Since when it counts: since its end where it has one, else since its create.</summary>
    public readonly DateTimeOffset Since => DateTimeOffset.FromUnixTimeSeconds(Ended > 0 ? Ended : Created);
}

/// <summary>Who sends a create whose outcome is not known yet.</summary>
/// <param name="Entry">The create.</param>
/// <param name="By">The process; null where the line does not tell.</param>
/// <param name="Lines">How many lines there are about it: a process that repeats writes another.</param>
/// <param name="Last">The time of the newest.</param>
internal sealed record JournalClaim(int Entry, ProcessMark? By, int Lines, DateTimeOffset Last);

/// <summary>All creates of a journal, put together from its lines. Not safe for several threads.</summary>
internal sealed class JournalIndex
{
    private const int ChunkBits = 12, ChunkSize = 1 << ChunkBits, IdChunkBits = 16;

    // Chunks, because a list that grows copies itself, and holds both copies meanwhile.
    private readonly List<JournalEntry[]> _chunks = [];
    private readonly List<byte[]> _ids = [];
    private readonly List<string> _names = [""];
    private readonly Dictionary<string, ushort> _numbers = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly Dictionary<Guid, JournalClaim> _open = [];
    private int[] _ofWork = NewHeads(1024), _ofTask = NewHeads(1024);
    private int _idsUsed = 1 << IdChunkBits;

    /// <summary>Entries, those that are none any more included.</summary>
    public int Count { get; private set; }

    /// <summary>Lines that could not be read.</summary>
    public int BadLines { get; private set; }

    /// <summary>Whether any line is a journal's.</summary>
    public bool HasGoodLine { get; private set; }

    /// <summary>What fingerprints of keys are made with; empty until a line tells.</summary>
    public Guid Salt { get; private set; }

    /// <summary>How many entries stood there before a line told the salt: nobody knows what their fingerprints were made with.</summary>
    public int CountBeforeSalt { get; private set; }

    /// <summary>The file's size when it was last made smaller; 0 for never.</summary>
    public long Compacted { get; private set; }

    public ref JournalEntry this[int index] => ref _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    /// <summary>The entries of one work, newest first.</summary>
    public IEnumerable<int> OfWork(Guid work)
    {
        for (var i = _ofWork[Slot(work.GetHashCode(), _ofWork)]; i >= 0; i = this[i].NextOfWork)
            if (this[i].Work == work && this[i].State != EntryState.None) yield return i;
    }

    /// <summary>The entry of a work that has a name; -1 for none.</summary>
    public int Find(Guid work, Guid name)
    {
        for (var i = _ofWork[Slot(work.GetHashCode(), _ofWork)]; i >= 0; i = this[i].NextOfWork)
            if (this[i].Ref == name && this[i].Work == work && this[i].State != EntryState.None) return i;
        return -1;
    }

    /// <summary>The entry of a task; -1 for none.</summary>
    public int Find(string baseUri, ReadOnlySpan<byte> taskId) => _numbers.TryGetValue(baseUri, out var number) ? Find(number, taskId) : -1;

    /// <summary>The entry of that name whose outcome is not known; -1 for none.</summary>
    public int FindOpen(Guid name) => _open.TryGetValue(name, out var claim) ? claim.Entry : -1;

    /// <summary>The entry of that name, whatever came of it; -1 for none.</summary>
    public int FindByName(Guid name)
    {
        if (FindOpen(name) is >= 0 and var open) return open;
        for (var i = Count - 1; i >= 0; i--)
            if (this[i].Ref == name) return i;
        return -1;
    }

    /// <summary>
    /// The entry, and all later attempts at what it was to make. A create of the same work that began after an entry had failed is taken for the
    /// next attempt at it, each for one, so that tasks that failed together stay several.
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

    /// <summary>Who sends an entry that is being sent, or was.</summary>
    public JournalClaim? ClaimOf(int index) => _open.TryGetValue(this[index].Ref, out var claim) && claim.Entry == index ? claim : null;

    public string NameAt(ushort number) => _names[number];

    public ReadOnlySpan<byte> TaskIdOf(in JournalEntry entry) => entry.IdLength == 0 ? default : _ids[entry.IdAt >> IdChunkBits].AsSpan(entry.IdAt & ((1 << IdChunkBits) - 1), entry.IdLength);

    /// <summary>Takes in one line, without its end.</summary>
    /// <param name="text">The line.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="isOwn">Whether this process wrote it.</param>
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
        HasGoodLine = true;
        switch (line.Event)
        {
            case JournalEvent.Journal:
                if (line.Salt != Guid.Empty && line.Salt != Salt) ChangeSalt(line.Salt);
                if (line.Compacted > 0) Compacted = line.Compacted;
                break;
            case JournalEvent.Submitting:
            case JournalEvent.Unknown:
                Open(line, at, isOwn);
                break;
            case JournalEvent.NotMade:
                Remove(FindOpen(line.Ref));
                break;
            case JournalEvent.Created:
                Make(line, at, isOwn);
                break;
            case JournalEvent.Ended:
                if (Find(NumberOf(line.BaseUri), line.TaskId, line.RefIfAny) is >= 0 and var ended) End(ref this[ended], line.EndState, line.Time, at);
                break;
            case JournalEvent.Gone:
                if (Find(NumberOf(line.BaseUri), line.TaskId, line.RefIfAny) is >= 0 and var gone && IsOfAccount(this[gone], NumberOf(line.Account)))
                    Vanish(ref this[gone], line.Time);
                break;
        }
    }

    /// <summary>The file was made smaller: its lines stand elsewhere.</summary>
    /// <param name="at">Where the lines of each entry stand that begin before <paramref name="end"/>.</param>
    /// <param name="endAt">Where the newest of those stand.</param>
    /// <param name="end">Where the lines began that were only moved.</param>
    /// <param name="by">How far those were moved.</param>
    /// <param name="compacted">The size to which it was made smaller.</param>
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

    /// <summary>Whether an entry may be of an account: lines of 0.1.0 have none, and belong to every account.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="account">The account; null where it is not known.</param>
    public bool IsOfAccount(in JournalEntry entry, string? account) => account is null || entry.Account == 0 || string.Equals(_names[entry.Account], account, StringComparison.Ordinal);

    private static bool IsOfAccount(in JournalEntry entry, ushort account) => account == 0 || entry.Account == 0 || entry.Account == account;

    /// <summary>
    /// Files may be put together of several, or have lost their beginning. Fingerprints by another salt name no account, and what has
    /// none belongs to every account.
    /// </summary>
    private void ChangeSalt(Guid salt)
    {
        (Salt, CountBeforeSalt) = (salt, Count);
        for (var i = 0; i < Count; i++)
        {
            // What is in memory alone is of this process, which knows its salt.
            if (this[i].At >= 0 && IsFingerprint(_names[this[i].Account])) this[i].Account = 0;
        }
    }

    private static bool IsFingerprint(string account) => account.Length == 8 && account.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    /// <summary>It is known not to have been made.</summary>
    private void Remove(int index)
    {
        if (index < 0) return;
        _open.Remove(this[index].Ref);
        this[index].State = EntryState.None;
    }

    private void Open(in JournalLine line, long at, bool isOwn)
    {
        // What the user decided to make in place of it never blocks again.
        if (line.Replaces != Guid.Empty) Remove(FindOpen(line.Replaces));
        var isClaim = line.Event == JournalEvent.Submitting;
        var name = line.Ref;
        var (i, lines) = _open.TryGetValue(name, out var before) ? (before.Entry, before.Lines) : (-1, 0);
        if (i < 0)
        {
            // Only a line that says all can begin an entry; what is made stays made, in whatever order its lines stand.
            if (line.Parameters.IsEmpty || (line.Work != Guid.Empty && Find(line.Work, name) >= 0) || (i = NewCreate(line, at)) < 0) return;
        }
        ref var entry = ref this[i];
        entry.State = isClaim ? EntryState.Sending : EntryState.Unknown;
        entry.EndAt = at;
        if (entry.At < 0 && !line.Parameters.IsEmpty) entry.At = at;
        entry.IsOwn |= isOwn;
        _open[name] = new JournalClaim(i, isClaim ? line.By : null, lines + 1, line.Time);
        if (!isClaim && !line.TaskId.IsEmpty) SetTask(i, line.TaskId);
    }

    private void Make(in JournalLine line, long at, bool isOwn)
    {
        var i = FindOpen(line.Ref);
        // A line may come twice, when it was not certain that it was written. One id of two creates, as of a gateway that began to count anew, is of two tasks.
        if (i < 0) i = Find(NumberOf(line.BaseUri), line.TaskId, line.Ref);
        if (i < 0) i = NewCreate(line, at);
        if (i < 0) return;
        if (this[i].IsOpen)
        {
            _open.Remove(this[i].Ref);
            this[i].State = EntryState.Made;
        }
        ref var entry = ref this[i];
        if (entry.At < 0 || entry.State == EntryState.Made) entry.At = at;
        if (entry.EndAt < 0 || entry.State == EntryState.Made) entry.EndAt = at;
        entry.IsOwn |= isOwn;
        SetTask(i, line.TaskId);
        if (line.StatedEnd != EntryState.None && entry.State == EntryState.Made) End(ref entry, line.StatedEnd, line.Ended ?? line.Time, at);
    }

    private static void End(ref JournalEntry entry, EntryState state, DateTimeOffset time, long at)
    {
        if (!entry.HasEnded || entry.State == EntryState.Gone) entry.Ended = Seconds(time);
        entry.State = state;
        entry.EndAt = at;
    }

    private static void Vanish(ref JournalEntry entry, DateTimeOffset time)
    {
        if (entry.Ended == 0) entry.Ended = Seconds(time);
        entry.State = EntryState.Gone;
    }

    /// <summary>By the clock; within one second, by the place in the file.</summary>
    private static bool BeganAfter(in JournalEntry entry, in JournalEntry ended) =>
        entry.Created > ended.Ended || (entry.Created == ended.Ended && Place(entry.At) > Place(ended.EndAt));

    private static long Place(long at) => at < 0 ? ~at : at;

    private int NewCreate(in JournalLine line, long at)
    {
        var work = line.Work;
        if (work == Guid.Empty)
        {
            try { work = SubmissionKey.WorkOf(JournalText.Utf8(line.BaseUri), line.Model!, line.Parameters.ToArray()); }
            catch (Exception e) when (e is InvalidOperationException or System.Text.Json.JsonException)
            {
                // A text that is no text cannot have been written by this module.
                BadLines++;
                return -1;
            }
        }
        var i = New();
        ref var entry = ref this[i];
        (entry.Ref, entry.Work, entry.At, entry.EndAt, entry.Created) = (line.Ref, work, at, at, Seconds(line.Time));
        entry.BaseUri = NumberOf(line.BaseUri);
        entry.Account = NumberOf(line.Account);
        entry.Model = NumberOf(line.ModelBytes);
        entry.State = EntryState.Made;
        LinkWork(i);
        return i;
    }

    private int New()
    {
        if (Count >> ChunkBits == _chunks.Count) _chunks.Add(new JournalEntry[ChunkSize]);
        if (Count == _ofWork.Length) Grow();
        return Count++;
    }

    private void LinkWork(int index)
    {
        ref var entry = ref this[index];
        ref var head = ref _ofWork[Slot(entry.Work.GetHashCode(), _ofWork)];
        (entry.NextOfWork, head) = (head, index);
    }

    private void SetTask(int index, ReadOnlySpan<byte> id)
    {
        ref var entry = ref this[index];
        if (id.Length is 0 or > ushort.MaxValue || TaskIdOf(entry).SequenceEqual(id)) return;
        // One that was only probable is found no more by the old id, which stays in its chain.
        var room = (1 << IdChunkBits) - (_idsUsed & ((1 << IdChunkBits) - 1));
        if (_ids.Count == 0 || (_idsUsed >> IdChunkBits) >= _ids.Count || room < id.Length)
        {
            _ids.Add(new byte[1 << IdChunkBits]);
            _idsUsed = (_ids.Count - 1) << IdChunkBits;
        }
        var isLinked = entry.IdLength > 0;
        (entry.IdAt, entry.IdLength) = (_idsUsed, (ushort)id.Length);
        id.CopyTo(_ids[_idsUsed >> IdChunkBits].AsSpan(_idsUsed & ((1 << IdChunkBits) - 1)));
        _idsUsed += id.Length;
        if (isLinked) Relink();
        else LinkTask(index);
    }

    private void LinkTask(int index)
    {
        ref var entry = ref this[index];
        ref var head = ref _ofTask[Slot(HashOf(TaskIdOf(entry)), _ofTask)];
        (entry.NextOfTask, head) = (head, index);
    }

    private int Find(ushort baseUri, ReadOnlySpan<byte> taskId, Guid? name = null)
    {
        if (taskId.IsEmpty) return -1;
        for (var i = _ofTask[Slot(HashOf(taskId), _ofTask)]; i >= 0; i = this[i].NextOfTask)
            if (this[i].BaseUri == baseUri && (name ?? this[i].Ref) == this[i].Ref && this[i].State is not (EntryState.None or EntryState.Unknown) && TaskIdOf(this[i]).SequenceEqual(taskId)) return i;
        return -1;
    }

    private void Grow()
    {
        (_ofWork, _ofTask) = (NewHeads(_ofWork.Length * 2), NewHeads(_ofTask.Length * 2));
        for (var i = 0; i < Count; i++) LinkWork(i);
        Relink();
    }

    private void Relink()
    {
        _ofTask.AsSpan().Fill(-1);
        for (var i = 0; i < Count; i++)
            if (this[i].IdLength > 0) LinkTask(i);
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
        var hash = 2166136261;
        foreach (var b in id) hash = unchecked((hash ^ b) * 16777619);
        return unchecked((int)hash);
    }

    private ushort NumberOf(ReadOnlySpan<byte> name) => NumberOf(JournalText.Utf8(name));

    private ushort NumberOf(string name)
    {
        if (_numbers.TryGetValue(name, out var number)) return number;
        // Nobody has so many gateways and accounts; what has no number belongs to every account.
        if (_names.Count == ushort.MaxValue) return 0;
        number = (ushort)_names.Count;
        _names.Add(name);
        return _numbers[name] = number;
    }

    private static uint Seconds(DateTimeOffset time) => (uint)Math.Min(Math.Max(time.ToUnixTimeSeconds(), 0), uint.MaxValue);
}
