using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Tests;

/// <summary>What work costs: told before it is made, and billed after.</summary>
public sealed class MoneyTests
{
    private const string Upscale = "midjourney_upscale";
    private const string Diffusion = "midjourney_diffusion";

    [Fact]
    public async Task Precharge_is_the_mean_of_completed_tasks_of_the_same_kind()
    {
        await using var wire = await WireClient.StartAsync();
        Assert.Equal("COST_CACHE_MISS", (await MissAsync(wire, Upscale, Params(type: 1))).GetProperty("reason").GetString());

        foreach (var (cost, type) in new[] { (0.04m, 1), (0.05m, 1), (0.07m, 0) })
            wire.Gateway.AddTask("a-job", 0, type, new TaskShape { Cost = cost });
        wire.Gateway.AddTask("a-job", 0, 1, new TaskShape { Cost = 9, Failure = TaskFailure.GenerationFailed });
        wire.Gateway.AddTask("a-job", 0, 1, new TaskShape { Cost = 9, Duration = TaskDuration.Never });

        var data = await HitAsync(wire, Upscale, Params(type: 1));
        Assert.Equal((("0.045", 2), "USD"), (Samples(data), data.GetProperty("currency").GetString()));
        Assert.Equal((Upscale, Upscale), (data.GetProperty("model").GetString(), data.GetProperty("billing_model").GetString()));
        Assert.Equal("0.07", (await HitAsync(wire, Upscale, Params(type: 0))).GetProperty("cost").GetString());
        await MissAsync(wire, Upscale, Params(type: 2));
        await MissAsync(wire, "midjourney_variation", Params(type: 1));
    }

    [Fact]
    public async Task Precharge_makes_nothing_and_refuses_what_a_create_refuses()
    {
        await using var wire = await WireClient.StartAsync(strictJobs: true);
        foreach (var parameters in new[] { """{"imageNo":0,"type":0}""", Params(type: 7), Params(type: 0) })
        {
            var (create, precharge) = (await wire.CreateAsync(Upscale, parameters), await wire.PrechargeAsync(Upscale, parameters));
            Assert.Equal((create.Status, create.Code, create.Message), (precharge.Status, precharge.Code, precharge.Message));
        }
        Assert.Equal(HttpStatusCode.OK, (await wire.PrechargeAsync(Diffusion, """{"text":"a"}""")).Status);
        wire.Gateway.Settings.ApiKey = "another";
        Assert.Equal(HttpStatusCode.Unauthorized, (await wire.PrechargeAsync(Diffusion, """{"text":"a"}""")).Status);

        Assert.Equal((3, 5, 0), (wire.Gateway.Counts.Creates, wire.Gateway.Counts.Precharges, wire.Gateway.Counts.TasksMade));
        Assert.Equal(5, (await wire.AdminAsync("counts")).GetProperty("counts").GetProperty("precharges").GetInt32());
    }

    [Theory]
    [InlineData("\"abc\"")]
    [InlineData("\"-1\"")]
    [InlineData("0.05")]
    [InlineData("null")]
    public async Task Fault_gives_a_precharge_any_cost(string cost)
    {
        await using var wire = await WireClient.StartAsync();
        var text = JsonSerializer.Serialize($$$"""{"status":"success","data":{"cost":{{{cost}}},"currency":"credit"}}""");
        await wire.ScriptAsync($$"""{ "faults": [{ "operation": "precharge", "type": 1, "status": 200, "text": {{text}} }] }""");
        Assert.Equal(cost, (await HitAsync(wire, Upscale, Params(type: 1))).GetProperty("cost").GetRawText());
        await MissAsync(wire, Upscale, Params(type: 0));
        Assert.Equal(HttpStatusCode.OK, (await wire.CreateAsync(Upscale, Params(type: 1))).Status);
    }

