using MidJourney.Pricing;

namespace MidJourney.Client.Tests;

/// <summary>What a session may spend: which price a create commits, what an end makes of it, and what frees it.</summary>
public sealed class BudgetTests : JournalTestBase
{
    private readonly CancellationTokenSource _stop = new();

    private Budget _budget = new(1);

    [Fact]
    public async Task Unknown_price_is_an_error_before_anything_is_sent()
    {
        var (client, gateway) = SetupWith(new Budget(20));
        Assert.Equal(GatewayErrorKind.PriceUnknown, (await Clock.Failure(CreateAsync(client, Sample.Submission))).Kind);
        Assert.Empty(gateway.Sent);
        Assert.Empty(Listed());
        Assert.Equal(0, _budget.Committed);
    }

    [Fact]
    public async Task Creates_are_made_up_to_exactly_the_limit()
    {
        // Ten times 0.1 as doubles is less than 1, three times is more than 0.3.
        var (client, gateway) = SetupWith(new Budget(0.3m, 0.1m), Accepts("t"));
        for (var n = 0; n < 3; n++) await Create(client, n);
        Assert.Equal(GatewayErrorKind.BudgetExceeded, (await Clock.Failure(Create(client, 3))).Kind);
        Assert.Equal((3, 0m, 0.3m), (gateway.Sent.Length, _budget.Spent, _budget.Committed));
    }

    [Fact]
    public async Task Nothing_may_be_spent_with_a_limit_of_0()
    {
        var (client, gateway) = SetupWith(new Budget(0, 0.01m));
        Assert.Equal(GatewayErrorKind.BudgetExceeded, (await Clock.Failure(Create(client))).Kind);
        Assert.Empty(gateway.Sent);
    }

    [Theory]
    [InlineData(null, "0.30")]
    [InlineData("0.25", "0.30")]
    [InlineData("0.35", "0.35")]
    public async Task Journal_gives_the_highest_price_of_the_kind_and_the_assumed_cost_counts_if_it_is_higher(string? assumed, string expected)
    {
        AppendCompleted("a", "0.05");
        AppendCompleted("b", "0.3");
        AppendCompleted("c", "0.10");
        AppendCompleted("other", "0.9", Sample.Upscale("job-2", 0, UpscaleType.V5_2x));
        var (client, _) = SetupWith(new Budget(1, assumed is null ? null : Amount(assumed)), Accepts("t"));
        await Create(client);
        Assert.Equal(Amount(expected), _budget.Committed);
    }

    [Theory]
    [InlineData("\"0.3\",\"currency\":\"credit\"")]
    [InlineData("\"\"")]
    [InlineData("\"-1\"")]
    public async Task Journal_without_a_price_in_dollars_knows_none(string cost)
    {
        Append(Created("a", TimeSpan.FromHours(1), submission: Sample.Upscale("a", 2, UpscaleType.Creative)) + CompletedLine("a", cost));
        var (client, _) = SetupWith(new Budget(1));
        Assert.Equal(GatewayErrorKind.PriceUnknown, (await Clock.Failure(Create(client))).Kind);
    }

    [Fact]
    public async Task Own_task_that_cost_more_raises_the_price_at_once()
    {
        var (client, gateway) = SetupWith(new Budget(1, 0.1m), Accepts("t"), Completed("\"0.6\""));
        await Clock.Drive(client.ReadOnceAsync(await Create(client, 1), null, default));
        Assert.Equal((0.6m, 0m), (_budget.Spent, _budget.Committed));
        // 0.1 would have fitted.
        Assert.Contains("$0.600", (await Clock.Failure(Create(client, 2))).Message, StringComparison.Ordinal);
        Assert.Equal(2, gateway.Sent.Length);
    }

    [Fact]
    public async Task Price_that_somebody_states_counts_as_known()
    {
        var (client, _) = SetupWith(new Budget(1), Accepts("t"));
        _budget.Learn(WorkKind.Of(Sample.Submission), 0.2m);
        _budget.Learn(WorkKind.Of(Sample.Submission), 0.1m);
        await Create(client);
        Assert.Equal(0.2m, _budget.Committed);
    }

