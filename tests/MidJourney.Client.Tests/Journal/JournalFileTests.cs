using System.Runtime.Versioning;

namespace MidJourney.Client.Tests;

/// <summary>What the file itself may go through.</summary>
public sealed class JournalFileTests : JournalTestBase
{
    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_its_owner_can_read_it()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(JournalPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(JournalPath)!));
    }

    [Fact]
    public async Task A_last_line_that_was_torn_costs_only_itself()
    {
        Append("""{"v":1,"event":"submitting","ref":"a","baseU""");
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        var (tasks, badLines) = NewJournal().Read(Sample.BaseUri);
        Assert.Equal(("t1", 1), (Assert.Single(tasks).Id, badLines));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"v\":1,\"event\":\"created\"")]
    [InlineData("[1,2]")]
    [InlineData("\u0000\u0000\u0000")]
    [InlineData("{\"event\":\"created\",\"ref\":\"\\ud800\",\"model\":\"\\ud800\"}")]
    public async Task A_line_in_the_middle_that_cannot_be_read_costs_only_itself(string bad)
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Accepts("t2"));
        await client.CreateAsync(Sample.Upscale("a", 0, UpscaleType.Standard));
        Append(bad + "\n");
        await client.CreateAsync(Sample.Upscale("b", 0, UpscaleType.Standard));
        var (tasks, badLines) = NewJournal().Read(Sample.BaseUri);
        Assert.Equal(["t2", "t1"], tasks.Select(t => t.Id));
        Assert.Equal(1, badLines);
        await client.CreateAsync(Sample.Upscale("a", 0, UpscaleType.Standard), DuplicatePolicy.Skip);
        Assert.Equal(2, gateway.Sent.Length);
    }

    [Fact]
    public async Task Lines_and_fields_of_a_later_version_are_left_alone()
    {
        Append("""{"v":2,"event":"archived","what":[1,{"a":2}]}""" + "\n");
        Append("""{"v":2,"event":"created","time":"2024-03-09T15:00:00Z","ref":"a","baseUri":"https://gateway.test","model":"midjourney_upscale","params":{"jobId":"job-1","imageNo":2,"type":1},"taskId":"t1","task":{"status":"in_progress","new":true},"more":{"x":1}}""" + "\r\n");
        var (tasks, badLines) = NewJournal().Read(Sample.BaseUri);
        Assert.Equal(("t1", 0), (Assert.Single(tasks).Id, badLines));
        var (client, gateway) = SetupWithJournal(Accepts("t2"));
        await client.CreateAsync(Sample.Submission, DuplicatePolicy.Skip);
        Assert.Empty(gateway.Sent);
    }

    [Fact]
    public async Task Many_writers_at_once_never_mix_their_lines()
    {
        var clients = Enumerable.Range(0, 4).Select(n => SetupWithJournal(Accepts("t" + n)).Client).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 400).Select(n => clients[n % 4].CreateAsync(Sample.Upscale($"job-{n}", 0, UpscaleType.Standard))));
        Assert.Equal(400, Events.Count(e => e == "submitting"));
        Assert.Equal(400, Events.Count(e => e == "created"));
        Assert.Equal(400, Listed().Count);
    }

    [Fact]
    public async Task Where_it_cannot_be_written_work_goes_on_after_one_warning()
    {
        File.WriteAllText(Path.Combine(FolderPath, "state"), "a file where the folder should be");
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        for (var i = 0; i < 3; i++) await client.CreateAsync(Sample.Upscale($"job-{i}", 0, UpscaleType.Standard), Notes);
        Assert.Equal(3, gateway.Sent.Length);
        Assert.Contains(JournalPath, Assert.Single(Notes.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_may_be_read_but_not_written_what_it_holds_is_still_known()
    {
        var (first, _) = SetupWithJournal(Accepts("t1"));
        await first.CreateAsync(Sample.Upscale("a", 0, UpscaleType.Standard));
        File.Delete(JournalPath + ".lock");
        Directory.CreateDirectory(JournalPath + ".lock");
        var (second, gateway) = SetupWithJournal(Accepts("t2"));
        Assert.Equal("t1", (await second.CreateAsync(Sample.Upscale("a", 0, UpscaleType.Standard), DuplicatePolicy.Skip, Notes)).Id);
        for (var i = 0; i < 2; i++) Assert.Equal("t2", (await second.CreateAsync(Sample.Upscale("b", 0, UpscaleType.Standard), DuplicatePolicy.Skip, Notes)).Id);
        Assert.Single(gateway.Sent);
        Assert.Contains(JournalPath, Assert.Single(Notes.Warnings), StringComparison.Ordinal);
        Assert.Equal(["submitting", "created"], Events);
    }

    /// <summary>A folder in which not even root can make a file.</summary>
    [LinuxFact]
    public async Task In_a_folder_that_is_read_only_work_goes_on_after_one_warning()
    {
        var journal = new TaskJournal("/sys/kernel/midjourney/journal.jsonl", Clock);
        var (client, gateway) = SetupWith(journal, Accepts("t1"), Accepts("t2"));
        for (var i = 0; i < 2; i++) await client.CreateAsync(Sample.Upscale($"job-{i}", 0, UpscaleType.Standard), Notes);
        await client.CreateAsync(Sample.Upscale("job-0", 0, UpscaleType.Standard), DuplicatePolicy.Skip, Notes);
        Assert.Equal(2, gateway.Sent.Length);
        Assert.Contains("/sys/kernel/midjourney", Assert.Single(Notes.Warnings), StringComparison.Ordinal);
        Assert.Equal(["t2", "t1"], journal.Read(Sample.BaseUri).Tasks.Select(t => t.Id));
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_when_it_can_be()
    {
        var blocker = Path.Combine(FolderPath, "state");
        File.WriteAllText(blocker, "");
        var (client, _) = SetupWithJournal(Accepts("t1"), Accepts("t2"));
        await client.CreateAsync(Sample.Upscale("a", 0, UpscaleType.Standard), Notes);
        File.Delete(blocker);
        await client.CreateAsync(Sample.Upscale("b", 0, UpscaleType.Standard), Notes);
        Assert.Equal(["submitting", "created", "submitting", "created"], Events);
    }

    [Fact]
    public async Task A_file_that_was_taken_away_is_made_anew()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Accepts("t2"), Accepts("t3"));
        await client.CreateAsync(Sample.Submission, DuplicatePolicy.Skip);
        File.Delete(JournalPath);
        await client.CreateAsync(Sample.Submission, DuplicatePolicy.Skip);
        Assert.Equal(2, gateway.Sent.Length);
        Assert.Equal("t2", Assert.Single(Listed()).Id);
    }
}
