using System.Diagnostics;
using System.Globalization;

namespace MidJourney.Client.Tests;

/// <summary>The claim that a create is being sent: who holds it, how long it is valid, and what others do meanwhile.</summary>
public sealed class ClaimTests : JournalTestBase
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(40);
    private static readonly ProcessIdentity Elsewhere = new(1, "1@1", "another-machine");

    /// <summary>Real time that is enough on any machine.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Create_that_another_process_is_sending_is_awaited_and_returned(bool retryUnknown)
    {
        var go = new TaskCompletionSource();
        var (first, gateway) = SetupWithJournal(Answers.After(go.Task, Accepts("t1")));
        var (second, other) = SetupWithJournal(Accepts("t2"));
        var made = CreateAsync(first, Sample.Submission);
        await Until(() => gateway.BodiesSent == 1);
        var waiting = CreateAsync(second, Sample.Submission, retryUnknown ? RetryUnknown : Guarded);
        await Clock.Pass(Second * 10);
        Assert.False(waiting.IsCompleted);
        go.SetResult();
        Assert.Equal("t1", (await made.WaitAsync(Enough)).Id);
        var known = await Clock.Drive(waiting);
        Assert.Equal(("t1", true), (known.Id, known.IsKnown));
        Assert.Empty(other.Sent);
    }

    [Fact]
    public async Task Create_of_another_command_in_this_process_is_awaited_without_polling()
    {
        var go = new TaskCompletionSource();
        var (client, gateway) = SetupWithJournal(Answers.After(go.Task, Accepts("t1")));
        var creates = Enumerable.Range(0, 5).Select(_ => CreateAsync(client, Sample.Submission)).ToArray();
        await Until(() => gateway.BodiesSent == 1);
        go.SetResult();
        Assert.All(await Task.WhenAll(creates).WaitAsync(Enough), task => Assert.Equal("t1", task.Id));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Waiting_create_is_sent_when_the_other_is_refused()
    {
        var go = new TaskCompletionSource();
        var (first, gateway) = SetupWithJournal(Answers.After(go.Task, Answers.Json("{}", 400)));
        var (second, other) = SetupWithJournal(Accepts("t2"));
        var refused = CreateAsync(first, Sample.Submission);
        await Until(() => gateway.BodiesSent == 1);
        var waiting = CreateAsync(second, Sample.Submission);
        go.SetResult();
        await Assert.ThrowsAsync<GatewayException>(() => refused.WaitAsync(Enough));
        Assert.Equal("t2", (await Clock.Drive(waiting)).Id);
        Assert.Single(other.Sent);
    }

    [Fact]
    public async Task Claim_is_awaited_for_the_request_timeout_and_then_unknown()
    {
        Append(LineOf("submitting", "a", Second, By(ProcessIdentity.Current)));
        var (client, gateway) = SetupWithJournal(Accepts("t"));
        var waiting = CreateAsync(client, Sample.Submission);
        await Clock.Pass(Patience - Second);
        Assert.False(waiting.IsCompleted);
        var error = await Clock.Failure(waiting);
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, error.Kind);
        Assert.Contains("started submitting job job-1, image 2, type Creative at 2024-03-09 15:59:59 UTC", error.Message, StringComparison.Ordinal);
        Assert.Empty(gateway.Sent);
        Assert.Equal(["journal"], Events);
    }

    [Fact]
    public async Task Each_new_claim_line_extends_the_wait()
    {
        Append(LineOf("submitting", "a", Second, By(ProcessIdentity.Current)));
        var (client, _) = SetupWithJournal(Accepts("t"));
        var waiting = CreateAsync(client, Sample.Submission);
        for (var n = 0; n < 3; n++)
        {
            await Clock.Pass(Patience - Second * 5);
            Assert.False(waiting.IsCompleted);
            Append(LineOf("submitting", "a", TimeSpan.Zero, By(ProcessIdentity.Current)));
        }
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Clock.Failure(waiting)).Kind);
    }

    [Fact]
    public async Task Wait_can_be_cancelled_and_leaves_no_line()
    {
        Append(LineOf("submitting", "a", Second, By(ProcessIdentity.Current)));
        var (client, gateway) = SetupWithJournal(Accepts("t"));
        var waiting = CreateAsync(client, Sample.Submission, cancellationToken: _stop.Token);
        await Clock.Pass(Second);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Enough));
        Assert.Empty(gateway.Sent);
        Assert.Equal(["journal"], Events);
    }

    [Fact]
    public async Task Stopping_the_batch_ends_the_wait()
    {
        Append(LineOf("submitting", "a", Second, By(ProcessIdentity.Current)));
        var (client, _) = SetupWithJournal(Accepts("t"));
        var batch = new RequestBatch();
        var waiting = CreateAsync(client, Sample.Submission, batch: batch);
        await Clock.Pass(Second);
        batch.Note(new GatewayException(GatewayErrorKind.Unauthorized, "no") { HttpStatus = 401 });
        await Assert.ThrowsAsync<BatchStoppedException>(() => waiting.WaitAsync(Enough));
    }

    /// <summary>Another process with the same id, and one that has exited.</summary>
    [Fact]
    public void Claim_of_an_exited_process_is_unknown()
    {
        Assert.True(Dead.HasExited());
        using var process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        process.WaitForExit();
        Assert.True(new ProcessIdentity(process.Id, ProcessIdentity.Current.Start, ProcessIdentity.Current.Host).HasExited());
        Assert.False(ProcessIdentity.Current.HasExited());
        Assert.Null(Elsewhere.HasExited());
    }

    /// <summary>With the name of this machine, like a container that shares its network.</summary>
    [LinuxFact]
    public async Task Process_in_another_container_may_still_run()
    {
        var here = ProcessIdentity.Current.Start.Split('@')[1].Split('.');
        var elsewhere = ProcessIdentity.Current with { Pid = 1, Start = $"1@{here[0]}.{here[1]}0" };
        Assert.Null(elsewhere.HasExited());
        // Processes from before the last boot have exited.
        Assert.True((elsewhere with { Start = $"1@00000000.{here[1]}0" }).HasExited());
        Append(LineOf("submitting", "a", Second, By(elsewhere)));
        var (client, gateway) = SetupWithJournal(Accepts("t"));
        var waiting = CreateAsync(client, Sample.Submission, RetryUnknown);
        await Clock.Pass(Patience - Second * 2);
        Assert.False(waiting.IsCompleted);
        Assert.Empty(gateway.Sent);
        Assert.Equal("t", (await Clock.Drive(waiting)).Id);
    }

    [LinuxFact]
    public async Task Zombie_has_exited()
    {
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]) { RedirectStandardOutput = true })!;
        try
        {
            var pid = int.Parse((await parent.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            string[] fields = [];
            await Until(() => (fields = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' '))[0] == "Z");
            var mark = new ProcessIdentity(pid, $"{fields[19]}@{ProcessIdentity.Current.Start.Split('@')[1]}", ProcessIdentity.Current.Host);
            Assert.True(mark.HasExited());
            // For comparison: a running process.
            var living = File.ReadAllText($"/proc/{parent.Id}/stat").Split(") ")[^1].Split(' ');
            Assert.False(new ProcessIdentity(parent.Id, $"{living[19]}@{ProcessIdentity.Current.Start.Split('@')[1]}", ProcessIdentity.Current.Host).HasExited());
        }
        finally
        {
            parent.Kill();
        }
    }

    [Fact]
    public async Task Claim_of_another_machine_counts_for_as_long_as_a_create_may_take()
    {
        Append(LineOf("submitting", "a", Patience - Second, By(Elsewhere)));
        var (client, gateway) = SetupWithJournal(Accepts("t"));
        var guard = await client.GuardAsync(Guarded, null, default);
        Assert.Equal(DuplicateAction.Wait, guard.Begin(Sample.Submission, null).Action);
        Clock.Advance(Second);
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Sample.Submission).WaitAsync(Enough))).Kind);
        Assert.Equal("t", (await CreateAsync(client, Sample.Submission, RetryUnknown)).Id);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Create_replaced_while_it_waits_to_retry_is_not_sent_again()
    {
        var (first, gateway) = SetupWithJournal(Answers.Json("{}", 429, retryAfter: "60"), Accepts("t1"));
        var (second, other) = SetupWithJournal(Accepts("t2"));
        var waiting = CreateAsync(first, Sample.Submission);
        await Until(() => gateway.Sent.Length == 1);
        Assert.Equal("t2", (await CreateAsync(second, Sample.Submission, Force)).Id);
        var known = await Clock.Drive(waiting);
        Assert.Equal(("t2", true), (known.Id, known.IsKnown));
        Assert.Equal((1, 1), (gateway.Sent.Length, other.Sent.Length));
        Assert.Equal("t2", Assert.Single(Listed()).Id);
    }

    /// <summary>Two journals share only the file, like two processes.</summary>
    [Theory]
    [InlineData("file")]
    [InlineData("a link to the file")]
    [InlineData("a link to its folder")]
    public async Task Two_processes_with_the_same_work_create_each_task_once(string way)
    {
        if (way != "file" && OperatingSystem.IsWindows()) return;
        var path = JournalPath;
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        if (way == "a link to the file") File.CreateSymbolicLink(path = Path.Combine(FolderPath, "link.jsonl"), JournalPath);
        if (way == "a link to its folder")
        {
            Directory.CreateSymbolicLink(Path.Combine(FolderPath, "other"), Path.GetDirectoryName(JournalPath)!);
            path = Path.Combine(FolderPath, "other", "journal.jsonl");
        }
        var script = Enumerable.Range(0, 300).Select(n => n % 3 == 0 ? Answers.Json("{}", 429, retryAfter: "1") : Accepts($"t{n}")).ToArray();
        // Throttled creates can wait long, and others wait for them.
        var options = new GatewayOptions { BaseUri = Sample.BaseUri, Journal = NewJournal(), RequestTimeout = TimeSpan.FromDays(2), RetryTimeout = TimeSpan.FromDays(2) };
        var (first, one) = Setup(options, script);
        var (second, two) = Setup(options with { Journal = new TaskJournal(path, Clock) }, script);
        var works = Enumerable.Range(0, 100).Select(n => Sample.Upscale($"job-{n}", 0, UpscaleType.Standard)).ToArray();
        var (guard1, guard2) = (await first.GuardAsync(Guarded, null, default), await second.GuardAsync(Guarded, null, default));
        var tasks = await Clock.Drive(Task.WhenAll(works.SelectMany(w => new[] { Run(first, guard1, w), Run(second, guard2, w) })), most: TimeSpan.FromDays(1));
        Assert.Equal((200, 100), (tasks.Length, tasks.Count(t => !t.IsKnown)));
        Assert.Equal(100, Events.Count(e => e == "created"));
        Assert.Equal(100, Listed().Count);
        Assert.True(one.Sent.Length + two.Sent.Length >= 100);

        static Task<MJTask> Run(GatewayClient client, DuplicateGuard guard, MJSubmission work) => Task.Run(() => client.CreateAsync(work, guard.Begin(work, null), null, null, default));
    }

    protected override void Dispose(bool disposing)
    {
        _stop.Dispose();
        base.Dispose(disposing);
    }
}
