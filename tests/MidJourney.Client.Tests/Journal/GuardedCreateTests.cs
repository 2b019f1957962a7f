namespace MidJourney.Client.Tests;

/// <summary>The rules in a command: the journal decides what is sent, returned and reported.</summary>
public sealed class GuardedCreateTests : JournalTestBase
{
    private const string Moderated = """
        ,"error":{"code":"110001","message":"refused by moderation"}
        """;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Day = TimeSpan.FromHours(24);

    /// <summary>The entry in the journal; then the outcome with no switch, -SkipSubmitted and -RetryUnknown. With -Force, every record is submitted.</summary>
    private static readonly Dictionary<string, (string None, string Skip, string Retry)> Rows = new()
    {
        ["nothing"] = ("made", "made", "made"),
        ["refused"] = ("made", "made", "made"),
        ["withdrawn"] = ("made", "made", "made"),
        ["putOff"] = ("made", "made", "made"),
        ["failed"] = ("made", "made", "made"),
        ["cancelled"] = ("made", "made", "made"),
        ["gone"] = ("made", "made", "made"),
        ["content refused"] = ("refused", "refused", "refused"),
        ["its process died"] = ("unknown", "unknown", "made"),
        ["said to be unknown"] = ("unknown", "unknown", "made"),
        ["running"] = ("returned", "returned", "returned"),
        ["running since the future"] = ("returned", "returned", "returned"),
        ["running for long"] = ("read", "read", "read"),
        ["completed"] = ("returned", "returned", "returned"),
        ["made long ago and completed just now"] = ("returned", "returned", "returned"),
        ["completed long ago"] = ("made", "returned", "made"),
    };

