namespace MidJourney.Client.Tests;

/// <summary>Images that are not at their address yet, or no longer.</summary>
public sealed class LateOutputTests : DownloadTestBase
{
    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    [InlineData(401)]
    public async Task An_image_that_comes_late_is_waited_for(int status)
    {
        var file = await SaveAsync(Status(status), Status(status), Status(status), Whole());
        Assert.Equal(SavedState.Saved, file.State);
        Assert.Equal(4, Requests.Count);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    public async Task One_that_does_not_come_is_given_up_after_half_a_minute(int status)
    {
        var began = Clock.GetUtcNow();
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(Status(status))).Kind);
        Assert.InRange((Clock.GetUtcNow() - began).TotalSeconds, 29.9, 32);
        Assert.InRange(Requests.Count, 5, 10);
        Assert.Empty(Folder.GetFiles());
    }

    [Fact]
    public async Task An_address_that_has_expired_is_renewed_at_once()
    {
        var began = Clock.GetUtcNow();
        var file = await SaveAsync(Target(renew: Fresh("https://files.test/fresh.png")), Status(403), Whole());
        Assert.Equal(SavedState.Saved, file.State);
        Assert.Equal("https://files.test/fresh.png", Requests[1].RequestUri!.AbsoluteUri);
        Assert.InRange((Clock.GetUtcNow() - began).TotalSeconds, 0, 0.3);
    }

    [Fact]
    public async Task An_address_that_is_gone_for_good_is_asked_for_once_more()
    {
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(Status(410))).Kind);
        Assert.Single(Requests);
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(Target(renew: Fresh("https://files.test/a.png")), Status(410))).Kind);
        Assert.Single(Requests);
        Assert.Equal(SavedState.Saved, (await SaveAsync(Target(renew: Fresh("https://files.test/fresh.png")), Status(410), Whole())).State);
        Assert.Equal(2, Requests.Count);
    }

    [Fact]
    public async Task Addresses_that_change_with_every_read_do_not_keep_it_going()
    {
        var count = 0;
        var target = Target(renew: _ => Task.FromResult<Uri?>(new Uri($"https://files.test/{++count}.png")));
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(target, Status(404))).Kind);
        Assert.InRange(Requests.Count, 5, 11);
    }

    [Fact]
    public async Task Whatever_the_read_of_the_task_brings_the_image_is_tried_again()
    {
        foreach (var fault in new Exception[] { new GatewayException(GatewayErrorKind.Unauthorized, "401"), new ObjectDisposedException("client"), new OperationCanceledException() })
            Assert.Equal(SavedState.Saved, (await SaveAsync(Target(task: fault.Message.Length.ToString(), force: true, renew: _ => throw fault), Status(404), Whole())).State);
    }

    [Fact]
    public async Task A_read_of_the_task_that_hangs_is_given_up()
    {
        var target = Target(renew: async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return null;
        });
        Assert.Equal(SavedState.Saved, (await SaveAsync(target, Status(404), Whole())).State);
    }

    [Fact]
    public async Task Where_many_do_not_come_each_is_given_less_time()
    {
        var began = Clock.GetUtcNow();
        var run = new DownloadRun();
        for (var n = 0; n < 20; n++) await FailAsync(Target($"t{n}", run: run), Status(404));
        Assert.InRange((Clock.GetUtcNow() - began).TotalSeconds, 70, 100);
        // One that comes after all gives time to the next.
        await SaveAsync(Target("late", run: run), Status(404), Whole());
        Assert.Equal(TimeSpan.FromSeconds(30), run.MissingFileTimeout);
    }

    [Fact]
    public async Task A_stop_does_not_wait()
    {
        using var stop = new CancellationTokenSource();
        using var downloader = Downloader(Status(404));
        var save = downloader.SaveAsync(Target(), Notes, null, stop.Token);
        await Clock.DriveUntil(() => Requests.Count == 1, step: TimeSpan.Zero);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save);
    }

    private static Func<CancellationToken, Task<Uri?>> Fresh(string url) => _ => Task.FromResult<Uri?>(new Uri(url));
}
