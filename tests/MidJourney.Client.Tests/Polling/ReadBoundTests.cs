namespace MidJourney.Client.Tests;

public sealed class ReadBoundTests : PollerTestBase
{
    [Theory]
    [InlineData(1, 20)]
    [InlineData(8, 200)]
    public async Task No_more_reads_are_in_flight_than_allowed(int mostReads, int tasks)
    {
        var reader = Reader(look => look.CompletedAfter(20), latency: 0.2);
        await PollAsync(reader, Ids(tasks), mostReads: mostReads);
        Assert.Equal(mostReads, reader.MostInFlight);
        Assert.Equal(Ids(tasks).Order(), Outcomes.Select(o => o.Task.Id).Order());
    }

    [Fact]
    public async Task A_thousand_tasks_are_each_emitted_once()
    {
        var reader = Reader(look => look.CompletedAfter(15 + int.Parse(look.Id[1..], System.Globalization.CultureInfo.InvariantCulture) / 10), latency: 0.1);
        await PollAsync(reader, Ids(1000), timeout: 3600);
        Assert.InRange(reader.MostInFlight, 1, 16);
        Assert.Equal(1000, Outcomes.Select(o => o.Task.Id).Distinct().Count());
        Assert.Equal(1000, Outcomes.Length);
        Assert.All(Outcomes, o => Assert.Null(o.Error));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(7)]
    [InlineData(45)]
    public async Task The_least_time_between_two_reads_of_a_task_is_held(double minInterval)
    {
        var reader = Reader(look => (look.Number % 3) switch
        {
            0 => Look.Transient(),
            1 => look.Id == "bare" ? look.Bare() : look.Running(),
            _ => look.At.TotalSeconds > 200 ? look.Completed() : look.Running(),
        });
        await PollAsync(reader, ["a", "b", "bare"], minInterval: minInterval);
        foreach (var id in new[] { "a", "b", "bare" })
        {
            var reads = reader.ReadsOf(id);
            Assert.All(reads.Zip(reads.Skip(1), (x, y) => y - x), gap => Assert.True(gap >= TimeSpan.FromSeconds(minInterval)));
        }
        Assert.True(reader.Reads.Length > 6);
    }

    [Fact]
    public async Task Reads_through_the_client_obey_its_limits()
    {
        var options = new GatewayOptions { BaseUri = Sample.BaseUri, ThrottleLimit = 4, MaxRequestsPerSecond = 10 };
        var (client, gateway) = Setup(options, (request, ended) =>
            Answers.Json(Clock.GetUtcNow() - Start < TimeSpan.FromSeconds(30) ? """{"id":"t","status":"in_progress"}""" : Sample.Completed)(request, ended));
        await PollAsync(client, Ids(40), mostReads: 4);
        Assert.Equal(Ids(40).Order(), Outcomes.Select(o => o.Task.Id).Order());
        Assert.InRange(gateway.MostInFlight, 1, 4);
        var times = gateway.Sent.Select(s => s.At).ToArray();
        Assert.All(times, from => Assert.InRange(times.Count(t => t >= from && t < from.AddSeconds(1)), 1, 10));
    }
}
