namespace MidJourney.Client.Tests;

/// <summary>What may have been made and paid is never sent again.</summary>
public sealed class UnknownOutcomeTests : ClientTestBase
{
    public static TheoryData<string> Uncertain =>
    [
        "cut after sending", "timeout after sending", "500", "502 html", "503", "503 after 2 s", "503 after 0 s", "504", "507", "520", "408", "500 with retry-after", "500 with code",
        "empty 200", "204", "html 200", "list 200", "null 200", "no id 200", "torn 200",
    ];

    [Theory]
    [MemberData(nameof(Uncertain))]
    public async Task What_may_have_been_accepted_is_sent_once(string way)
    {
        var (client, gateway) = Setup(Way(way), Answers.Json(Sample.Created));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission, Notes));
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, error.Kind);
        Assert.False(error.IsTransient);
        Assert.Single(gateway.Sent);
        Assert.Equal(1, gateway.BodiesSent);
        Assert.Contains("job job-1, image 2, type Creative", error.Message, StringComparison.Ordinal);
        Assert.Contains("you may pay twice", error.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (client.Counters.Accepted, client.Counters.InFlight));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    public async Task A_response_that_cannot_be_processed_leaves_the_outcome_unknown(int status)
    {
        var (client, gateway) = Setup(Answers.Json(Sample.Created, status));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission, new Throwing()));
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, error.Kind);
        Assert.Contains("the response could not be processed (FormatException)", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (gateway.Sent.Length, client.Counters.InFlight));
    }

    /// <summary>Fails when it is told of a response, as a fault of this module could.</summary>
    private sealed class Throwing : IGatewayObserver
    {
        public bool WantsRequests => true;

        public bool WantsDetails => false;

        public void Note(string line) => throw new FormatException();

        public void Detail(string line) => throw new FormatException();

        public void Warn(string line) => throw new FormatException();
    }

    [Fact]
    public async Task A_transport_that_wants_to_send_the_body_again_gets_none()
    {
        var bodies = 0;
        var (client, _) = Setup(async (request, ended) =>
        {
            while (true)
            {
                await request.Content!.CopyToAsync(Stream.Null, ended);
                bodies++;
            }
        });
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Clock.Failure(client.CreateAsync(Sample.Submission))).Kind);
        Assert.Equal(1, bodies);
    }

    [Fact]
    public async Task The_gateways_words_are_kept()
    {
        var (client, _) = Setup(Way("500 with code"));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.Equal((500, "8004005099", "provider unavailable"), (error.HttpStatus, error.Error?.Code, error.Error?.Message));
    }

    [Theory]
    [InlineData("""{"id":"d758n65e878c73cmdg20","created_at":17100""")]
    [InlineData("""{"model":"midjourney_upscale","extra":{"id":"inner"},"list":[{"id":"inner"}],"id":"d758n65e878c73cmdg20","st""")]
    [InlineData("""{"status":"in_progress","task_id":"d758n65e878c73cmdg20" """)]
    [InlineData("""{"id":"d758n65e878c73cmdg20",""")]
    [InlineData("""{"code":200,"extra":{"id":"inner"},"data":{"id":"d758n65e878c73cmdg20","sta""")]
    [InlineData("""{"list":[{"id":"d758n65e878c73cmdg20"}""")]
    public async Task The_id_is_saved_from_an_answer_that_broke_off(string received)
    {
        var (client, _) = Setup(Answers.Truncated(received));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.Equal("d758n65e878c73cmdg20", error.ProbableTaskId);
        Assert.Contains("d758n65e878c73cmdg20", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"id":""")]
    [InlineData("""{"id":"d758n65e87""")]
    [InlineData("""{"id":null,"model":"m" """)]
    [InlineData("""{"error":{"id":"inner"},"status":{"id":"inner"},"user":{"id":"inner"},"created""")]
    [InlineData("""{"x":"\ud800","\ud800":1,"id":17""")]
    public async Task A_part_of_an_id_is_no_id(string received)
    {
        var (client, _) = Setup(Answers.Truncated(received));
        Assert.Null((await Clock.Failure(client.CreateAsync(Sample.Submission))).ProbableTaskId);
    }

    [Fact]
    public async Task An_answer_that_ends_too_early_without_a_broken_connection_gives_its_id_too()
    {
        var (client, _) = Setup(Answers.Json("""{"id":"d758n65e878c73cmdg20","created_at":17"""));
        Assert.Equal("d758n65e878c73cmdg20", (await Clock.Failure(client.CreateAsync(Sample.Submission))).ProbableTaskId);
    }

    [Fact]
    public async Task A_whole_answer_is_taken_even_if_the_connection_breaks_in_its_last_moment_of_an_error()
    {
        var (client, _) = Setup(Answers.Truncated("""{"error":{"code":8004005001,"message":"job id missing"}}""", 400));
        Assert.Equal(GatewayErrorKind.JobIdMissing, (await Clock.Failure(client.CreateAsync(Sample.Submission))).Kind);
    }

    private static Answer Way(string way) => way switch
    {
        "cut after sending" => Answers.CutAfterSending(),
        "timeout after sending" => Answers.HangAfterSending(),
        "502 html" => Answers.Html("<html><title>502 Bad Gateway</title></html>", 502),
        "503 after 2 s" => Answers.Json("""{"error":{"code":8004005099,"message":"provider unavailable"}}""", 503, "2"),
        "503 after 0 s" => Answers.Json("", 503, "0"),
        "500 with retry-after" => Answers.Json("{}", 500, "1"),
        "500 with code" => Answers.Json("""{"error":{"code":"8004005099","message":"provider unavailable"}}""", 500),
        "empty 200" => Answers.Json(""),
        "204" => Answers.Json("", 204),
        "html 200" => Answers.Html("<html><title>Sign in to the wireless network</title></html>", 200),
        "list 200" => Answers.Json("[]"),
        "null 200" => Answers.Json("null"),
        "no id 200" => Answers.Json("""{"status":"in_progress"}"""),
        "torn 200" => Answers.Truncated("""{"created_at":17"""),
        _ => Answers.Json("", int.Parse(way, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
