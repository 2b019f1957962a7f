namespace MidJourney.Client.Tests;

/// <summary>What is told of each request to who wants to know.</summary>
public sealed class RequestTraceTests : ClientTestBase
{
    public RequestTraceTests() => Notes.WantsRequests = true;

    [Fact]
    public async Task A_request_is_told_with_its_number_method_path_subject_status_and_duration()
    {
        var (client, _) = Setup(Taking(120, Answers.Json(Sample.Created)), Taking(1500, Answers.Json(Sample.Completed)));
        await client.CreateAsync(Sample.Submission, Notes);
        await client.ReadAsync("t-1", Notes);
        Assert.Equal([
            "#1 POST /model/v1/generation (job job-1, image 2, type Creative): HTTP 200 in 120 ms.",
            "#2 GET /model/v1/generation/task/t-1: HTTP 200 in 1500 ms.",
        ], Notes.Lines);
    }

    [Fact]
    public async Task A_repeat_is_told_with_its_reason()
    {
        var (client, _) = Setup(Answers.Json("", 429, "2"), Answers.NotConnected(), Answers.Json(Sample.Created));
        await Clock.Drive(client.CreateAsync(Sample.Submission, Notes));
        Assert.Collection(Notes.Lines,
            line => Assert.Equal("#1 POST /model/v1/generation (job job-1, image 2, type Creative): HTTP 429 in 0 ms, retry after 2 s.", line),
            line => Assert.Equal("Submitting job job-1, image 2, type Creative: HTTP 429; attempt 2 in 2 s.", line),
            line => Assert.Equal("#2 POST /model/v1/generation (job job-1, image 2, type Creative): Connection refused, after 0 ms.", line),
            line => Assert.Matches("^Submitting job job-1, .*: Could not connect to https://gateway.test, .*: Connection refused; attempt 3 in ", line),
            line => Assert.StartsWith("#3 POST ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_told_as_such()
    {
        var (client, _) = Setup(Answers.Truncated("{\"id\":"), Answers.Json(Sample.Completed));
        await Clock.Drive(client.ReadAsync("t", Notes));
        Assert.StartsWith("#1 GET /model/v1/generation/task/t: the response was cut off: ", Notes.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_not_told_even_where_it_was_taken_for_an_id()
    {
        var (client, _) = Setup(Answers.Json(Sample.Completed));
        await client.ReadAsync(Sample.Key, Notes);
        Assert.Equal($"#1 GET /model/v1/generation/task/{new string('*', Sample.Key.Length)}: HTTP 200 in 0 ms.", Assert.Single(Notes.Lines));
    }

    [Fact]
    public async Task Who_does_not_want_it_is_told_of_repeats_alone()
    {
        Notes.WantsRequests = false;
        var (client, _) = Setup(Answers.Json("", 500), Answers.Json(Sample.Completed));
        await Clock.Drive(client.ReadAsync("t", Notes));
        Assert.StartsWith("Reading task t: ", Assert.Single(Notes.Lines), StringComparison.Ordinal);
        Assert.Empty(Notes.Details);
    }

    private Answer Taking(int milliseconds, Answer answer) => (request, ended) =>
    {
        Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return answer(request, ended);
    };
}