    public static TheoryData<string, int> RowsOfVersions
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (var row in Rows.Keys)
            {
                if (row != "gone") rows.Add(row, 1);
                if (row != "putOff") rows.Add(row, 2);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(RowsOfVersions))]
    public async Task With_no_switch(string row, int version) => Assert.Equal(Rows[row].None, await OutcomeAsync(row, version, Guarded));

    [Theory]
    [MemberData(nameof(RowsOfVersions))]
    public async Task With_SkipSubmitted(string row, int version) => Assert.Equal(Rows[row].Skip, await OutcomeAsync(row, version, Skip));

    [Theory]
    [MemberData(nameof(RowsOfVersions))]
    public async Task With_RetryUnknown(string row, int version) => Assert.Equal(Rows[row].Retry, await OutcomeAsync(row, version, RetryUnknown));

    [Theory]
    [MemberData(nameof(RowsOfVersions))]
    public async Task With_Force(string row, int version) => Assert.Equal("made", await OutcomeAsync(row, version, Force));

    [Theory]
    [InlineData("ended")]
    [InlineData("gone")]
    public async Task Creates_with_the_same_task_id_are_told_apart_when_one_is_read(string what)
    {
        // Two combined journals, or a gateway that started to count again.
        Append(Created("t1", 2 * Day) + LineOf("created", "another", Day + Hour, ""","taskId":"t1","task":{}""", submission: Sample.Upscale("job-9", 0, UpscaleType.Standard)));
        var (client, gateway) = SetupWithJournal(what == "ended" ? Answers.Json(Sample.Completed.Replace("d758n65e878c73cmdg20", "t1", StringComparison.Ordinal)) : Answers.Json("{}", 404), Accepts("t2"));
        var task = await Clock.Drive(CreateAsync(client, Sample.Submission));
        Assert.Equal(what == "ended" ? "t1" : "t2", task.Id);
        Assert.Equal(what == "ended" ? 1 : 2, gateway.Sent.Length);
    }

    [Fact]
    public async Task Read_before_a_create_outlasts_an_outage_as_well()
    {
        Append(Created("t1", 2 * Day));
        var isDown = false;
        var (client, _) = SetupWithJournal((request, ended) => (isDown ? Answers.NotConnected() : Answers.Json(Sample.Completed))(request, ended));
        await Clock.Drive(client.ReadAsync("t0"));
        isDown = true;
        var create = CreateAsync(client, Sample.Submission);
        await Clock.Pass(TimeSpan.FromSeconds(90));
        isDown = false;
        Assert.Equal("t1", (await Clock.Drive(create)).Id);
    }

    [Fact]
    public async Task Returned_task_is_marked_as_known_and_has_its_origin()
    {
        Append(Created("t1", Hour));
        var (client, _) = SetupWithJournal(Accepts("t2"));
        var task = await CreateAsync(client, Sample.Submission with { SourceTaskId = "t0", SourcePrompt = "a harbour" }, notes: Notes);
        Assert.Equal(("t1", true, MJTaskStatus.InProgress, "midjourney_upscale", "job-1", 2, UpscaleType.Creative), (task.Id, task.IsKnown, task.Status, task.Model, task.SourceJobId, task.SourceImageNo, task.UpscaleType));
        Assert.Equal(("t0", "a harbour", "https://gateway.test"), (task.SourceTaskId, task.SourcePrompt, task.BaseUri));
        Assert.Contains("The journal already has task t1 for ", Assert.Single(Notes.Lines), StringComparison.Ordinal);
        Assert.False((await CreateAsync(client, Sample.Submission, Force)).IsKnown);
    }

    [Fact]
    public async Task Create_without_a_guard_is_always_sent_and_recorded()
    {
        Append(Created("t1", Hour));
        var (client, gateway) = SetupWithJournal(Accepts("t2"));
        Assert.Equal("t2", (await client.CreateAsync(Sample.Submission)).Id);
        Assert.Single(gateway.Sent);
        Assert.Equal(["t2", "t1"], Listed().Select(t => t.Id));
    }

    [Fact]
    public async Task Different_image_type_job_or_gateway_is_different_work()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        await CreateAsync(client, Sample.Submission);
        await CreateAsync(client, Sample.Upscale("job-1", 1, UpscaleType.Creative));
        await CreateAsync(client, Sample.Upscale("job-1", 2, UpscaleType.Standard));
        await CreateAsync(client, Sample.Upscale("job-2", 2, UpscaleType.Creative));
        Assert.Equal(4, gateway.Sent.Length);
        var (elsewhere, other) = Setup(new GatewayOptions { BaseUri = new Uri("https://other.test"), Journal = NewJournal() }, Accepts("t5"));
        await CreateAsync(elsewhere, Sample.Submission);
        Assert.Single(other.Sent);
    }

    [Fact]
    public async Task Order_and_form_of_parameters_and_the_callback_do_not_change_the_work()
    {
        Append("""{"v":1,"event":"created","time":"2024-03-09T15:00:00.000Z","ref":"a","baseUri":"https://gateway.test","model":"midjourney_upscale","params":{"type":1.0,"imageNo":2e0,"jobId":"job\u002d1"},"taskId":"t1"}""" + "\n");
        var (client, gateway) = SetupWithJournal(Accepts("t2"));
        Assert.Equal("t1", (await CreateAsync(client, Sample.Upscale("job-1", 2, UpscaleType.Creative, "https://hook.test"))).Id);
        Assert.Empty(gateway.Sent);
    }

    [Fact]
    public async Task Unknown_outcome_is_reported_with_its_time_and_probable_task_id()
    {
        Append(LineOf("unknown", "a", Hour, ""","error":"MJ.SubmitOutcomeUnknown","taskId":"t9","message":"cut" """));
        var (client, _) = SetupWithJournal(Accepts("t2"));
        var error = await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Sample.Submission));
        Assert.Equal((GatewayErrorKind.SubmitOutcomeUnknown, "t9"), (error.Kind, error.ProbableTaskId));
        Assert.Contains("2024-03-09 15:00:00", error.Message, StringComparison.Ordinal);
        Assert.Equal(["journal"], Events);
    }

    /// <summary>An old task is read once, which is free, and the answer decides.</summary>
    [Theory]
    [InlineData("running", "t1", 0, "")]
    [InlineData("completed", "t1", 0, "ended")]
    [InlineData("failed", "t2", 1, "ended")]
    [InlineData("moderated", "ContentRefused", 0, "ended")]
    [InlineData("404", "t2", 1, "gone")]
    [InlineData("403", "t1", 0, "")]
    [InlineData("500", "t1", 0, "")]
    public async Task Old_task_without_recorded_end_is_read_once(string answer, string outcome, int creates, string written)
    {
        Append(Created("t1", Day));
        var (client, gateway) = SetupWithJournal([.. Enumerable.Repeat(answer switch
        {
            "404" => Answers.Json("{}", 404),
            "403" => Answers.Json("{}", 403),
            "500" => Answers.Json("{}", 500),
            "running" => Answers.Json("""{"id":"t1","status":"in_progress"}"""),
            "completed" => Answers.Json("""{"id":"t1","status":"completed","output":[{"content":[{"type":"image","url":"https://files.test/a.png","jobId":"j"}]}]}"""),
            "failed" => Answers.Json("""{"id":"t1","status":"failed","error":{"code":8004005098,"message":"the generation process failed"}}"""),
            _ => Answers.Json("""{"id":"t1","status":"failed","error":{"code":110001,"message":"refused by moderation"}}"""),
        }, answer == "500" ? 20 : 1), Accepts("t2")]);
        string seen;
        // Temporary failures are retried.
        var create = CreateAsync(client, Sample.Submission);
        try { seen = (answer == "500" ? await Clock.Drive(create) : await create).Id; }
        catch (GatewayException e) { seen = e.Kind.ToString(); }
        Assert.Equal(outcome, seen);
        Assert.Equal(creates, gateway.Sent.Count(s => s.Method == HttpMethod.Post));
        if (answer != "500") Assert.Single(gateway.Sent, s => s.Method == HttpMethod.Get);
        Assert.Equal(written, Events.FirstOrDefault(e => e is "ended" or "gone") ?? "");
        if (creates == 0) return;
        // Now the new task is known.
        Assert.Equal("t2", (await CreateAsync(client, Sample.Submission)).Id);
    }

    [Fact]
    public async Task Gone_line_of_another_account_has_no_effect()
    {
        Append(Created("t1", Hour, account: "a") + LineOf("gone", "", Hour, ",\"taskId\":\"t1\"", account: "b"));
        Assert.Equal("t1", Known(NewJournal(), Sample.Submission).KnownTaskId);
        Append(LineOf("gone", "", Hour, ",\"taskId\":\"t1\"", account: "a"));
        Assert.Null(Known(NewJournal(), Sample.Submission).KnownTaskId);
    }

    [Fact]
    public async Task Two_creates_with_the_same_task_id_are_two_tasks()
    {
        // A gateway that started to count again.
        var other = Sample.Upscale("job-2", 0, UpscaleType.Standard);
        Append(Created("1", Hour) + LineOf("created", "b", Hour, ""","taskId":"1","task":{}""", submission: other));
        var (client, gateway) = SetupWithJournal(Accepts("t2"));
        Assert.Equal(("1", "1"), ((await CreateAsync(client, Sample.Submission)).Id, (await CreateAsync(client, other)).Id));
        Assert.Empty(gateway.Sent);
        Assert.Equal(2, Listed().Count);
    }

    [Fact]
    public async Task Guard_without_a_journal_sends_nothing()
    {
        var (client, gateway) = SetupWith(null, Accepts("t1"));
        Assert.Equal(GatewayErrorKind.JournalUnavailable, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Sample.Submission))).Kind);
        Assert.Empty(gateway.Sent);
    }

    private async Task<string> OutcomeAsync(string row, int version, DuplicatePolicy policy)
    {
        Append(LinesOf(row, version));
        var (client, gateway) = SetupWithJournal((request, ended) => (request.Method == HttpMethod.Get ? Answers.Json("""{"id":"t1","status":"in_progress"}""") : Accepts("t2"))(request, ended));
        try
        {
            var task = await CreateAsync(client, Sample.Submission, policy);
            Assert.Equal((task.Id == "t1", gateway.Sent.Count(s => s.Method == HttpMethod.Post)), (task.IsKnown, task.IsKnown ? 0 : 1));
            return !task.IsKnown ? "made" : gateway.Sent.Length == 0 ? "returned" : "read";
        }
        catch (GatewayException e)
        {
            Assert.Empty(gateway.Sent);
            return e.Kind == GatewayErrorKind.ContentRefused ? "refused" : e.Kind == GatewayErrorKind.SubmitOutcomeUnknown ? "unknown" : e.ToString();
        }
    }

    private string LinesOf(string row, int version)
    {
        var claim = LineOf("submitting", "of t1", Hour, version == 1 ? ",\"pid\":1" : By(Dead), version);
        return row switch
        {
            "nothing" => "",
            "refused" => claim + LineOf("refused", "of t1", Hour, ""","error":"MJ.GatewayRefused","code":"8004005003","message":"no" """, version),
            "withdrawn" or "putOff" => claim + LineOf(row, "of t1", Hour, "", version),
            "failed" or "cancelled" => claim + Created("t1", Hour, version) + Ended("t1", Hour, row, "", version),
            "gone" => claim + Created("t1", Hour, version) + LineOf("gone", "", Hour, ",\"taskId\":\"t1\"", version),
            "content refused" => claim + Created("t1", Hour * 1000, version) + Ended("t1", Hour * 1000, "failed", Moderated.Trim(), version),
            "its process died" => claim,
            "said to be unknown" => claim + LineOf("unknown", "of t1", Hour, ""","error":"MJ.SubmitOutcomeUnknown","message":"cut" """, version),
            "running" => claim + Created("t1", Hour, version),
            "running since the future" => Created("t1", -Day * 100, version),
            "running for long" => Created("t1", Day, version),
            "completed" => claim + Created("t1", Hour, version) + Ended("t1", Hour, version: version),
            "made long ago and completed just now" => Created("t1", Day * 2, version) + Ended("t1", Hour, version: version),
            "completed long ago" => Created("t1", Day * 2, version) + Ended("t1", Day, version: version),
            _ => throw new ArgumentOutOfRangeException(nameof(row)),
        };
    }
}
