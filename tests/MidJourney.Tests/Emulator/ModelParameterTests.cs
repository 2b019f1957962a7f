using System.Net;
using System.Text.Json;

namespace MidJourney.Tests;

/// <summary>The parameters that each model accepts and rejects.</summary>
public sealed class ModelParameterTests
{
    private const string Job = WireClient.AnyJob;
    private const string Canvas = """ "canvas":{"width":2048,"height":1024} """;
    private const string ImgPos = """ "imgPos":{"width":1024,"height":1024,"x":512,"y":0} """;
    private const string Area = """ {"width":500,"height":4096,"points":[0,0,100,0,100,100]} """;
    private const string Mask = $$""" "mask":{"areas":[{{Area}}]} """;
    private const string Prompt = """ "remixPrompt":"a red door" """;
    private const string Image = """ "imgUrl":"https://example.com/a.png" """;

    [Theory]
    [InlineData("upscale", $"{Job},\"type\":3")]
    [InlineData("upscale", $"{Job},\"type\":0,\"callback\":\"https://example.com/done\"")]
    [InlineData("diffusion", """ "text":"a" """)]
    [InlineData("diffusion", """ "text":"“é” 中 \"quoted\"\nnew line --ar 16:9 --no cats 😀" """)]
    [InlineData("diffusion", """ "text":"a","callback":"http://example.com/","somethingNew":[1] """)]
    [InlineData("variation", $"{Job},\"type\":0")]
    [InlineData("variation", $"{Job},\"type\":1,{Prompt}")]
    [InlineData("remix", $"{Job},{Prompt}")]
    [InlineData("remix", $"{Job},{Prompt},\"mode\":1")]
    [InlineData("outpaint", $"{Job},\"scale\":1.1")]
    [InlineData("outpaint", $"{Job},\"scale\":2,{Prompt}")]
    [InlineData("inpaint", $"{Job},{Mask}")]
    [InlineData("inpaint", $"{Job},{Prompt},\"mask\":{{\"url\":\"https://example.com/mask.png\"}}")]
    [InlineData("edit", $"{Job},{Canvas},{ImgPos},{Prompt}")]
    [InlineData("edit", $"{Job},{Canvas},{ImgPos},{Prompt},{Mask}")]
    [InlineData("uploadpaint", $"{Image},{Canvas},{ImgPos},{Mask},{Prompt}")]
    [InlineData("retexture", $"{Image},{Prompt}")]
    [InlineData("pan", """ "whatever":{"goes":[1,2]} """)]
    [InlineData("enhance", "")]
    public async Task Documented_parameters_are_accepted(string model, string parameters)
    {
        await using var wire = await WireClient.StartAsync();
        var task = await wire.MakeAsync($"midjourney_{model}", $"{{{parameters}}}");
        Assert.Equal("completed", task.GetProperty("status").GetString());
        Assert.Equal($"midjourney_{model}", task.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("diffusion", "", "8004001001")]
    [InlineData("diffusion", """ "text":null """, "8004001001")]
    [InlineData("diffusion", """ "text":"" """, "8004001002")]
    [InlineData("diffusion", """ "text":["a"] """, "8004001002")]
    [InlineData("diffusion", """ "text":"{1,2,3,4,5,6,7}{1,2,3,4,5,6}" """, "8004001002")]
    [InlineData("remix", $"\"imageNo\":0,{Prompt}", "\"004011001\"")]
    [InlineData("remix", $"\"jobId\":\"j\",{Prompt}", "\"004011002\"")]
    [InlineData("upscale", "", "8004005001")]
    [InlineData("upscale", "\"jobId\":7,\"imageNo\":0,\"type\":0", "8004005001")]
    [InlineData("upscale", "\"jobId\":\"\",\"imageNo\":0,\"type\":0", "8004005001")]
    [InlineData("upscale", "\"jobId\":\"j\",\"type\":0", "8004005002")]
    [InlineData("upscale", "\"jobId\":\"j\",\"imageNo\":4,\"type\":0", "8004005003")]
    [InlineData("upscale", Job, "8004005004")]
    [InlineData("upscale", $"{Job},\"type\":\"0\"", "8004005005")]
    [InlineData("upscale", $"{Job},\"type\":0,\"callback\":\"example.com\"", "8004005006")]
    public async Task Documented_codes_are_returned(string model, string parameters, string code)
    {
        await using var wire = await WireClient.StartAsync();
        var answer = await wire.CreateAsync($"midjourney_{model}", $"{{{parameters}}}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(code, answer.Code);
        Assert.Empty(wire.Gateway.Tasks);
    }

    [Theory]
    [InlineData("diffusion", """ "text":"a","callback":"ftp://example.com" """, "callback")]
    [InlineData("variation", "\"imageNo\":0,\"type\":0", "jobId")]
    [InlineData("variation", "\"jobId\":\"j\",\"imageNo\":-1,\"type\":0", "imageNo")]
    [InlineData("variation", Job, "type")]
    [InlineData("variation", $"{Job},\"type\":2", "type")]
    [InlineData("variation", $"{Job},\"type\":1,\"remixPrompt\":\"\"", "remixPrompt")]
    [InlineData("remix", Job, "remixPrompt")]
    [InlineData("remix", $"{Job},{Prompt},\"mode\":2", "mode")]
    [InlineData("outpaint", Job, "scale")]
    [InlineData("outpaint", $"{Job},\"scale\":1.09", "scale")]
    [InlineData("outpaint", $"{Job},\"scale\":2.01", "scale")]
    [InlineData("outpaint", $"{Job},\"scale\":\"1.5\"", "scale")]
    [InlineData("inpaint", Job, "mask")]
    [InlineData("inpaint", $"{Job},\"mask\":{{}}", "mask")]
    [InlineData("inpaint", $"{Job},\"mask\":[{Area}]", "mask")]
    [InlineData("inpaint", $"{Job},\"mask\":{{\"areas\":[]}}", "mask")]
    [InlineData("inpaint", $"{Job},\"mask\":{{\"url\":\"mask.png\"}}", "mask")]
    [InlineData("inpaint", $"{Job},\"mask\":{{\"areas\":[{{\"width\":499,\"height\":500,\"points\":[0,0,1,0,1,1]}}]}}", "mask")]
    [InlineData("inpaint", $"{Job},\"mask\":{{\"areas\":[{{\"width\":500,\"height\":4097,\"points\":[0,0,1,0,1,1]}}]}}", "mask")]
    [InlineData("inpaint", $"{Job},\"mask\":{{\"areas\":[{{\"width\":500,\"height\":500,\"points\":[0,0,1,0]}}]}}", "mask")]
    [InlineData("inpaint", $"{Job},\"mask\":{{\"areas\":[{{\"width\":500,\"height\":500,\"points\":[0,0,1,0,1,1,2]}}]}}", "mask")]
    [InlineData("inpaint", $"{Job},\"mask\":{{\"areas\":[{Area},{{\"width\":500,\"height\":500,\"points\":[0,0,1,0,1,1.5]}}]}}", "mask")]
    [InlineData("edit", $"{Job},{ImgPos},{Prompt}", "canvas")]
    [InlineData("edit", $"{Job},\"canvas\":{{\"width\":0,\"height\":1}},{ImgPos},{Prompt}", "canvas")]
    [InlineData("edit", $"{Job},{Canvas},{Prompt}", "imgPos")]
    [InlineData("edit", $"{Job},{Canvas},\"imgPos\":{{\"width\":1,\"height\":1,\"x\":0}},{Prompt}", "imgPos")]
    [InlineData("edit", $"{Job},{Canvas},{ImgPos}", "remixPrompt")]
    [InlineData("uploadpaint", $"{Canvas},{ImgPos},{Mask},{Prompt}", "imgUrl")]
    [InlineData("uploadpaint", $"{Image},{Canvas},{ImgPos},{Prompt}", "mask")]
    [InlineData("retexture", $"\"imgUrl\":\"file:///a.png\",{Prompt}", "imgUrl")]
    [InlineData("retexture", Image, "remixPrompt")]
    public async Task Invalid_parameter_is_rejected_by_its_name(string model, string parameters, string culprit)
    {
        await using var wire = await WireClient.StartAsync();
        var answer = await wire.CreateAsync($"midjourney_{model}", $"{{{parameters}}}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("400", answer.Code);
        Assert.StartsWith($"{culprit} ", answer.Message, StringComparison.Ordinal);
        Assert.Empty(wire.Gateway.Tasks);
    }

    [Theory]
    [InlineData("diffusion", "text", "")]
    [InlineData("remix", "remixPrompt", $"{Job},")]
    public async Task Prompt_has_at_most_8192_characters(string model, string name, string others)
    {
        await using var wire = await WireClient.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await Status(new string('a', 8192)));
        Assert.Equal(HttpStatusCode.OK, await Status(string.Concat(Enumerable.Repeat("😀", 8192))));
        Assert.Equal(HttpStatusCode.BadRequest, await Status(new string('a', 8193)));
        Assert.Equal(HttpStatusCode.BadRequest, await Status(string.Concat(Enumerable.Repeat("😀", 8193))));

        async Task<HttpStatusCode> Status(string prompt) =>
            (await wire.CreateAsync($"midjourney_{model}", $"{{{others}\"{name}\":{JsonSerializer.Serialize(prompt)}}}")).Status;
    }

    [Fact]
    public async Task Image_url_has_at_most_1024_characters()
    {
        await using var wire = await WireClient.StartAsync();
        var url = "https://example.com/".PadRight(1024, 'a');
        Assert.Equal(HttpStatusCode.OK, (await wire.CreateAsync("midjourney_retexture", $$"""{"imgUrl":"{{url}}",{{Prompt}}}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await wire.CreateAsync("midjourney_retexture", $$"""{"imgUrl":"{{url}}a",{{Prompt}}}""")).Status);
    }

    [Theory]
    [InlineData("midjourney_teleport")]
    [InlineData("MIDJOURNEY_DIFFUSION")]
    [InlineData("kirin_v2_6_i2v")]
    [InlineData("")]
    public async Task Unknown_model_is_rejected(string model)
    {
        await using var wire = await WireClient.StartAsync();
        var answer = await wire.CreateAsync(model, """{"text":"a"}""");
        Assert.Equal((HttpStatusCode.BadRequest, "unknown model"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Other_models_can_be_accepted()
    {
        await using var wire = await WireClient.StartAsync();
        await wire.ScriptAsync("""{ "options": { "otherModels": ["midjourney_ninth"] } }""");
        var task = await wire.MakeAsync("midjourney_ninth", """{"anything":true}""");
        Assert.Equal("completed", task.GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await wire.CreateAsync("midjourney_pan", "{}")).Status);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_rejected()
    {
        await using var wire = await WireClient.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await wire.CreateAsync("midjourney_diffusion", """{"text":"\ud83d"}""")).Status);
        Assert.Equal(0, wire.Gateway.Counts.InternalErrors);
    }
}
