using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>An invalid line does not affect other lines, and never throws.</summary>
public sealed class InvalidLineTests : JournalTestBase
{
    private const string Create = "\"ref\":\"r1\",\"baseUri\":\"https://gateway.test\",\"model\":\"midjourney_upscale\"";
    private const string Time = "\"time\":\"2024-03-09T16:00:00.000Z\"";

    public static TheoryData<string> Odd => new()
    {
        $$"""{"v":1,"event":"submitting",{{Time}},{{Create}},"params":null}""",
        $$"""{"v":1,"event":"submitting",{{Time}},{{Create}},"params":[1,2]}""",
        $$"""{"v":1,"event":"submitting",{{Time}},{{Create}},"params":"text"}""",
        $$"""{"v":1,"event":"submitting",{{Time}},{{Create}},"params":7}""",
        $$"""{"v":1,"event":"submitting",{{Time}},{{Create}} }""",
        $$"""{"v":1,"event":"submitting",{{Time}},{{Create}},"params":{"jobId":"\ud800"} }""",
        $$"""{"v":1,"event":"submitting",{{Time}},{{Create}},"params":{{Nested(100)}} }""",
        $$"""{"v":1,"event":"created",{{Time}},{{Create}},"params":{"jobId":"x"},"taskId":null}""",
        $$"""{"v":1,"event":"created",{{Time}},{{Create}},"params":{"jobId":"x"},"taskId":7}""",
        $$"""{"v":1,"event":"created",{{Time}},"ref":5,"baseUri":"https://gateway.test","model":"m","params":{},"taskId":"t"}""",
        $$"""{"v":1,"event":"created",{{Time}},"ref":"r","baseUri":null,"model":"m","params":{},"taskId":"t"}""",
        $$"""{"v":1,"event":"created",{{Time}},"ref":"r","baseUri":"https://gateway.test","model":{},"params":{},"taskId":"t"}""",
        $$"""{"v":1,"event":"flown",{{Time}},{{Create}},"params":{} }""",
        $$"""{"v":1,"event":null,{{Time}},{{Create}},"params":{} }""",
        $$"""{"v":1,"event":"ended",{{Time}},"baseUri":"https://gateway.test"}""",
        $$"""{"v":1,"event":"ended",{{Time}},"baseUri":"https://gateway.test","taskId":["good"]}""",
        "{}",
        "[]",
        "null",
        "\0\0\0\0",
        "hello",
        "{\"v\":1,",
        "\u00ff\u00fe",
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task Invalid_line_does_not_affect_other_lines(string line)
    {
        var (client, _) = SetupWithJournal(Accepts("good"));
        await client.CreateAsync(Sample.Submission);
        Append(line + "\n");
        var (tasks, badLines) = Read(NewJournal());
        Assert.Equal(("good", 1), (Assert.Single(tasks).Id, badLines));
        Assert.Equal("good", Known(NewJournal(), Sample.Submission).KnownTaskId);
        Assert.Equal("good", Assert.Single(NewJournal().ReadEnd(Sample.BaseUri)).Id);
    }

    /// <summary>The details are invalid, but the task exists, and is paid.</summary>
    [Theory]
    [InlineData("\"task\":{\"status\":7,\"output\":\"x\",\"usage\":[],\"error\":{\"code\":{}}}")]
    [InlineData("\"task\":{\"created_at\":1e300,\"output\":[{\"content\":{}}]}")]
    [InlineData("\"source\":{\"taskId\":\"\\ud800\",\"prompt\":5}")]
    [InlineData("\"task\":[],\"source\":3")]
    [InlineData("\"v\":2,\"more\":[]")]
    [InlineData("\"v\":\"1\"")]
    [InlineData("\"v\":1e99")]
    [InlineData("\"time\":7")]
    [InlineData("\"time\":\"99999-01-01\"")]
    public void Created_task_with_invalid_details_is_still_known(string details)
    {
        Append($$"""{"v":1,"event":"created",{{Create}},"params":{"jobId":"job-1","imageNo":2,"type":1},"taskId":"t",{{details}} }""" + "\n");
        var (tasks, badLines) = Read(NewJournal());
        Assert.Equal(("t", 0), (Assert.Single(tasks).Id, badLines));
        Assert.Equal("t", Known(NewJournal(), Sample.Submission).KnownTaskId);
    }

    [Theory]
    [InlineData("ref")]
    [InlineData("baseUri")]
    [InlineData("account")]
    [InlineData("model")]
    [InlineData("taskId")]
    [InlineData("host")]
    [InlineData("start")]
    [InlineData("replaces")]
    public async Task Line_with_half_a_surrogate_pair_is_unreadable_and_the_others_count(string field)
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        foreach (var line in Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
            Append(System.Text.RegularExpressions.Regex.Replace(line, $"\"{field}\":\"[^\"]*\"", "").Replace("\"v\":2,", $"\"v\":2,\"{field}\":\"\\ud800\",", StringComparison.Ordinal).Replace(",,", ",", StringComparison.Ordinal) + "\n");
        var (tasks, badLines) = Read(NewJournal());
        Assert.Equal(("t1", 2), (Assert.Single(tasks).Id, badLines));
    }

    [Theory]
    [InlineData("""{"text":"\ud800"}""")]
    [InlineData("""{"text":"a","n":1e400}""")]
    [InlineData("""{"text":"a","text":"b"}""")]
    public void Parameters_that_cannot_be_sent_give_no_submission(string parameters)
    {
        var create = new JournalCreate(NameOf("a"), Guid.NewGuid(), "https://gateway.test", null, "midjourney_diffusion", Encoding.UTF8.GetBytes(parameters), []);
        Assert.Null(new KnownCreate(create, new MJTask { Id = "t" }, Start, []).Submission());
    }

    [Fact]
    public async Task Mutated_lines_never_throw()
    {
        var (client, _) = SetupWithJournal(Accepts("one"), Answers.Json("", 500), Answers.Json("""{"error":{"message":"no"}}""", 400));
        for (var n = 0; n < 3; n++) await Task.WhenAny(client.CreateAsync(Sample.Upscale($"job-{n}", n, UpscaleType.Creative)));
        var text = File.ReadAllBytes(JournalPath);
        var random = new Random(7);
        var pieces = new[] { "null", "[]", "{}", "\"\"", "-1", "1e999", "\\u0000", "\0", "\"\\ud800\"", new string('[', 200), "true" }.Select(Encoding.UTF8.GetBytes).ToArray();
        for (var round = 0; round < 3000; round++)
        {
            var mutated = text.ToList();
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                var at = random.Next(mutated.Count);
                var piece = pieces[random.Next(pieces.Length)];
                if (random.Next(2) == 0) mutated[at] = (byte)random.Next(256);
                else
                {
                    mutated.RemoveRange(at, Math.Min(random.Next(30), mutated.Count - at));
                    mutated.InsertRange(at, piece);
                }
            }
            File.WriteAllBytes(JournalPath, [.. mutated, (byte)'\n']);
            var journal = NewJournal();
            Assert.NotNull(Read(journal).Tasks);
            Known(journal, Sample.Submission);
            journal.ReadEnd(Sample.BaseUri);
        }
    }

    [Fact]
    public async Task Byte_order_mark_and_CRLF_are_read()
    {
        var (client, _) = SetupWithJournal(Accepts("good"));
        await client.CreateAsync(Sample.Submission);
        File.WriteAllText(JournalPath, Text.Replace("\n", "\r\n", StringComparison.Ordinal), new UTF8Encoding(true));
        var (tasks, badLines) = Read(NewJournal());
        Assert.Equal(("good", 0), (Assert.Single(tasks).Id, badLines));
    }

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
}
