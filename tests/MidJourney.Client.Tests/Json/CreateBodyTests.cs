using System.Text;

namespace MidJourney.Client.Tests;

public sealed class CreateBodyTests
{
    [Fact]
    public void Upscale_body_is_exact() => Assert.Equal(
        """{"model":"midjourney_upscale","input":[{"params":{"jobId":"job-1","imageNo":0,"type":0}}]}""",
        Write(Sample.Upscale("job-1", 0, UpscaleType.Standard)));

    [Fact]
    public void Upscale_body_with_callback_is_exact() => Assert.Equal(
        """{"model":"midjourney_upscale","input":[{"params":{"jobId":"job-1","imageNo":3,"type":3,"callback":"https://me.test/done?a=1&b=<2>+3"}}]}""",
        Write(Sample.Upscale("job-1", 3, UpscaleType.V5_4x, "https://me.test/done?a=1&b=<2>+3")));

    [Fact]
    public void Non_ASCII_text_is_not_escaped() => Assert.Equal(
        """{"model":"midjourney_upscale","input":[{"params":{"jobId":"Jöb-数据","imageNo":0,"type":0}}]}""",
        Write(Sample.Upscale("Jöb-数据", 0, UpscaleType.Standard)));

    [Theory]
    [InlineData("say \"hi\" \\ / \n\t\u0001")]
    [InlineData("😀")]
    [InlineData("\u2028\u202e")]
    public void Any_text_round_trips(string job)
    {
        using var json = System.Text.Json.JsonDocument.Parse(Write(Sample.Upscale(job, 0, UpscaleType.Standard)));
        Assert.Equal(job, json.RootElement.GetProperty("input")[0].GetProperty("params").GetProperty("jobId").GetString());
    }

    [Fact]
    public void Every_type_of_value_is_written()
    {
        KeyValuePair<string, object?>[] inner = [new("a", 1.5m)];
        KeyValuePair<string, object?>[] parameters =
        [
            new("none", null), new("on", true), new("long", 9007199254740993L), new("ratio", 0.25), new("list", new object?[] { "x", 1, inner }),
        ];
        Assert.Equal(
            """{"model":"m","input":[{"params":{"none":null,"on":true,"long":9007199254740993,"ratio":0.25,"list":["x",1,{"a":1.5}]}}]}""",
            Write(new MJSubmission { Model = "m", Parameters = parameters }));
    }

    [Fact]
    public async Task Request_is_a_POST_of_JSON_with_the_bearer_token()
    {
        var clock = Sample.Clock();
        using var gateway = new FakeGateway(clock, Answers.Json(Sample.Created));
        using var client = Sample.Client(gateway, clock);
        await clock.Drive(client.CreateAsync(Sample.Submission));
        var sent = Assert.Single(gateway.Sent);
        Assert.Equal((HttpMethod.Post, "https://gateway.test/model/v1/generation", "Bearer " + Sample.Key), (sent.Method, sent.Uri.AbsoluteUri, sent.Authorization));
        Assert.Equal("""{"model":"midjourney_upscale","input":[{"params":{"jobId":"job-1","imageNo":2,"type":1}}]}""", Encoding.UTF8.GetString(sent.Body!));
        Assert.Equal("application/json; charset=utf-8", sent.ContentType);
    }

    private static string Write(MJSubmission submission) => Encoding.UTF8.GetString(CreateBody.Write(submission));
}
