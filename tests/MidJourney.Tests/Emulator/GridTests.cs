using System.Globalization;
using System.Net;
using System.Text.Json;

namespace MidJourney.Tests;

/// <summary>The results of finished tasks.</summary>
public sealed class GridTests
{
    private const string Job = WireClient.AnyJob;

    [Theory]
    [InlineData("diffusion", """ "text":"a lighthouse" """)]
    [InlineData("variation", $"{Job},\"type\":0")]
    [InlineData("remix", $"{Job},\"remixPrompt\":\"a\"")]
    [InlineData("outpaint", $"{Job},\"scale\":1.5")]
    [InlineData("pan", $"{Job},\"direction\":0")]
    public async Task Grid_is_one_job_with_four_files(string model, string parameters)
    {
        await using var wire = await WireClient.StartAsync();
        var task = await wire.MakeAsync($"midjourney_{model}", $"{{{parameters}}}");
        Assert.Equal(1, task.GetProperty("output").GetArrayLength());
        var contents = WireClient.Contents(task).ToArray();
        Assert.Equal(4, contents.Length);
        Assert.Single(contents.Select(content => content.GetProperty("jobId").GetGuid()).Distinct());
        var files = new List<byte[]>();
        foreach (var content in contents)
            files.Add(await wire.DownloadAsync(content.GetProperty("url").GetString()!));
        Assert.All(files, AssertIsPng);
        Assert.Equal(4, files.Select(Convert.ToBase64String).Distinct().Count());
        Assert.Equal("0.05", task.GetProperty("usage").GetProperty("cost").GetString());
    }

    [Fact]
    public async Task Upscale_is_one_image()
    {
        await using var wire = await WireClient.StartAsync();
        var content = Assert.Single(WireClient.Contents(await wire.MakeAsync("midjourney_upscale", $"{{{Job},\"type\":0}}")));
        AssertIsPng(await wire.DownloadAsync(content.GetProperty("url").GetString()!));
    }

    [Theory]
    [InlineData("no braces, but commas", 1)]
    [InlineData("{red, blue} bird", 2)]
    [InlineData("{red, blue} {cat, dog, cow} --ar {16:9, 1:1}", 12)]
    [InlineData("a {red, blue {cat, dog}, green} house", 4)]
    [InlineData("{one} {}", 1)]
    [InlineData(@"{red\, pink, blue}", 2)]
    [InlineData(@"\{red, blue\}", 1)]
    [InlineData("{red, blue", 1)]
    [InlineData("{red, {a,b}", 2)]
    [InlineData("red, blue} {a,b}", 2)]
    [InlineData("{1,2,3,4,5,6,7,8}{1,2,3,4,5}", 40)]
    public async Task Each_permutation_of_a_prompt_is_a_billed_grid(string text, int permutations)
    {
        await using var wire = await WireClient.StartAsync();
        var task = await wire.MakeAsync("midjourney_diffusion", $$"""{"text":{{JsonSerializer.Serialize(text)}}}""");
        var outputs = task.GetProperty("output").EnumerateArray().ToArray();
        Assert.Equal(permutations, outputs.Length);
        Assert.All(outputs, output => Assert.Equal(4, output.GetProperty("content").GetArrayLength()));
        Assert.Equal(permutations, Enumerable.Range(0, permutations).Select(n => WireClient.JobOf(task, n)).Distinct().Count());
        Assert.Equal(permutations * 4, WireClient.Contents(task).Select(content => content.GetProperty("url").GetString()).Distinct().Count());
        var usage = task.GetProperty("usage");
        Assert.Equal(0.05m * permutations, decimal.Parse(usage.GetProperty("cost").GetString()!, CultureInfo.InvariantCulture));
        Assert.Equal(permutations, usage.GetProperty("quantity").GetInt32());
    }

    [Fact]
    public async Task Every_image_of_every_permutation_has_a_file()
    {
        await using var wire = await WireClient.StartAsync();
        var task = await wire.MakeAsync("midjourney_diffusion", """{"text":"a {b,c}"}""");
        var urls = WireClient.Contents(task).Select(content => content.GetProperty("url").GetString()!).ToArray();
        Assert.Equal(8, urls.Length);
        foreach (var url in urls)
            AssertIsPng(await wire.DownloadAsync(url));
        Assert.Equal(HttpStatusCode.NotFound, await wire.StatusOfFileAsync(urls[7].Replace("/7.png", "/8.png", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Shape_sets_the_number_of_images()
    {
        await using var wire = await WireClient.StartAsync();
        wire.Gateway.Shapes.Default = new TaskShape { Images = 3 };
        Assert.Equal(3, WireClient.Contents(await wire.MakeAsync("midjourney_diffusion", """{"text":"a"}""")).Count());
    }

    [Fact]
    public async Task Shapes_apply_to_one_model_or_prompt()
    {
        await using var wire = await WireClient.StartAsync();
        await wire.ScriptAsync("""
            { "shapes": {
                "models": { "midjourney_diffusion": { "cost": 0.2 } },
                "prompts": { "a 4:3 b": { "failure": { "code": "8004001098", "message": "no" } } } } }
            """);
        Assert.Equal("0.4", (await wire.MakeAsync("midjourney_diffusion", """{"text":"{c,d}"}""")).GetProperty("usage").GetProperty("cost").GetString());
        Assert.Equal("0.05", (await wire.MakeAsync("midjourney_upscale", $"{{{Job},\"type\":0}}")).GetProperty("usage").GetProperty("cost").GetString());
        var failed = await wire.MakeAsync("midjourney_diffusion", """{"text":"a 4:3 b"}""");
        Assert.Equal("failed", failed.GetProperty("status").GetString());
        Assert.False(failed.TryGetProperty("output", out _));
    }

    [Fact]
    public async Task Faults_apply_to_one_model_or_prompt()
    {
        await using var wire = await WireClient.StartAsync();
        wire.Gateway.Faults.Add(new Fault { Operation = Operation.Create, Model = "midjourney_remix", Status = 503 });
        wire.Gateway.Faults.Add(new Fault { Operation = Operation.Create, Prompt = "b", Status = 502 });
        Assert.Equal(HttpStatusCode.OK, (await wire.CreateAsync("midjourney_diffusion", """{"text":"a"}""")).Status);
        Assert.Equal(HttpStatusCode.BadGateway, (await wire.CreateAsync("midjourney_diffusion", """{"text":"b"}""")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await wire.CreateAsync("midjourney_remix", $"{{{Job},\"remixPrompt\":\"b\"}}")).Status);
    }

    private static void AssertIsPng(byte[] file)
    {
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10], file[..8]);
        Assert.Equal("IEND"u8.ToArray(), file[^8..^4]);
    }
}
