using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>Ids are sent back to the gateway unchanged, and are shown without control characters.</summary>
public sealed class WireIdTests : ClientTestBase
{
    private const string Alphabet = "\\u0015bAc\u009b\u0000\u202e";
    private const string Evil = "\u001b]0;owned\u0007\\u001b\r\n\u009b31m\u202e\\";

    [Fact]
    public async Task Task_id_with_control_characters_is_escaped_and_sent_unchanged()
    {
        var (client, gateway) = Setup(Answers.Json($$"""{"id":{{Quoted(Evil)}},"status":"in_progress"}"""));
        var task = await Clock.Drive(client.CreateAsync(Sample.Submission));
        Assert.True(SafeText.IsPrintable(task.Id), task.Id);
        await Clock.Drive(client.ReadAsync(task.Id));
        Assert.EndsWith("/task/" + Uri.EscapeDataString(Evil), gateway.Sent[1].Uri.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_id_with_control_characters_is_escaped_and_sent_unchanged()
    {
        var task = Sample.Read($$"""{"id":"t","status":"completed","output":[{"content":[{"url":"https://f.test/1","jobId":{{Quoted(Evil)}}}]}]}""");
        Assert.True(SafeText.IsPrintable(task.JobId!), task.JobId);
        var (client, gateway) = Setup(Answers.Json(Sample.Created));
        await Clock.Drive(client.CreateAsync(Sample.Upscale(task.JobId!, 0, UpscaleType.Standard)));
        using var body = System.Text.Json.JsonDocument.Parse(gateway.Sent[0].Body);
        Assert.Equal(Evil, body.RootElement.GetProperty("input")[0].GetProperty("params").GetProperty("jobId").GetString());
    }

    [Theory]
    [InlineData("d758n65e878c73cmdg20")]
    [InlineData("5d3c-数据-é 😀")]
    [InlineData(@"a\b\u0041\u12")]
    public void Printable_id_is_unchanged(string id) => Assert.Equal((id, id), (WireId.Escape(id), WireId.Unescape(id)));

    [Fact]
    public void Every_id_round_trips()
    {
        var random = new Random(1);
        for (var round = 0; round < 2000; round++)
        {
            var id = new StringBuilder().Append('\u001b');
            for (var length = random.Next(12); length > 0; length--) id.Append(Alphabet[random.Next(Alphabet.Length)]);
            Assert.Equal(id.ToString(), WireId.Unescape(WireId.Escape(id.ToString())));
        }
    }

    [Fact]
    public void No_property_of_a_task_contains_a_control_character()
    {
        var text = Quoted(Evil);
        var task = Sample.Read($$"""
            {"id":"t","status":{{text}},"model":{{text}},{{text}}:{{text}},
             "output":[{ {{text}}:{{text}},"content":[{"type":{{text}},"url":{{text}},"jobId":{{text}},{{text}}:[{{text}}]}]}],
             "usage":{"extra_info":{ {{text}}:[{{text}}]} },"error":{"code":{{text}},"message":{{text}} },"metadata":{ {{text}}:{"a":{{text}} } } }
            """);
        Assert.NotEmpty(task.Metadata);
        Assert.All(Texts.Of(task), t => Assert.DoesNotContain(t, c => SafeText.IsUnprintable(c) && c is not ('\r' or '\n' or '\t')));
    }

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