    [Theory]
    [InlineData("a {red,blue,green} cat in {fog,rain}", "0.6")]
    [InlineData("a cat", "0.1")]
    public async Task Assumed_cost_counts_for_each_permutation_of_a_prompt(string prompt, string expected)
    {
        var (client, _) = SetupWith(new Budget(1, 0.1m), Accepts("t"));
        await Clock.Drive(CreateAsync(client, new MJSubmission { Model = "midjourney_diffusion", Parameters = [new("text", prompt)], Prompt = prompt }));
        Assert.Equal(Amount(expected), _budget.Committed);
    }

    public static TheoryData<string, string, string> Ends => new()
    {
        { Body("completed", "\"0.04\""), "0.04", "0" },
        { Body("completed", "0.04"), "0.04", "0" },
        { Body("completed", "\"0\""), "0", "0" },
        { Body("completed", "\"0.25\""), "0.25", "0" },
        { Body("completed", "\"0.04\",\"currency\":\"usd\""), "0.04", "0" },
        { Body("completed", "\"0.04\",\"currency\":\"credit\""), "0", "0.1" },
        { Body("completed", "\"0.04\",\"currency\":5"), "0", "0.1" },
        { Body("completed", "\"\""), "0", "0.1" },
        { Body("completed", "null"), "0", "0.1" },
        { Body("completed", "\"free\""), "0", "0.1" },
        { Body("completed", "\"-0.04\""), "0", "0.1" },
        { Body("completed", "1e300"), "0", "0.1" },
        { Body("failed", "\"0.02\""), "0.02", "0" },
        { Body("failed", "\"0\""), "0", "0" },
        { Body("failed", "null"), "0", "0.1" },
        { Body("cancelled", "\"0.02\""), "0.02", "0" },
        { Body("cancelled", "null"), "0", "0.1" },
        { Body("in_progress", "\"0.04\""), "0", "0.1" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task End_replaces_the_commitment_only_if_it_states_a_cost_in_dollars(string read, string spent, string committed)
    {
        var (client, _) = SetupWith(new Budget(1, 0.1m), Accepts("t"), Answers.Json(read));
        var task = await Create(client);
        Assert.Equal((0m, 0.1m), (_budget.Spent, _budget.Committed));
        await Clock.Drive(client.ReadOnceAsync(task, null, default));
        Assert.Equal((Amount(spent), Amount(committed)), (_budget.Spent, _budget.Committed));
    }

    [Fact]
    public async Task Cost_of_a_failed_task_is_no_price()
    {
        var (client, _) = SetupWith(new Budget(1, 0.1m), Accepts("t"), Answers.Json(Body("failed", "\"0.8\"")), Accepts("u"));
        await Clock.Drive(client.ReadOnceAsync(await Create(client, 1), null, default));
        await Create(client, 2);
        Assert.Equal((0.8m, 0.1m), (_budget.Spent, _budget.Committed));
    }

    [Fact]
    public async Task Task_that_is_not_found_keeps_its_commitment()
    {
        var (client, _) = SetupWith(new Budget(1, 0.1m), Accepts("t"), Answers.Json("{}", 404));
        await Clock.Failure(client.ReadOnceAsync(await Create(client), null, default));
        Assert.Equal((0m, 0.1m), (_budget.Spent, _budget.Committed));
    }

    [Fact]
    public async Task Task_that_is_read_several_times_counts_once()
    {
        var (client, _) = SetupWith(new Budget(1, 0.1m), Accepts("t"), Completed("null"), Completed("\"0.04\""), Completed("\"0.04\""), Completed("\"0.06\""), Completed("null"));
        var task = await Create(client);
        foreach (var (spent, committed) in new[] { (0m, 0.1m), (0.04m, 0m), (0.04m, 0m), (0.06m, 0m), (0.06m, 0m) })
        {
            await Clock.Drive(client.ReadOnceAsync(task, null, default));
            Assert.Equal((spent, committed), (_budget.Spent, _budget.Committed));
        }
    }

    [Fact]
    public async Task Task_of_another_session_does_not_count()
    {
        var (client, _) = SetupWith(new Budget(1, 0.1m), Completed("\"0.04\""));
        await Clock.Drive(client.ReadOnceAsync("other", null, default));
        Assert.Equal((0m, 0m), (_budget.Spent, _budget.Committed));
    }

    [Fact]
    public async Task Create_that_returns_a_completed_task_replaces_the_commitment_at_once()
    {
        var (client, _) = SetupWith(new Budget(1, 0.1m), Completed("\"0.04\""));
        await Create(client);
        Assert.Equal((0.04m, 0m), (_budget.Spent, _budget.Committed));
    }

    public static TheoryData<string> Freed => ["refused", "balance", "throttled", "not connected", "stopped while connecting", "redirected"];

    [Theory]
    [MemberData(nameof(Freed))]
    public async Task Create_that_certainly_made_nothing_frees_its_commitment(string how)
    {
        var (client, _) = SetupWith(new Budget(1, 0.1m), how switch
        {
            "refused" => Answers.Json("""{"error":{"code":8004005003,"message":"no"}}""", 400),
            "balance" => Answers.Json("", 402),
            "throttled" => Answers.Json("", 429),
            "not connected" => Answers.NotConnected(),
            "redirected" => Answers.Redirect("https://elsewhere.test", 307),
            _ => Answers.HangBeforeSending(),
        });
        var create = CreateAsync(client, Sample.Submission, cancellationToken: _stop.Token);
        await Clock.DriveUntil(() => _budget.Committed > 0 || create.IsCompleted);
        if (how == "stopped while connecting") await _stop.CancelAsync();
        var error = await Record.ExceptionAsync(() => Clock.Drive(create));
        Assert.True(error is OperationCanceledException or GatewayException { Kind: not GatewayErrorKind.SubmitOutcomeUnknown }, $"{error}");
        Assert.Equal((0m, 0m), (_budget.Spent, _budget.Committed));
    }

    public static TheoryData<string> Kept => ["cut", "500", "no response", "stopped after it was sent", "not a task", "half a task", "out of memory"];

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task Create_whose_outcome_is_unknown_keeps_its_commitment(string how)
    {
        Answer answer = how switch
        {
            "cut" => Answers.CutAfterSending(),
            "500" => Answers.Json("", 500),
            "not a task" => Answers.Json("{}"),
            "half a task" => Answers.Truncated("""{"id":"t1","sta"""),
            "out of memory" => OutOfMemory,
            _ => Answers.HangAfterSending(),
        };
        var (client, gateway) = SetupWith(new Budget(1, 0.1m), answer);
        var create = CreateAsync(client, Sample.Submission, cancellationToken: _stop.Token);
        await Clock.DriveUntil(() => gateway.BodiesSent == 1 || create.IsCompleted);
        if (how.StartsWith("stopped", StringComparison.Ordinal)) await _stop.CancelAsync();
        Assert.NotNull(await Record.ExceptionAsync(() => Clock.Drive(create)));
        Assert.Equal((0m, 0.1m), (_budget.Spent, _budget.Committed));

        static async Task<HttpResponseMessage> OutOfMemory(HttpRequestMessage request, CancellationToken ended)
        {
            await request.Content!.CopyToAsync(Stream.Null, ended);
            throw new InsufficientMemoryException();
        }
    }

    [Fact]
    public async Task Two_creates_with_one_id_keep_both_commitments()
    {
        var gateway = new FakeGateway(Clock, Accepts("t")) { RepeatsIds = true };
        _budget = new Budget(1, 0.1m);
        using var client = Sample.Client(gateway, Clock, Options(NewJournal()));
        await Create(client, 1);
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Clock.Failure(Create(client, 2))).Kind);
        Assert.Equal(0.2m, _budget.Committed);
    }

