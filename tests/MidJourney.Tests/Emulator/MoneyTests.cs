using System.Net;
using System.Text.Json;

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
        Assert.Equal(("0.045", "USD", 2), (data.GetProperty("cost").GetString(), data.GetProperty("currency").GetString(), data.GetProperty("sample_count").GetInt32()));
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
