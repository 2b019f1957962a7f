using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>
/// Random mutations of real responses. MIDJOURNEY_FUZZ_COUNT sets their number (20,000), MIDJOURNEY_FUZZ_SEED the random seed:
/// <c>MIDJOURNEY_FUZZ_COUNT=10000000 dotnet test -c Release tests/MidJourney.Client.Tests --filter FuzzTests</c>.
/// </summary>
public sealed class FuzzTests
{
    private const int PartSize = 10_000;

    private static readonly int Rounds = Setting("MIDJOURNEY_FUZZ_COUNT", 20_000);

    private static readonly int Seed = Setting("MIDJOURNEY_FUZZ_SEED", 20240309);

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
    public void Mutated_response_gives_a_task_or_a_known_error()
    {
        var failures = new ConcurrentQueue<string>();
        Parallel.For(0, (Rounds + PartSize - 1) / PartSize, (part, loop) =>
        {
            var random = new Random(Seed + part);
            for (var round = 0; round < Math.Min(PartSize, Rounds - part * PartSize); round++)
            {
                var response = NextResponse(random);
                if (Record.Exception(() => Check(response)) is not { } fault) continue;
                failures.Enqueue($"Seed {Seed + part}, round {round}, HTTP {response.Status}: {fault.GetType().Name} {fault.Message} for {Encoding.Latin1.GetString(response.Body.Span)}");
                loop.Stop();
                return;
            }
        });
        Assert.Empty(failures);
    }

    private static GatewayResponse NextResponse(Random random) => new()
    {
        Body = Mutate(Encoding.UTF8.GetBytes(Bodies[random.Next(Bodies.Length)]), random),
        Status = Statuses[random.Next(Statuses.Length)],
        ContentType = random.Next(2) == 0 ? "application/json" : null,
        BodyFault = random.Next(10) == 0 ? new IOException("cut") : null,
    };

    private static void Check(GatewayResponse response)
    {
        CheckCreate(CreateOutcome.Of(Sample.Submission, response, Sample.Options), response);
        try
        {
            var task = ReadOutcome.Of(response, "t", Sample.Options);
            Assert.True(response.IsSuccess);
            Assert.Equal("t", task.Id);
            AssertPlain(ClientMessages.TaskEnded(task, ErrorKinds.FailureKindOf(task)) + ClientMessages.WaitTimeout(task, TimeSpan.Zero, null));
            foreach (var text in Texts.Of(task)) AssertPlain(text);
        }
        catch (GatewayException e)
        {
            AssertPlain(e.Message);
            Assert.True(!response.IsSuccess || e.Kind == GatewayErrorKind.InvalidResponse, $"{e.Kind} for a read that succeeded.");
        }
    }

    private static void CheckCreate(CreateOutcome outcome, GatewayResponse response)
    {
        Assert.NotEqual(outcome.Task is null, outcome.Error is null);
        foreach (var text in Texts.Of(outcome.Task)) AssertPlain(text);
        if (outcome.Error is not { } error) return;
        AssertPlain(error.Message);
        // A create counts as refused only if the response clearly says so.
        var isRefused = !response.IsSuccess || (error.Error is not null && response.BodyFault is null);
        Assert.True(isRefused || error.Kind == GatewayErrorKind.SubmitOutcomeUnknown, $"{error.Kind} for a create that may have been made.");
        Assert.False(outcome.MayRetry && !response.IsThrottled);
    }

    private static void AssertPlain(string text)
    {
        foreach (var c in text)
            if (c is not ('\r' or '\n' or '\t') && SafeText.IsUnprintable(c)) Assert.Fail($"U+{(int)c:x4} is not escaped.");
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

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
