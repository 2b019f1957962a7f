using System.Net;
using System.Text.Json;

namespace MidJourney.Tests;

/// <summary>Chains of tasks with strict jobs.</summary>
public sealed class StrictJobsTests
{
    private const string Area = """{"areas":[{"width":500,"height":500,"points":[0,0,9,0,9,9]}]}""";
    private const string Place = """ "canvas":{"width":9,"height":9},"imgPos":{"width":9,"height":9,"x":0,"y":0} """;

    /// <summary>The models that work on a job, with their other parameters.</summary>
    private static readonly Dictionary<string, string> Secondary = new()
    {
        ["upscale"] = "\"type\":0",
        ["variation"] = "\"type\":0",
        ["remix"] = "\"remixPrompt\":\"a\"",
        ["outpaint"] = "\"scale\":1.5",
        ["inpaint"] = $"\"mask\":{Area}",
        ["edit"] = $"{Place},\"remixPrompt\":\"a\"",
        ["pan"] = "\"direction\":0",
    };

    /// <summary>The models that need no job.</summary>
    private static readonly Dictionary<string, string> Direct = new()
    {
        ["diffusion"] = """{"text":"a"}""",
        ["uploadpaint"] = $$"""{"imgUrl":"http://x/a.png",{{Place}},"mask":{{Area}},"remixPrompt":"a"}""",
        ["retexture"] = """{"imgUrl":"http://x/a.png","remixPrompt":"a"}""",
    };

    public static TheoryData<string> SecondaryModels => [.. Secondary.Keys];

    [Theory]
    [MemberData(nameof(SecondaryModels))]
    public async Task Every_image_of_a_finished_grid_is_accepted(string model)
    {
        await using var wire = await WireClient.StartAsync(strictJobs: true);
        var grid = await wire.MakeAsync("midjourney_diffusion", """{"text":"a {b,c}"}""");
        foreach (var job in new[] { WireClient.JobOf(grid), WireClient.JobOf(grid, 1) })
            for (int image = 0; image < 4; image++)
                Assert.Equal(HttpStatusCode.OK, (await On(wire, model, job, image)).Status);
        Assert.Empty(wire.Gateway.MadeTwice);
    }

    [Theory]
    [MemberData(nameof(SecondaryModels))]
    public async Task Unknown_job_is_rejected_only_when_strict(string model)
    {
        await using var wire = await WireClient.StartAsync(strictJobs: true);
        var unknown = Guid.Empty.ToString();
        Assert.Equal(HttpStatusCode.BadRequest, (await On(wire, model, unknown)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await On(wire, model, "a-job")).Status);
        Assert.Empty(wire.Gateway.Tasks);
        wire.Gateway.Settings.StrictJobs = false;
        Assert.Equal(HttpStatusCode.OK, (await On(wire, model, unknown)).Status);
    }

    [Fact]
    public async Task Task_id_or_changed_job_id_is_rejected()
    {
        await using var wire = await WireClient.StartAsync(strictJobs: true);
        var grid = await wire.MakeAsync("midjourney_diffusion", Direct["diffusion"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await On(wire, "upscale", grid.GetProperty("id").GetString()!)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await On(wire, "upscale", WireClient.JobOf(grid).ToUpperInvariant())).Status);
        Assert.Equal(HttpStatusCode.OK, (await On(wire, "upscale", WireClient.JobOf(grid))).Status);
    }

    [Fact]
    public async Task Job_of_a_running_or_failed_task_is_rejected()
    {
        await using var wire = await WireClient.StartAsync(strictJobs: true);
        var running = wire.Gateway.AddTask("midjourney_diffusion", """{"text":"a"}""", new TaskShape { Duration = TaskDuration.Never });
        var failed = wire.Gateway.AddTask("midjourney_diffusion", """{"text":"b"}""", new TaskShape { Failure = TaskFailure.GenerationFailed });
        var finished = wire.Gateway.AddTask("midjourney_diffusion", """{"text":"c"}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await On(wire, "upscale", running.ResultJobId().ToString())).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await On(wire, "upscale", failed.ResultJobId().ToString())).Status);
        Assert.Equal(HttpStatusCode.OK, (await On(wire, "upscale", finished.ResultJobId().ToString())).Status);
    }

    [Fact]
    public async Task Missing_image_is_rejected()
    {
        await using var wire = await WireClient.StartAsync(strictJobs: true);
        var upscaled = WireClient.JobOf(await GridUpscaled(wire));
        Assert.Equal("400", (await On(wire, "outpaint", upscaled, imageNo: 1)).Code);
        Assert.Equal(HttpStatusCode.OK, (await On(wire, "outpaint", upscaled, imageNo: 0)).Status);
        var pair = wire.Gateway.AddTask("midjourney_diffusion", """{"text":"a"}""", new TaskShape { Images = 2 }).ResultJobId().ToString();
        Assert.Equal(HttpStatusCode.OK, (await On(wire, "upscale", pair, imageNo: 1)).Status);
        Assert.Equal("8004005003", (await On(wire, "upscale", pair, imageNo: 2)).Code);
    }

    [Fact]
    public async Task Upscale_of_an_upscale_is_forbidden()
    {
        await using var wire = await WireClient.StartAsync(strictJobs: true);
        var upscaled = WireClient.JobOf(await GridUpscaled(wire));
        var again = await On(wire, "upscale", upscaled);
        Assert.Equal(HttpStatusCode.Forbidden, again.Status);
        Assert.Contains("Job_ReUpscale_Not_Support", $"{again.Message}", StringComparison.Ordinal);
        var varied = await Made(wire, await On(wire, "variation", upscaled));
        Assert.Equal(HttpStatusCode.OK, (await On(wire, "upscale", WireClient.JobOf(varied), imageNo: 3)).Status);
    }

    [Theory]
    [InlineData("uploadpaint")]
    [InlineData("retexture")]
    public async Task Result_of_an_uploaded_image_can_only_be_upscaled(string direct)
    {
        await using var wire = await WireClient.StartAsync(strictJobs: true);
        var job = WireClient.JobOf(await wire.MakeAsync($"midjourney_{direct}", Direct[direct]));
        foreach (var model in Secondary.Keys)
            Assert.Equal((model, model == "upscale" ? HttpStatusCode.OK : HttpStatusCode.Forbidden), (model, (await On(wire, model, job)).Status));
    }

    [Fact]
    public async Task Rejected_create_makes_no_task()
    {
        await using var wire = await WireClient.StartAsync(strictJobs: true);
        await On(wire, "upscale", "a-job");
        Assert.Equal((1, 0), (wire.Gateway.Counts.Creates, wire.Gateway.Counts.TasksMade));
        Assert.Equal(0, wire.Gateway.CountOf("a-job", 0, 0).TasksMade);
    }

    private static Task<WireAnswer> On(WireClient wire, string model, string job, int imageNo = 0) =>
        wire.CreateAsync($"midjourney_{model}", $$"""{"jobId":"{{job}}","imageNo":{{imageNo}},{{Secondary[model]}}}""");

    private static async Task<JsonElement> GridUpscaled(WireClient wire)
    {
        var grid = await wire.MakeAsync("midjourney_diffusion", Direct["diffusion"]);
        return await Made(wire, await On(wire, "upscale", WireClient.JobOf(grid), imageNo: 2));
    }

    private static Task<JsonElement> Made(WireClient wire, WireAnswer created) => wire.TaskAsync(created.Json.GetProperty("id").GetString()!);
}