    [Fact]
    public async Task Commitment_stays_while_a_create_is_repeated_and_is_made_once()
    {
        var (client, gateway) = SetupWith(new Budget(0.15m, 0.1m), Answers.Json("", 429, retryAfter: "20"), Answers.Json("", 429, retryAfter: "20"), Accepts("t"));
        var create = CreateAsync(client, Sample.Submission);
        await Clock.DriveUntil(() => gateway.Sent.Length == 1);
        Assert.Equal(GatewayErrorKind.BudgetExceeded, (await Clock.Failure(CreateAsync(client, Sample.Upscale("other", 0, UpscaleType.Creative)))).Kind);
        Assert.False((await Clock.Drive(create)).IsKnown);
        Assert.Equal((3, 0.1m), (gateway.Sent.Length, _budget.Committed));
    }

    [Fact]
    public async Task Stop_between_two_attempts_frees_the_commitment()
    {
        var (client, gateway) = SetupWith(new Budget(1, 0.1m), Answers.Json("", 429, retryAfter: "20"));
        var create = CreateAsync(client, Sample.Submission, cancellationToken: _stop.Token);
        await Clock.DriveUntil(() => gateway.Sent.Length == 1 && Text.Contains("submitting", StringComparison.Ordinal));
        Assert.Equal(0.1m, _budget.Committed);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        Assert.Equal(0, _budget.Committed);
    }

