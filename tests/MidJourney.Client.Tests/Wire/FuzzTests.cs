using System.Text;

namespace MidJourney.Client.Tests;

public sealed class FuzzTests
{
    private static readonly string[] Bodies =
    [
        Sample.Created, Sample.Completed, Sample.Failed,
        """{"error":{"code":"8004005003","message":"invalid image number"}}""",
        """{"status":{"code":402,"message":"no money","error_code":40201},"data":null}""",
        """{"detail":[{"msg":"why","loc":["body",1]}]}""",
        "<html><head><title>502 Bad Gateway</title></head></html>",
    ];

    private static readonly int[] Statuses = [200, 200, 200, 201, 302, 400, 401, 402, 403, 404, 408, 429, 500, 503];

    private static readonly byte[][] Pieces =
    [
        .. new[] { "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-", "1e999", "0", "99999999999999999999", "\\", "\\u0000", "\\ud800", "\"\\udfff\":1,", "\\u001b", "\"error\":", "\"output\":", "\u001b", "é", "😀", "/*" }
            .Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0x00], [0xEF, 0xBB, 0xBF],
    ];

    [Fact]
    public void No_mutation_of_an_answer_brings_anything_but_a_task_or_a_named_error()
    {
        var random = new Random(20240309);
        for (var round = 0; round < 20_000; round++)
        {
            var body = Mutate(Encoding.UTF8.GetBytes(Bodies[random.Next(Bodies.Length)]), random);
            var answer = new HttpAnswer
            {
                Status = Statuses[random.Next(Statuses.Length)],
                Body = body,
                ContentType = random.Next(2) == 0 ? "application/json" : null,
                BodyFault = random.Next(10) == 0 ? new IOException("cut") : null,
            };
            var fault = Record.Exception(() => Judge(answer));
            Assert.True(fault is null, $"Round {round}: {fault?.GetType().Name} {fault?.Message} for {Encoding.Latin1.GetString(body)}");
        }
    }

    private static void Judge(HttpAnswer answer)
    {
        var verdict = CreateVerdict.Of(Sample.Submission, answer, Sample.BaseUri);
        Assert.NotEqual(verdict.Task is null, verdict.Error is null);
        _ = verdict.Task?.ToString();
        try
        {
            var task = ReadVerdict.Of(answer, "t", Sample.BaseUri);
            Assert.Equal("t", task.Id);
            _ = Messages.TaskEnded(task) + Messages.WaitTimeout(task, TimeSpan.Zero, null);
        }
        catch (GatewayException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    private static byte[] Mutate(byte[] body, Random random)
    {
        var bytes = body.ToList();
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0: bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at)); break;
                case 2 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
                case 3 when at < bytes.Count: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, Math.Min(random.Next(30), bytes.Count - at))); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}
