namespace MidJourney.Client.Tests;

/// <summary>What nobody foresaw ends the wait of one task.</summary>
public sealed class UnexpectedErrorTests : PollerTestBase
{
    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(NullReferenceException))]
    [InlineData(typeof(ObjectDisposedException))]
    [InlineData(typeof(OverflowException))]
    public async Task One_unforeseen_exception_ends_one_wait(Type type)
    {
        const string Text = "sk-what-came-off-the-wire";
        var reader = Reader(look => look.Id == "bad" ? throw (Exception)Activator.CreateInstance(type, Text)! : look.CompletedAfter(10));
        await PollAsync(reader, ["a", "bad", "b"]);
        Assert.Equal(["a", "b", "bad"], Outcomes.Select(o => o.Task.Id).Order());
        var error = Outcomes.Single(o => o.Task.Id == "bad").Error!;
        Assert.Equal(GatewayErrorKind.Unexpected, error.Kind);
        Assert.Contains(type.Name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Text, error.ToString(), StringComparison.Ordinal);
        Assert.All(Outcomes.Where(o => o.Task.Id != "bad"), o => Assert.Null(o.Error));
    }

    [Fact]
    public async Task A_client_that_was_disposed_ends_them_all()
    {
        var (client, _) = Setup(Answers.Json(Sample.Completed));
        client.Dispose();
        await Assert.ThrowsAsync<ClientDisposedException>(() => PollAsync(client, ["a", "b"]));
    }
}
