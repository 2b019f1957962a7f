namespace MidJourney.Client.Tests;

/// <summary>Images that are not available yet, or no longer.</summary>
public sealed class MissingFileTests : DownloadTestBase
{
    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    [InlineData(401)]
    public async Task Late_image_is_retried(int status)
    {
        var file = await SaveAsync(Status(status), Status(status), Status(status), Whole());
        Assert.Equal(SavedState.Saved, file.State);
        Assert.Equal(4, Requests.Count);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    public async Task Missing_image_is_retried_for_30_seconds(int status)
    {
        var began = Clock.GetUtcNow();
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(Status(status))).Kind);
        Assert.InRange((Clock.GetUtcNow() - began).TotalSeconds, 29.9, 32);
        Assert.InRange(Requests.Count, 5, 10);
        Assert.Empty(Folder.GetFiles());
    }

    [Fact]
    public async Task Expired_URL_is_renewed_at_once()
    {
        var began = Clock.GetUtcNow();
        var file = await SaveAsync(Target(renew: Fresh("https://files.test/fresh.png")), Status(403), Whole());
        Assert.Equal(SavedState.Saved, file.State);
        Assert.Equal("https://files.test/fresh.png", Requests[1].RequestUri!.AbsoluteUri);
        Assert.InRange((Clock.GetUtcNow() - began).TotalSeconds, 0, 0.3);
    }

    [Fact]
    public async Task Status_410_is_retried_only_with_a_new_URL()
    {
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(Status(410))).Kind);
        Assert.Single(Requests);
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(Target(renew: Fresh("https://files.test/a.png")), Status(410))).Kind);
        Assert.Single(Requests);
        Assert.Equal(SavedState.Saved, (await SaveAsync(Target(renew: Fresh("https://files.test/fresh.png")), Status(410), Whole())).State);
        Assert.Equal(2, Requests.Count);
    }

    [Fact]
    public async Task URL_that_changes_with_every_read_does_not_extend_the_timeout()
    {
        var count = 0;
        var target = Target(renew: _ => Task.FromResult<Uri?>(new Uri($"https://files.test/{++count}.png")));
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(target, Status(404))).Kind);
        Assert.InRange(Requests.Count, 5, 11);
    }

    [Fact]
    public async Task Failed_read_of_the_task_does_not_end_the_retries()
    {
        foreach (var fault in new Exception[] { new GatewayException(GatewayErrorKind.Unauthorized, "401"), new ObjectDisposedException("client"), new OperationCanceledException() })
            Assert.Equal(SavedState.Saved, (await SaveAsync(Target(task: fault.Message.Length.ToString(), force: true, renew: _ => throw fault), Status(404), Whole())).State);
    }

    [Fact]
    public async Task Read_of_the_task_has_a_timeout()
    {
        Assert.Equal(SavedState.Saved, (await SaveAsync(Target(renew: HangAsync), Status(404), Whole())).State);
    }

    [Fact]
    public async Task Timeout_shrinks_when_many_images_are_missing()
    {
        var began = Clock.GetUtcNow();
        var run = new DownloadRun();
        for (var n = 0; n < 20; n++) await FailAsync(Target($"t{n}", run: run), Status(404));
        Assert.InRange((Clock.GetUtcNow() - began).TotalSeconds, 70, 100);
        // A late image resets the timeout.
        await SaveAsync(Target("late", run: run), Status(404), Whole());
        Assert.Equal(TimeSpan.FromSeconds(30), run.LateFiles.Current);
    }

    [Fact]
    public async Task Expired_links_of_old_tasks_are_retried_for_one_second()
    {
        var began = Clock.GetUtcNow();
        var run = new DownloadRun();
        for (var n = 0; n < 100; n++) await FailAsync(Target($"t{n}", run: run, renew: n % 2 == 0 ? HangAsync : null) with { CreatedAt = began.AddDays(-3) }, Status(404));
        Assert.InRange((Clock.GetUtcNow() - began).TotalSeconds, 100, 150);
        // A new image may still be late.
        Assert.Equal(SavedState.Saved, (await SaveAsync(Target("late", run: run) with { CreatedAt = Clock.GetUtcNow().AddMinutes(-1) }, Status(404), Status(404), Status(404), Whole())).State);
        Assert.Equal(TimeSpan.FromSeconds(30), run.LateFiles.Current);
    }

    [Fact]
    public async Task Renewed_links_do_not_extend_the_timeout_of_missing_images()
    {
        var run = new DownloadRun();
        for (var n = 0; n < 6; n++) await FailAsync(Target($"t{n}", run: run), Status(404));
        await SaveAsync(Target("renewed", run: run, renew: Fresh("https://files.test/fresh.png")), Status(403), Whole());
        Assert.Equal(TimeSpan.FromSeconds(1), run.LateFiles.Current);
    }

    [Fact]
    public async Task Read_that_hangs_is_waited_for_a_shorter_time_by_the_next_image()
    {
        var run = new DownloadRun();
        for (var n = 0; n < 6; n++) await FailAsync(Target($"t{n}", run: run, renew: HangAsync), Status(404));
        Assert.Equal(TimeSpan.FromSeconds(1), run.Renewals.Current);
        await SaveAsync(Target("renewed", run: run, renew: Fresh("https://files.test/fresh.png")), Status(403), Whole());
        Assert.Equal(TimeSpan.FromSeconds(10), run.Renewals.Current);
    }

    [Fact]
    public async Task Stop_ends_the_wait_at_once()
    {
        using var stop = new CancellationTokenSource();
        using var downloader = Downloader(Status(404));
        var save = downloader.SaveAsync(Target(), Notes, null, stop.Token);
        await Clock.DriveUntil(() => Requests.Count == 1, step: TimeSpan.Zero);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save);
    }

    private static async Task<Uri?> HangAsync(CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(false);
        return null;
    }

    private static Func<CancellationToken, Task<Uri?>> Fresh(string url) => _ => Task.FromResult<Uri?>(new Uri(url));
}