    [Fact]
    public async Task Bill_has_every_task_by_model_also_those_whose_answer_was_lost()
    {
        await using var wire = await WireClient.StartAsync();
        wire.Gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.CutAfter, Times = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => wire.CreateAsync(Upscale, Params(type: 0)));
        await wire.CreateAsync(Upscale, Params(type: 1));
        await wire.CreateAsync(Diffusion, """{"text":"{a,b} c"}""");
        wire.Gateway.AddTask(Diffusion, """{"text":"d"}""", new TaskShape { Cost = 0.25m, Duration = TaskDuration.Never });
        wire.Gateway.AddTask("a-job", 0, 0, new TaskShape { Failure = TaskFailure.GenerationFailed });

        var bill = (await wire.BillAsync()).Json;
        Assert.Equal(0, bill.GetProperty("code").GetInt32());
        var data = bill.GetProperty("data");
        Assert.Equal((4, 0.45m), Sums(data.GetProperty("summary")));
        Assert.Equal("USD", data.GetProperty("summary").GetProperty("currency").GetString());
        var items = data.GetProperty("items").GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal([Diffusion, Upscale], items.Select(item => item.GetProperty("model_group").GetString()));
        Assert.Equal([(2, 0.35m), (2, 0.1m)], items.Select(Sums));
        Assert.Equal((2, 0.1m), Sums((await wire.BillAsync($"model_group={Upscale}")).Json.GetProperty("data").GetProperty("summary")));
        Assert.Equal(3, wire.Gateway.Counts.Creates);
        Assert.Equal((2, 0), (wire.Gateway.Counts.Bills, wire.Gateway.Counts.Reads));
    }

    [Theory]
    [InlineData("start=2026-03-02&end=2026-03-03", 2)]
    [InlineData("start=2026-03-02&end=2026-03-03T00:00:00Z", 1)]
    [InlineData("start=2026-03-02T00:00:00%2B02:00&end=2026-03-03", 3)]
    [InlineData("start=2026-03-02T12:00:00&end=2026-03-03T00:00:01", 2)]
    [InlineData("start=1772409601&end=1772496000", 1)]
    [InlineData("start=1772452801", 1)]
    [InlineData("start=2026-03-02T12:00:00.5Z", 1)]
    [InlineData("end=2026-03-02T12:00:00Z", 1)]
    [InlineData("", 3)]
    [InlineData("start=2026-02-01", 4)]
    public async Task Bill_is_for_a_period(string query, int tasks)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 2, 20, 0, 0, 0, TimeSpan.Zero));
        await using var wire = await WireClient.StartAsync(clock: clock);
        foreach (var time in new[] { "2026-02-20T00:00:00Z", "2026-03-01T23:00:00Z", "2026-03-02T12:00:00Z", "2026-03-03T00:00:00Z" })
        {
            clock.SetUtcNow(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
            wire.Gateway.AddTask("a-job");
        }
        Assert.Equal(tasks, Sums((await wire.BillAsync(query)).Json.GetProperty("data").GetProperty("summary")).Requests);
    }

    [Fact]
    public async Task Bill_has_pages()
    {
        await using var wire = await WireClient.StartAsync();
        wire.Gateway.Settings.OtherModels = ["m1", "m2", "m3"];
        foreach (var model in wire.Gateway.Settings.OtherModels)
            wire.Gateway.AddTask(model, "{}");
        foreach (var (page, models) in new[] { (1, "m1,m2"), (2, "m3"), (3, "") })
        {
            var data = (await wire.BillAsync($"page={page}&page_size=2")).Json.GetProperty("data");
            var items = data.GetProperty("items");
            Assert.Equal(models, string.Join(',', items.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("model_group").GetString())));
            Assert.Equal((3, page, 2, 2), (Number(items, "total"), Number(items, "page"), Number(items, "page_size"), Number(items, "total_pages")));
            Assert.Equal(3, Number(data.GetProperty("summary"), "total_requests"));
        }
    }

    [Theory]
    [InlineData("start=yesterday")]
    [InlineData("end=2026-02-30")]
    [InlineData("end=9999-12-31")]
    [InlineData("start=2026-03-02&end=2026-03-01T00:00:00Z")]
    [InlineData("page=0")]
    [InlineData("page_size=101")]
    public async Task Bill_rejects_invalid_parameters(string query)
    {
        await using var wire = await WireClient.StartAsync();
        var answer = await wire.BillAsync(query);
        Assert.Equal((HttpStatusCode.BadRequest, 400), (answer.Status, Number(answer.Json, "code")));
        Assert.NotEmpty(answer.Json.GetProperty("message").GetString()!);
        Assert.Equal(0, wire.Gateway.Counts.InternalErrors);
    }

    [Fact]
    public async Task Failed_tasks_are_billed_on_request()
    {
        await using var wire = await WireClient.StartAsync();
        wire.Gateway.Shapes.Default = new TaskShape { Failure = TaskFailure.GenerationFailed };
        Assert.False((await wire.MakeAsync(Upscale, Params(type: 0))).TryGetProperty("usage", out _));
        await wire.ScriptAsync("""{ "options": { "billFailed": true } }""");
        var failed = await wire.MakeAsync(Upscale, Params(type: 1));
        Assert.Equal(("failed", "0.05"), (failed.GetProperty("status").GetString(), failed.GetProperty("usage").GetProperty("cost").GetString()));
        Assert.Equal((1, 0.05m), Sums((await wire.BillAsync()).Json.GetProperty("data").GetProperty("summary")));
    }

    [Fact]
    public async Task Prices_are_by_model_and_type()
    {
        await using var wire = await WireClient.StartAsync();
        await wire.ScriptAsync("""
            { "options": { "prices": {
                "midjourney_upscale": 0.07, "midjourney_upscale:1": 0.08, "midjourney_outpaint:1.5": "0.11", "midjourney_remix:0": 0.13 } },
              "shapes": { "jobs": { "shaped": { "cost": 0.2 } } } }
            """);
        foreach (var (model, parameters, cost) in new[]
        {
            (Upscale, Params(type: 0), "0.07"),
            (Upscale, Params(type: 1), "0.08"),
            (Upscale, """{"jobId":"shaped","imageNo":0,"type":2}""", "0.2"),
            ("midjourney_outpaint", $"{{{WireClient.AnyJob},\"scale\":1.50}}", "0.11"),
            ("midjourney_remix", $"{{{WireClient.AnyJob},\"remixPrompt\":\"a\"}}", "0.13"),
            (Diffusion, """{"text":"{a,b}"}""", "0.10"),
        })
        {
            if (model == Diffusion)
                await MissAsync(wire, model, parameters);
            else if (cost != "0.2")
                Assert.Equal((cost, 100), Samples(await HitAsync(wire, model, parameters)));
            var usage = (await wire.MakeAsync(model, parameters)).GetProperty("usage");
            Assert.Equal(cost, usage.GetProperty("cost").GetString());
            Assert.False(usage.TryGetProperty("currency", out _));
        }
        Assert.Equal(("0.1", 1), Samples(await HitAsync(wire, Diffusion, """{"text":"{a,b}"}""")));
        await wire.ScriptAsync("""{ "options": { "prices": {} } }""");
        await MissAsync(wire, Upscale, Params(type: 3));
    }

    [Fact]
    public async Task Prices_of_a_range_vary_the_same_way_in_every_run()
    {
        var runs = new List<decimal[]>();
        for (var run = 0; run < 2; run++)
        {
            await using var wire = await WireClient.StartAsync();
            await wire.ScriptAsync("""{ "options": { "prices": { "midjourney_upscale": "0.02-0.08" } } }""");
            Assert.Equal(("0.05", 100), Samples(await HitAsync(wire, Upscale, Params(type: 0))));
            runs.Add([.. Enumerable.Range(0, 50).Select(_ => wire.Gateway.AddTask("a-job").Cost)]);
        }
        Assert.Equal(runs[0], runs[1]);
        Assert.All(runs[0], cost => Assert.InRange(cost, 0.02m, 0.08m));
        Assert.True(runs[0].Min() < 0.03m && runs[0].Max() > 0.07m);
    }

    [Fact]
    public async Task Other_currency_is_told_by_task_estimate_and_bill()
    {
        await using var wire = await WireClient.StartAsync();
        await wire.CreateAsync(Upscale, Params(type: 0));
        await wire.ScriptAsync("""{ "options": { "currency": "credit", "prices": { "midjourney_upscale": 12 } } }""");
        Assert.Equal("credit", (await HitAsync(wire, Upscale, Params(type: 0))).GetProperty("currency").GetString());
        Assert.Equal("credit", (await wire.MakeAsync(Upscale, Params(type: 0))).GetProperty("usage").GetProperty("currency").GetString());
        Assert.Equal(("12", 1), Samples(await HitAsync(wire, Upscale, Params(type: 0))));
        var summary = (await wire.BillAsync()).Json.GetProperty("data").GetProperty("summary");
        Assert.Equal("credit", summary.GetProperty("currency").GetString());
        Assert.Equal((1, 12m), Sums(summary));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task Neither_is_offered_on_request(int status)
    {
        await using var wire = await WireClient.StartAsync();
        await wire.ScriptAsync($$"""{ "options": { "notOffered": {{status}} } }""");
        foreach (var answer in new[] { await wire.PrechargeAsync(Upscale, Params(type: 0)), await wire.BillAsync() })
            Assert.Equal((status, $"{status}"), ((int)answer.Status, answer.Code));
        Assert.Equal(HttpStatusCode.OK, (await wire.CreateAsync(Upscale, Params(type: 0))).Status);
        await wire.ScriptAsync("""{ "options": { "notOffered": 0 } }""");
        await HitAsync(wire, Upscale, Params(type: 0));
        Assert.Equal((2, 1), (wire.Gateway.Counts.Precharges, wire.Gateway.Counts.Bills));
    }

    [Fact]
    public async Task Page_stands_for_both_on_request()
    {
        await using var wire = await WireClient.StartAsync();
        wire.Gateway.Settings.NotOffered = 200;
        foreach (var answer in new[] { await wire.PrechargeAsync(Upscale, Params(type: 0)), await wire.BillAsync() })
            Assert.Equal((HttpStatusCode.OK, true), (answer.Status, answer.Json.GetString()!.StartsWith("<html>", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Faults_meet_precharge_and_bill()
    {
        await using var wire = await WireClient.StartAsync();
        wire.Gateway.Faults.Add(new Fault { Operation = Operation.Precharge, Model = Upscale, Kind = FaultKind.Status, Status = 503 });
        wire.Gateway.Faults.Add(new Fault { Operation = Operation.Bill, Kind = FaultKind.NotJson });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await wire.PrechargeAsync(Upscale, Params(type: 0))).Status);
        await MissAsync(wire, Diffusion, """{"text":"a"}""");
        Assert.Equal(JsonValueKind.String, (await wire.BillAsync()).Json.ValueKind);
        Assert.Equal(HttpStatusCode.OK, (await wire.CreateAsync(Upscale, Params(type: 0))).Status);
    }

    private static (string? Cost, int Count) Samples(JsonElement data) => (data.GetProperty("cost").GetString(), Number(data, "sample_count"));

    private static (int Requests, decimal Cost) Sums(JsonElement json)
    {
        Assert.Equal(json.GetProperty("total_cost").GetString(), json.GetProperty("discount_total_cost").GetString());
        return (Number(json, "total_requests"), decimal.Parse(json.GetProperty("total_cost").GetString()!, CultureInfo.InvariantCulture));
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static string Params(int type) => $"{{{WireClient.AnyJob},\"type\":{type}}}";

    private static Task<JsonElement> HitAsync(WireClient wire, string model, string parameters) => DataAsync(wire, model, parameters, "success");

    private static Task<JsonElement> MissAsync(WireClient wire, string model, string parameters) => DataAsync(wire, model, parameters, "failed");

    private static async Task<JsonElement> DataAsync(WireClient wire, string model, string parameters, string status)
    {
        var answer = await wire.PrechargeAsync(model, parameters);
        Assert.Equal((HttpStatusCode.OK, status), (answer.Status, answer.Json.GetProperty("status").GetString()));
        return answer.Json.GetProperty("data");
    }
}