    [Fact]
    public async Task Session_that_is_removed_frees_what_waits_for_its_turn()
    {
        var (client, gateway) = SetupWith(new Budget(1, 0.1m), Answers.HangAfterSending());
        var sent = CreateAsync(client, Sample.Submission);
        await Clock.DriveUntil(() => gateway.BodiesSent == 1);
        var waiting = CreateAsync(client, Sample.Upscale("waits", 0, UpscaleType.Creative));
        await Clock.DriveUntil(() => _budget.Committed == 0.2m);
        client.Dispose();
        await Record.ExceptionAsync(() => Clock.Drive(sent));
        await Assert.ThrowsAsync<ClientDisposedException>(() => Clock.Drive(waiting));
        Assert.Equal(0.1m, _budget.Committed);
    }

    [Fact]
    public async Task Claim_that_cannot_be_written_frees_the_commitment()
    {
        var disk = new FillingDisk();
        var (client, gateway) = SetupWith(new Budget(1, 0.1m), new TaskJournal(disk.JournalFile(JournalPath), Clock), Accepts("t"));
        await Create(client, 1);
        disk.Room = 0;
        Assert.Equal(GatewayErrorKind.JournalUnavailable, (await Clock.Failure(Create(client, 2))).Kind);
        Assert.Single(gateway.Sent);
        Assert.Equal(0.1m, _budget.Committed);
    }

    [Fact]
    public async Task Known_task_is_returned_from_a_full_budget()
    {
        var (client, gateway) = SetupWith(new Budget(0.1m, 0.1m), Accepts("t"));
        var made = await Clock.Drive(CreateAsync(client, Sample.Submission));
        Assert.Equal(made.Id, (await Clock.Drive(CreateAsync(client, Sample.Submission))).Id);
        Assert.Single(gateway.Sent);
        Assert.Equal(0.1m, _budget.Committed);
    }

