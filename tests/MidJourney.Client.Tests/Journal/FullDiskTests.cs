namespace MidJourney.Client.Tests;

/// <summary>The disk is full, fills up during a write, or fails to flush: nothing unclaimed is sent, no line is torn, and no accepted task is lost.</summary>
public sealed class FullDiskTests : JournalTestBase
{
    private const int Jobs = 40;

    private readonly FillingDisk _disk = new();

    /// <summary>Space for nothing, for part of the first line, for the first line, and for some of the next lines.</summary>
    private static readonly int[] Sizes = [0, 1, 70, 100, 300, 777, 1500, 4001, 9973];

    public static TheoryData<int> Rooms => [.. Sizes];

    public static TheoryData<int, bool> RoomsAndWays
    {
        get
        {
            var rows = new TheoryData<int, bool>();
            foreach (var room in Sizes)
            {
                rows.Add(room, false);
                rows.Add(room, true);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(RoomsAndWays))]
    public async Task Full_disk_stops_sending_and_leaves_no_torn_line(int room, bool isCopyOnWrite)
    {
        (_disk.Room, _disk.IsCopyOnWrite) = (room, isCopyOnWrite);
        var (client, gateway) = SetupOnDisk();
        var made = await CreateAllAsync(client);
        Assert.InRange(made, 0, Jobs - 1);
        Assert.Equal(made, gateway.Sent.Length);
        Assert.InRange(Notes.Warnings.Length, 0, 1);
        Assert.True(_disk.Failures > 0);
        Assert.True(Text.Length == 0 || Text.EndsWith('\n'), Text);
        Assert.Equal(0, Read(NewJournal()).BadLines);
        Assert.InRange(new FileInfo(JournalPath).Length, 0, room);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public async Task Full_disk_does_not_make_this_process_forget_its_tasks(int room)
    {
        _disk.Room = room;
        var journal = OnDisk();
        var (client, gateway) = SetupOnDisk(journal);
        var made = await CreateAllAsync(client);
        Assert.Equal(Names(made), Read(journal).Tasks.Select(t => t.Id).Order());
        await CreateAllAsync(client);
        Assert.Equal(made, gateway.Sent.Length);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public async Task Free_space_lets_all_lines_be_written_once_and_nothing_is_paid_twice(int room)
    {
        _disk.Room = room;
        var (client, _) = SetupOnDisk();
        var made = await CreateAllAsync(client);
        _disk.Room = long.MaxValue;
        await CreateAsync(client, Job(Jobs), notes: Notes);
        Assert.Equal(made + 1, Events.Count(e => e == "created"));
        var (other, gateway) = SetupWithJournal(Accepts("other"));
        for (var n = 0; n < made; n++) Assert.Equal($"t{n}", (await CreateAsync(other, Job(n))).Id);
        Assert.Empty(gateway.Sent);
        // What could not be claimed was not created, and is not unknown.
        Assert.Equal("other", (await CreateAsync(other, Job(Jobs - 1))).Id);
        Assert.DoesNotContain(Listed(), t => t.Status == MJTaskStatus.OutcomeUnknown);
    }

    /// <summary>Readers take no lock, so they may see lines that are undone.</summary>
    [Fact]
    public async Task Reader_of_a_partial_write_is_not_misled()
    {
        var (journal, reader) = (OnDisk(), NewJournal());
        var (client, gateway) = SetupOnDisk(journal);
        var (other, otherGateway) = SetupWith(reader, Accepts("other"));
        await CreateAsync(client, Job(0));
        Task<bool>[] claims;
        using (new FileStream(JournalPath + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            // While the first waits, the others are queued for one write, in which only one of them fits.
            var first = journal.WriteAsync(JournalLineWriter.NotCreated("x", null, Start), null);
            claims = [Claim(Job(1)), Claim(Job(2))];
            _disk.Room = 480;
            _disk.Torn = () => reader.LoadAsync(default).GetAwaiter().GetResult();
        }
        foreach (var claim in claims) await Assert.ThrowsAsync<GatewayException>(() => claim);
        lock (reader.SyncRoot) Assert.Equal(2, reader.Index.Count);
        (_disk.Room, _disk.Torn) = (long.MaxValue, null);
        for (var n = 5; n < 12; n++) await CreateAsync(client, Job(n));
        for (var n = 5; n < 12; n++) Assert.True((await Clock.Drive(CreateAsync(other, Job(n)))).IsKnown);
        Assert.Empty(otherGateway.Sent);
        Assert.Equal((8, 0), (gateway.Sent.Length, Read(reader).BadLines));
        // A line that was undone does not block.
        Assert.Equal("other", (await Clock.Drive(CreateAsync(other, Job(1)))).Id);

        Task<bool> Claim(MJSubmission submission)
        {
            var parameters = JournalLineWriter.Parameters(submission);
            var create = new JournalCreate(Guid.NewGuid().ToString("N"), SubmissionKey.WorkOf("https://gateway.test", submission.Model, parameters), "https://gateway.test", null, submission.Model, parameters, []);
            return journal.ClaimAsync(create.Ref, () => JournalLineWriter.Submitting(create, null, Start), () => true);
        }
    }

    [Fact]
    public async Task Full_disk_stops_the_batch()
    {
        var (client, gateway) = SetupOnDisk();
        var guard = await client.GuardAsync(Guarded, Notes, default);
        _disk.Room = 3000;
        var batch = new RequestBatch();
        var outcomes = await Clock.Drive(Task.WhenAll(Enumerable.Range(0, Jobs).Select(Try)));
        Assert.Equal(outcomes.OfType<MJTask>().Count(), gateway.Sent.Length);
        Assert.Equal(GatewayErrorKind.JournalUnavailable, batch.Refusal?.Kind);
        Assert.All(outcomes.OfType<GatewayException>(), e => Assert.Equal(GatewayErrorKind.JournalUnavailable, e.Kind));
        Assert.NotEmpty(outcomes.OfType<BatchStoppedException>());

        async Task<object> Try(int number)
        {
            try { return await client.CreateAsync(Job(number), guard.Begin(Job(number), Notes), batch, Notes, default); }
            catch (Exception e) when (e is GatewayException or BatchStoppedException) { return e; }
        }
    }

    /// <summary>What was written by an earlier command may fail just when the next one begins.</summary>
    [Fact]
    public async Task Write_that_fails_while_a_command_begins_does_not_keep_back_what_is_known()
    {
        var journal = OnDisk();
        var (client, gateway) = SetupOnDisk(journal);
        await CreateAsync(client, Job(0));
        var copy = Text;
        await CreateAsync(client, Job(1));
        // The loss is told after the file was read, and before it is checked.
        File.WriteAllText(JournalPath, copy);
        _disk.Room = 0;
        var told = new Told(() => journal.RecordEndedAsync(new MJTask { Id = "t0", Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri).Wait());
        var guard = await client.GuardAsync(Guarded, told, default);
        Assert.True(told.Happened);
        for (var n = 0; n < 2; n++) Assert.Equal($"t{n}", (await client.CreateAsync(Job(n), guard.Begin(Job(n), null), null, null, default)).Id);
        Assert.Equal(2, gateway.Sent.Length);
    }

    [Fact]
    public async Task Create_refused_while_the_disk_was_full_does_not_count_as_created()
    {
        var (client, gateway) = SetupWith(OnDisk(), Accepts("t0"), Answers.Json("{}", 400), Accepts("t1"));
        await CreateAsync(client, Job(0));
        _disk.Room = 450;
        Assert.Equal(GatewayErrorKind.GatewayRefused, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Job(1), notes: Notes))).Kind);
        Assert.True(_disk.Failures > 0);
        Assert.Equal(["t0"], Listed().Where(t => t.Status != MJTaskStatus.OutcomeUnknown).Select(t => t.Id));
        _disk.Room = long.MaxValue;
        Assert.Equal("t1", (await CreateAsync(client, Job(1))).Id);
        Assert.Equal(3, gateway.Sent.Length);
        Assert.Equal(["t0", "t1"], Listed().Select(t => t.Id).Order());
    }

    [Fact]
    public async Task Claim_that_cannot_be_flushed_is_not_sent_and_not_unknown()
    {
        var journal = OnDisk();
        var (client, gateway) = SetupOnDisk(journal);
        await CreateAsync(client, Job(0));
        _disk.FailsToFlush = true;
        Assert.Equal(GatewayErrorKind.JournalUnavailable, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Job(1)))).Kind);
        Assert.Single(gateway.Sent);
        _disk.FailsToFlush = false;
        Assert.Equal("t1", (await CreateAsync(client, Job(1))).Id);
        Assert.Equal(["t0", "t1"], Listed().Select(t => t.Id).Order());
    }

    [Fact]
    public async Task Journal_that_stops_working_stops_the_batch()
    {
        var (client, gateway) = SetupOnDisk();
        await CreateAsync(client, Job(0));
        Directory.Delete(Path.GetDirectoryName(JournalPath)!, recursive: true);
        File.WriteAllText(Path.GetDirectoryName(JournalPath)!, "a file where the folder should be");
        Assert.Equal(GatewayErrorKind.JournalUnavailable, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Job(1), notes: Notes))).Kind);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Compaction_without_disk_space_changes_nothing_and_leaves_no_copy()
    {
        var (client, _) = SetupOnDisk(OnDisk(maxBytes: 4000));
        _disk.Room = 7000;
        var made = await CreateAllAsync(client);
        Assert.False(File.Exists(JournalPath + ".new"));
        Assert.Equal(0, Read(NewJournal()).BadLines);
        _disk.Room = long.MaxValue;
        await CreateAsync(client, Job(Jobs), notes: Notes);
        Assert.Equal(made + 1, Listed().Count);
    }

    [Fact]
    public void End_that_cannot_be_written_gives_one_warning()
    {
        var journal = OnDisk();
        _disk.Room = 0;
        for (var n = 0; n < 3; n++)
        {
            journal.RecordEnded(new MJTask { Id = "t", Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
            Flush(journal, Notes);
        }
        Assert.Contains(JournalPath, Assert.Single(Notes.Warnings), StringComparison.Ordinal);
    }

    /// <summary>Does something when it is first warned.</summary>
    private sealed class Told(Action then) : IGatewayObserver
    {
        public bool Happened { get; private set; }

        public bool WantsRequests => false;

        public bool WantsDetails => false;

        public void Note(string line)
        {
        }

        public void Detail(string line)
        {
        }

        public void Warn(string line)
        {
            if (Happened) return;
            Happened = true;
            then();
        }
    }

    private static MJSubmission Job(int number) => Sample.Upscale($"job-{number}", 0, UpscaleType.Standard);

    private static IOrderedEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(n => $"t{n}").Order();

    private TaskJournal OnDisk(long maxBytes = 1024 * 1024) => new(_disk.JournalFile(JournalPath), Clock, maxBytes);

    private (GatewayClient Client, FakeGateway Gateway) SetupOnDisk(TaskJournal? journal = null) =>
        SetupWith(journal ?? OnDisk(), [.. Enumerable.Range(0, Jobs).Select(n => Accepts($"t{n}")), Accepts("last")]);

    /// <returns>The number of created tasks; each of the others failed with JournalUnavailable.</returns>
    private async Task<int> CreateAllAsync(GatewayClient client)
    {
        var made = 0;
        for (var n = 0; n < Jobs; n++)
        {
            try { Assert.Equal($"t{n}", (await CreateAsync(client, Job(n), notes: Notes)).Id); made++; }
            catch (GatewayException e) { Assert.Equal(GatewayErrorKind.JournalUnavailable, e.Kind); }
        }
        return made;
    }
}
