namespace MidJourney.Client.Tests;

/// <summary>An answer may tell the task by its address alone.</summary>
public sealed class LocatedTaskTests : ClientTestBase
{
    [Theory]
    [InlineData(202, "/model/v1/generation/task/d7x", "")]
    [InlineData(202, "https://gateway.test/model/v1/generation/task/d7x?a=b", "")]
    [InlineData(201, "generation/task/d7x", "{}")]
    [InlineData(202, "/model/v1/generation/task/d7x/", """{"status":"accepted"}""")]
    [InlineData(202, "http://10.0.0.7:8080/model/v1/generation/task/d7x", "")]
    [InlineData(200, "/model/v1/generation/task/d7x", "<html>accepted</html>")]
    [InlineData(301, "/model/v1/generation/task/d7x", "")]
    [InlineData(302, "/api/task/d7x", "")]
    [InlineData(303, "https://gateway.test/model/v1/generation/task/d7x", "")]
    public async Task The_address_of_a_task_names_it(int status, string location, string body)
    {
        var (client, gateway) = Setup(Answers.Redirect(location, status, body), Answers.Json("""{"id":"d7x","status":"in_progress"}"""));
        var task = await Clock.Drive(client.CreateAsync(Sample.Submission));
        Assert.Equal(("d7x", "job-1", false), (task.Id, task.SourceJobId, task.IsEnded()));
        Assert.Single(gateway.Sent);
        Assert.Equal(MJTaskStatus.InProgress, (await Clock.Drive(client.ReadAsync(task.Id))).Status);
    }

    [Theory]
    [InlineData(303, "/somewhere", null)]
    [InlineData(303, "https://elsewhere.test/login", null)]
    [InlineData(302, "/login", null)]
    [InlineData(301, "/model/v1/generation/", null)]
    [InlineData(302, "", null)]
    [InlineData(300, "/login", null)]
    [InlineData(304, "", null)]
    [InlineData(305, "", null)]
    [InlineData(302, "https://elsewhere.test/model/v1/generation/task/d7x", "d7x")]
    [InlineData(500, "/model/v1/generation/task/d7x", "d7x")]
    [InlineData(400, "/model/v1/generation/task/d7x", "d7x")]
    [InlineData(202, "/model/v1/generation/task/", null)]
    [InlineData(202, "/model/v1/generation/task/..", null)]
    public async Task What_may_have_been_taken_is_in_doubt(int status, string location, string? probable)
    {
        var (client, gateway) = Setup(Answers.Redirect(location, status), Answers.Json(Sample.Created));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.Equal((GatewayErrorKind.SubmitOutcomeUnknown, probable), (error.Kind, error.ProbableTaskId));
        Assert.Single(gateway.Sent);
    }
}
