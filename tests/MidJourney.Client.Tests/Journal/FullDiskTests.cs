namespace MidJourney.Client.Tests;

/// <summary>A disk that is full, or fills in the middle: one warning, work goes on, no line is torn, and what is known is not forgotten.</summary>
public sealed class FullDiskTests : JournalTestBase
{
    private const int Jobs = 40;

    private readonly FillingDisk _disk = new();

    /// <summary>Room for nothing, for part of the first line, for the first line, and for some of what follows, cut at odd places.</summary>
    public static TheoryData<int> Rooms => [0, 1, 70, 100, 300, 777, 1500, 4001, 9973];

    [Theory]
    [MemberData(nameof(Rooms))]
    public async Task Whenever_it_fills_work_goes_on_and_no_line_is_torn(int room)
    {
        _disk.Room = room;
        var (client, gateway) = Setup();
        await CreateAllAsync(client);
        Assert.Equal(Jobs, gateway.Sent.Length);
        Assert.Contains(JournalPath, Assert.Single(Notes.Warnings), StringComparison.Ordinal);
        Assert.True(_disk.Failures > 0);
        // Every line can be read by whoever comes, and there is none that is not whole.
        Assert.True(Text.Length == 0 || Text.EndsWith('\n'), Text);
        Assert.Equal(0, NewJournal().Read(Sample.BaseUri).BadLines);
        Assert.InRange(new FileInfo(JournalPath).Length, 0, room);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public async Task While_it_is_full_this_process_still_knows_what_it_made(int room)
    {
        _disk.Room = room;
        var journal = new TaskJournal(_disk.JournalFile(JournalPath), Clock);
        var (client, gateway) = SetupWith(journal, [.. Enumerable.Range(0, Jobs).Select(n => Accepts($"t{n}"))]);
        await CreateAllAsync(client);
        Assert.Equal(Enumerable.Range(0, Jobs).Select(n => $"t{n}").Order(), journal.Read(Sample.BaseUri).Tasks.Select(t => t.Id).Order());
        for (var n = 0; n < Jobs; n++) Assert.Equal($"t{n}", (await client.CreateAsync(Job(n), DuplicatePolicy.Skip, Notes)).Id);
        Assert.Equal(Jobs, gateway.Sent.Length);
    }

    [Fact]
    public async Task It_knows_that_also_when_it_had_not_looked_into_the_journal_before()
    {
        _disk.Room = 500;
        var (client, gateway) = Setup();
        for (var n = 0; n < Jobs; n++) await client.CreateAsync(Job(n), Notes);
        for (var n = 0; n < Jobs; n++) Assert.Equal($"t{n}", (await client.CreateAsync(Job(n), DuplicatePolicy.Skip, Notes)).Id);
        Assert.Equal(Jobs, gateway.Sent.Length);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public async Task When_it_gets_room_again_all_is_written_and_nobody_makes_it_twice(int room)
    {
        _disk.Room = room;
        var (client, _) = Setup();
        await CreateAllAsync(client);
        _disk.Room = long.MaxValue;
        await client.CreateAsync(Sample.Upscale("last", 0, UpscaleType.Standard), DuplicatePolicy.Skip, Notes);
        Assert.Equal(Jobs + 1, Events.Count(e => e == "submitting"));
        Assert.Equal(Jobs + 1, Events.Count(e => e == "created"));
        Assert.Single(Notes.Warnings);
        var (other, gateway) = SetupWithJournal();
        for (var n = 0; n < Jobs; n++) Assert.Equal($"t{n}", (await other.CreateAsync(Job(n), DuplicatePolicy.Skip)).Id);
        Assert.Empty(gateway.Sent);
    }

    [Fact]
    public async Task What_was_refused_while_it_was_full_is_not_taken_for_made()
    {
        var (client, gateway) = SetupWith(new TaskJournal(_disk.JournalFile(JournalPath), Clock), Accepts("t0"), Answers.Json("{}", 402), Accepts("t1"));
        await client.CreateAsync(Job(0), DuplicatePolicy.Skip);
        _disk.Room = 450;
        await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Job(1), DuplicatePolicy.Skip));
        Assert.True(_disk.Failures > 0);
        Assert.Equal("t1", (await client.CreateAsync(Job(1), DuplicatePolicy.Skip)).Id);
        Assert.Equal(3, gateway.Sent.Length);
    }

    [Fact]
    public async Task When_it_cannot_remember_all_it_says_so_instead_of_making_a_thing_twice()
    {
        _disk.Room = 0;
        const int many = 20;
        var longText = new string('x', 1024 * 1024);
        var (client, gateway) = SetupWith(new TaskJournal(_disk.JournalFile(JournalPath), Clock), [.. Enumerable.Range(0, many).Select(n => Accepts($"t{n}"))]);
        for (var n = 0; n < many; n++) await client.CreateAsync(Long(n), DuplicatePolicy.Create, Notes);
        var e = await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Long(many - 1), DuplicatePolicy.Skip, Notes));
        Assert.Equal(GatewayErrorKind.JournalUnavailable, e.Kind);
        Assert.Equal(many, gateway.Sent.Length);

        MJSubmission Long(int number) => new() { Model = "midjourney_diffusion", Parameters = [new("text", number + longText)] };
    }

    [Fact]
    public async Task Where_there_is_no_room_to_rotate_it_stays_as_it_was_and_no_copy_is_left()
    {
        var (client, _) = SetupWith(new TaskJournal(_disk.JournalFile(JournalPath), Clock, maxBytes: 4000), [.. Enumerable.Range(0, Jobs).Select(n => Accepts($"t{n}"))]);
        _disk.Room = 6000;
        await CreateAllAsync(client);
        Assert.False(File.Exists(JournalPath + ".new"));
        Assert.Equal(0, NewJournal().Read(Sample.BaseUri).BadLines);
        _disk.Room = long.MaxValue;
        await client.CreateAsync(Sample.Upscale("last", 0, UpscaleType.Standard), DuplicatePolicy.Create, Notes);
        Assert.Equal(Jobs + 1, Listed().Count);
    }

    [Fact]
    public void An_end_that_cannot_be_written_is_warned_of_once()
    {
        var journal = new TaskJournal(_disk.JournalFile(JournalPath), Clock);
        _disk.Room = 0;
        for (var n = 0; n < 3; n++)
        {
            journal.NoteEnded(new MJTask { Id = "t", Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
            Flush(journal, Notes);
        }
        Assert.Contains(JournalPath, Assert.Single(Notes.Warnings), StringComparison.Ordinal);
    }

    private static MJSubmission Job(int number) => Sample.Upscale($"job-{number}", 0, UpscaleType.Standard);

    private (GatewayClient Client, FakeGateway Gateway) Setup() =>
        SetupWith(new TaskJournal(_disk.JournalFile(JournalPath), Clock), [.. Enumerable.Range(0, Jobs).Select(n => Accepts($"t{n}")), Accepts("last")]);

    private async Task CreateAllAsync(GatewayClient client)
    {
        for (var n = 0; n < Jobs; n++) await client.CreateAsync(Job(n), DuplicatePolicy.Skip, Notes);
    }
}