    [Fact]
    public async Task Work_that_another_session_makes_in_the_meantime_frees_the_commitment()
    {
        var (client, gateway) = SetupWith(new Budget(1, 0.1m), Answers.HangAfterSending());
        _ = CreateAsync(client, Sample.Upscale("first", 0, UpscaleType.Creative));
        await Clock.DriveUntil(() => gateway.BodiesSent == 1);
        // Until the session has its first response, the other one waits.
        var waiting = CreateAsync(client, Sample.Submission);
        await Clock.DriveUntil(() => _budget.Committed == 0.2m);
        Append(Created("made elsewhere", TimeSpan.Zero));
        var found = await Clock.Drive(waiting);
        Assert.Equal(("made elsewhere", true, 0.1m), (found.Id, found.IsKnown, _budget.Committed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batch_uses_the_whole_budget_and_stops(bool isThrottled)
    {
        var (client, gateway) = SetupWith(new Budget(0.4m, 0.1m), isThrottled ? Answers.Json("", 429, retryAfter: "20") : Accepts("t"), Accepts("t"));
        var batch = new RequestBatch();
        var outcomes = await Clock.Drive(Task.WhenAll(Enumerable.Range(0, 10).Select(n => Try(client, batch, n))));
        Assert.Equal(4, outcomes.OfType<MJTask>().Count());
        Assert.All(outcomes.OfType<GatewayException>(), e => Assert.Equal(GatewayErrorKind.BudgetExceeded, e.Kind));
        Assert.NotEmpty(outcomes.OfType<GatewayException>());
        Assert.Equal(GatewayErrorKind.BudgetExceeded, batch.Refusal!.Kind);
        Assert.Equal((isThrottled ? 5 : 4, 0.4m), (gateway.Sent.Length, _budget.Committed));
    }

    [Fact]
    public async Task Refusal_of_all_withdraws_what_has_its_part_of_the_budget()
    {
        var (client, gateway) = SetupWith(new Budget(0.4m, 0.1m), Answers.Json("", 401));
        var batch = new RequestBatch();
        var outcomes = await Clock.Drive(Task.WhenAll(Enumerable.Range(0, 10).Select(n => Try(client, batch, n))));
        Assert.Contains(outcomes.OfType<GatewayException>(), e => e.Kind == GatewayErrorKind.Unauthorized);
        Assert.Single(gateway.Sent);
        Assert.Equal(0, _budget.Committed);
    }

    [Fact]
    public void Threads_never_exceed_the_limit_and_leave_nothing_behind()
    {
        var budget = new Budget(10, 0.1m);
        var kind = WorkKind.Of(Sample.Submission);
        var exceeded = 0;
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 16 }, thread =>
        {
            for (var n = 0; n < 200; n++)
            {
                try
                {
                    using var commitment = budget.Commit(Sample.Submission, kind, null);
                    // What was spent only grows, so the sum of both is never too high.
                    if (budget.Spent + budget.Committed > 10) Interlocked.Increment(ref exceeded);
                    if (n % 3 == 0) continue;
                    commitment.Sent();
                    if (n % 3 == 1) commitment.Refused();
                    else commitment.Accepted(new MJTask { Id = $"{thread}-{n}", Status = MJTaskStatus.Completed, Usage = new MJUsage { Cost = 0.05m } });
                }
                catch (GatewayException e)
                {
                    Assert.Equal(GatewayErrorKind.BudgetExceeded, e.Kind);
                }
            }
        });
        Assert.Equal(0, exceeded);
        Assert.Equal(0, budget.Committed);
        Assert.InRange(budget.Spent, 9.9m, 10m);
    }

    private static string Body(string status, string cost) =>
        $$"""{"id":"{{Sample.Id}}","status":"{{status}}","output":[{"content":[{"type":"image","url":"https://files.test/a.png","jobId":"job-2"}]}],"usage":{"cost":{{cost}} } }""";

    private static Answer Completed(string cost) => Answers.Json(Body("completed", cost));

    private static decimal Amount(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private void AppendCompleted(string id, string cost, MJSubmission? submission = null) =>
        Append(Created(id, TimeSpan.FromHours(1), submission: submission ?? Sample.Upscale(id, 2, UpscaleType.Creative)) + CompletedLine(id, $"\"{cost}\""));

    private string CompletedLine(string id, string cost) =>
        LineOf("ended", "", TimeSpan.FromMinutes(1), $$""","taskId":"{{id}}","state":"completed","task":{"status":"completed","usage":{"cost":{{cost}} } }""");

    private Task<MJTask> Create(GatewayClient client, int number = 0) => Clock.Drive(CreateAsync(client, Sample.Upscale($"j{number}", 0, UpscaleType.Creative)));

    private static async Task<object> Try(GatewayClient client, RequestBatch batch, int number)
    {
        try { return await CreateAsync(client, Sample.Upscale($"j{number}", 0, UpscaleType.Standard), batch: batch); }
        catch (Exception e) when (e is GatewayException or BatchStoppedException) { return e; }
    }

    private GatewayOptions Options(TaskJournal journal) => new() { BaseUri = Sample.BaseUri, Journal = journal, Budget = _budget, RetryTimeout = TimeSpan.FromMinutes(2) };

    private (GatewayClient Client, FakeGateway Gateway) SetupWith(Budget budget, params Answer[] script) => SetupWith(budget, NewJournal(), script);

    private (GatewayClient Client, FakeGateway Gateway) SetupWith(Budget budget, TaskJournal journal, params Answer[] script)
    {
        _budget = budget;
        return Setup(Options(journal), script.Length > 0 ? script : [Accepts("t")]);
    }
}
