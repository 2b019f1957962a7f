namespace MidJourney.Tests;

/// <summary>What counts as the same work paid twice.</summary>
public sealed class WorkCountTests
{
    private const string Diffusion = "midjourney_diffusion";

    [Fact]
    public async Task Same_prompt_twice_is_the_same_work()
    {
        await using var wire = await WireClient.StartAsync();
        await wire.CreateAsync(Diffusion, """{"text":"a"}""");
        await wire.CreateAsync(Diffusion, """{"text":"b"}""");
        Assert.Empty(wire.Gateway.MadeTwice);
        await wire.CreateAsync(Diffusion, """{"text":"a"}""");
        var twice = Assert.Single(wire.Gateway.MadeTwice);
        Assert.Equal((Diffusion, "a"), (twice.Model, twice.Prompt));
        Assert.Equal(2, wire.Gateway.CountOf(Diffusion, """{"text":"a"}""").TasksMade);
        Assert.Equal(1, wire.Gateway.CountOf(Diffusion, """{"text":"b"}""").TasksMade);
    }

    [Fact]
    public async Task Callback_order_and_escaping_do_not_matter()
    {
        await using var wire = await WireClient.StartAsync();
        await wire.CreateAsync("midjourney_remix", """{"jobId":"j","imageNo":0,"remixPrompt":"it's é","callback":"http://x/1"}""");
        await wire.CreateAsync("midjourney_remix", """{ "remixPrompt":"it\u0027s \u00e9", "imageNo":0, "jobId":"j", "mode":null }""");
        Assert.Equal(2, Assert.Single(wire.Gateway.Jobs).Value.TasksMade);
    }

    [Fact]
    public async Task Same_job_with_another_model_or_prompt_is_other_work()
    {
        await using var wire = await WireClient.StartAsync();
        foreach (var model in new[] { "midjourney_variation", "midjourney_upscale" })
            await wire.CreateAsync(model, $"{{{WireClient.AnyJob},\"type\":0}}");
        foreach (var prompt in new[] { "a", "b" })
            await wire.CreateAsync("midjourney_variation", $"{{{WireClient.AnyJob},\"type\":0,\"remixPrompt\":\"{prompt}\"}}");
        Assert.Empty(wire.Gateway.MadeTwice);
        Assert.Equal(4, wire.Gateway.Counts.TasksMade);
    }

    [Fact]
    public async Task Upscale_is_the_same_work_whatever_its_other_parameters()
    {
        await using var wire = await WireClient.StartAsync();
        await wire.CreateAsync("midjourney_upscale", $"{{{WireClient.AnyJob},\"type\":0}}");
        await wire.CreateAsync("midjourney_upscale", $"{{{WireClient.AnyJob},\"type\":0,\"note\":1}}");
        Assert.Equal(2, wire.Gateway.CountOf("a-job", 0, 0).TasksMade);
        Assert.Single(wire.Gateway.MadeTwice);
    }

    [Fact]
    public async Task Create_that_is_repeated_after_a_cut_is_made_twice()
    {
        await using var wire = await WireClient.StartAsync();
        wire.Gateway.Faults.Add(new Fault { Operation = Operation.Create, Prompt = "a", Kind = FaultKind.CutAfter, Times = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => wire.CreateAsync(Diffusion, """{"text":"a"}"""));
        await wire.CreateAsync(Diffusion, """{"text":"a"}""");
        Assert.Single(wire.Gateway.MadeTwice);
    }

    [Fact]
    public async Task Admin_routes_show_the_same_work()
    {
        await using var wire = await WireClient.StartAsync();
        for (int i = 0; i < 2; i++)
            await wire.CreateAsync(Diffusion, """{"text":"a {b,c}"}""");
        var counts = await wire.AdminAsync("counts");
        Assert.Equal(1, counts.GetProperty("madeTwice").GetInt32());
        Assert.Equal(2, counts.GetProperty("counts").GetProperty("tasksMade").GetInt32());
        var job = Assert.Single((await wire.AdminAsync("jobs")).EnumerateArray());
        Assert.Equal((Diffusion, 2), (job.GetProperty("model").GetString(), job.GetProperty("tasksMade").GetInt32()));
        Assert.Equal("""{"text":"a {b,c}"}""", job.GetProperty("parameters").GetString());
        var task = (await wire.AdminAsync("tasks"))[0];
        Assert.Equal(("a {b,c}", 2, 4), (task.GetProperty("prompt").GetString(), task.GetProperty("outputs").GetInt32(), task.GetProperty("images").GetInt32()));
    }
}
