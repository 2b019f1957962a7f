namespace MidJourney.Client.Tests;

/// <summary>Others keep writing during a compaction: their lines are in the new file, at the right positions.</summary>
public sealed class CompactionBesideTests : JournalTestBase
{
    [Fact]
    public async Task Lines_written_during_compaction_follow_unchanged()
    {
        var journal = NewJournal(maxBytes: 20_000);
        var (client, _) = SetupWith(journal, [.. Enumerable.Range(0, 400).Select(n => Accepts($"t{n}"))]);
        var (other, _) = SetupWith(NewJournal(), [.. Enumerable.Range(0, 400).Select(n => Accepts($"o{n}"))]);
        var smaller = 0L;
        for (var n = 0; n < 200; n++)
        {
            var mine = await CreateAsync(client, Job("mine", n));
            var theirs = await CreateAsync(other, Job("theirs", n));
            if (n % 3 > 0) journal.RecordEnded(Completed(mine), Sample.BaseUri);
            if (n % 5 == 0) await journal.RecordGoneAsync(theirs.Id, Sample.BaseUri, client.Account);
            smaller = Math.Max(smaller, Lines().Where(l => l.TryGetProperty("compacted", out _)).Select(l => l.GetProperty("compacted").GetInt64()).LastOrDefault());
        }
        Flush(journal);
        await Until(() => !journal.IsWriting);
        Assert.True(smaller > 0);
        // A journal that was open all the time and one that is opened later find the same entries and lines.
        var (known, badLines) = Read(journal);
        Assert.Equal((400, 0), (known.Count, badLines));
        Assert.Equal(Told(Listed()), Told(known));
        Assert.All(known, t => Assert.Equal($"of {t.SourceJobId}", t.SourcePrompt));
        Assert.False(File.Exists(JournalPath + ".new"));
    }

    [Fact]
    public async Task Line_without_line_break_gets_one()
    {
        var (first, _) = SetupWithJournal(Accepts("t1"));
        await CreateAsync(first, Job("a", 1));
        File.WriteAllText(JournalPath, Text.TrimEnd('\n'));
        var journal = NewJournal(maxBytes: 1);
        await journal.RecordEndedAsync(new MJTask { Id = "t1", Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
        await Until(() => !journal.IsWriting);
        Assert.Equal(["created", "journal"], Events);
        Assert.Equal(MJTaskStatus.Completed, Assert.Single(Listed()).Status);
    }

    [Fact]
    public async Task Leftover_copy_does_not_prevent_compaction()
    {
        var (first, _) = SetupWithJournal(Accepts("t1"));
        var task = await CreateAsync(first, Job("a", 1));
        File.WriteAllText(JournalPath + ".new", new string('x', 100_000));
        var journal = NewJournal(maxBytes: 1);
        await journal.RecordEndedAsync(Completed(task), Sample.BaseUri);
        await Until(() => !journal.IsWriting);
        Assert.Equal(["created", "journal"], Events);
        Assert.False(File.Exists(JournalPath + ".new"));
    }

    [Fact]
    public async Task Only_one_process_compacts_at_a_time()
    {
        var (first, _) = SetupWithJournal(Accepts("t1"));
        var task = await CreateAsync(first, Job("a", 1));
        var journal = NewJournal(maxBytes: 1);
        using (new FileStream(JournalPath + ".new", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None))
        {
            await journal.RecordEndedAsync(Completed(task), Sample.BaseUri);
            await Until(() => !journal.IsWriting);
            Assert.True(File.Exists(JournalPath + ".new"));
        }
        Assert.Equal(["submitting", "created", "ended"], Events);
    }

    private static MJSubmission Job(string name, int number) => Sample.Upscale($"{name}-{number}", 0, UpscaleType.Standard) with { SourcePrompt = $"of {name}-{number}" };

    private static MJTask Completed(MJTask task) => task with { Status = MJTaskStatus.Completed, RawStatus = "completed" };

    private static IEnumerable<string> Told(IEnumerable<MJTask> tasks) =>
        tasks.Select(t => FormattableString.Invariant($"{t.Id} {t.Status} {t.SourceJobId} {t.SourcePrompt} {t.Account} {t.CreatedAt}")).Order(StringComparer.Ordinal);
}
