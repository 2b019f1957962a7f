using System.Runtime.CompilerServices;

namespace MidJourney.Tests;

/// <summary>
/// The ways a create can go wrong once there is a connection, on real sockets: each is a row of docs/reliability.md, and
/// makes one task at most.
/// </summary>
public sealed class CreateMatrixTests : IDisposable
{
    private const string LookFirst = "Get-MJTask -Status OutcomeUnknown | Resolve-MJTask";
    private const string WaitForIt = "Wait-MJTask";

    /// <summary>Short, but long enough for a request to arrive on a busy machine.</summary>
    private const string Brief = "-RequestTimeoutSec 3";

    private readonly ModuleShell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task Reset_before_the_request_was_read()
    {
        // One byte shows that the connection stands: an earlier reset may count as a refused connection.
        await using var server = new RawServer(async (socket, end) =>
        {
            await socket.ReceiveAsync(new byte[1], end);
            RawServer.Reset(socket);
        });
        CreateRun.Start(_shell, server.BaseUri).MustBeAs(server.Connections, LookFirst, $"{nameof(CreateMatrixTests)}.{nameof(Reset_before_the_request_was_read)}");
    }

    [Fact]
    public Task Reset_after_the_request_was_read() => CheckAsync(new Fault { Kind = FaultKind.CutBefore }, 1, 0, LookFirst);

    [Fact]
    public Task Reset_after_the_task_was_made() => CheckAsync(new Fault { Kind = FaultKind.CutAfter }, 1, 1, LookFirst);

    [Fact]
    public Task End_of_connection_after_the_task_was_made() => CheckAsync(new Fault { Kind = FaultKind.CutAfter, Orderly = true }, 1, 1, LookFirst);

    [Fact]
    public Task Timeout_while_waiting() => CheckAsync(new Fault { Kind = FaultKind.Stall }, 1, 0, LookFirst, Brief);

    [Fact]
    public Task Timeout_in_the_middle_of_the_answer() =>
        CheckAsync(new Fault { Kind = FaultKind.SlowDrip, Delay = TimeSpan.FromMilliseconds(200) }, 1, 1, LookFirst, Brief);

    [Fact]
    public Task Half_a_body() => CheckAsync(new Fault { Kind = FaultKind.HalfBody }, 1, 1, WaitForIt);

    [Fact]
    public Task No_id() => CheckAsync(new Fault { Kind = FaultKind.NoId }, 1, 0, LookFirst);

    [Fact]
    public Task No_id_but_an_error() => CheckAsync(new Fault { Kind = FaultKind.NoId, Code = 110001, Message = "refused by moderation" }, 1, 0, "Nothing was billed");

    [Fact]
    public Task Not_json() => CheckAsync(new Fault { Kind = FaultKind.NotJson }, 1, 1, LookFirst);

    [Fact]
    public Task Too_long() => CheckAsync(new Fault { Kind = FaultKind.HugeBody, Bytes = 17 << 20 }, 1, 1, WaitForIt);

    [Fact]
    public Task Redirect() => CheckAsync(new Fault { Kind = FaultKind.Redirect, Status = 307, Location = "http://127.0.0.1:9/" }, 1, 0, "-BaseUri");

    [Fact]
    public Task Redirect_within_the_gateway() => CheckAsync(new Fault { Kind = FaultKind.Redirect, Status = 302, Location = "/login" }, 1, 0, LookFirst);

    [Fact]
    public Task Redirect_to_the_task() => CheckAsync(new Fault { Kind = FaultKind.Redirect, Status = 303, Location = "/model/v1/generation/task/d7x" }, 1, 0, null);

    [Fact]
    public Task Accepted_with_the_address_of_the_task() => CheckAsync(new Fault { Kind = FaultKind.Redirect, Status = 202, Location = "/model/v1/generation/task/d7x" }, 1, 0, null);

    [Fact]
    public Task Envelope() => CheckAsync(Text(200, """{"status":{"code":200,"message":"success"},"data":{"id":"d7x"}}"""), 1, 0, null);

    [Fact]
    public Task No_id_but_kind_words() => CheckAsync(Text(200, """{"code":200,"message":"success","data":null}"""), 1, 0, LookFirst);

    [Fact]
    public Task An_id_elsewhere() => CheckAsync(Text(200, """{"code":200,"data":[{"id":"d7x"}]}"""), 1, 0, WaitForIt);

    [Fact]
    public Task An_id_that_is_too_long() => CheckAsync(Text(200, $$"""{"id":"{{new string('x', 513)}}"}"""), 1, 0, LookFirst);

    [Fact]
    public Task Status_400_that_names_a_task() => CheckAsync(Text(400, """{"message":"bad request","data":{"id":"d7x"}}"""), 1, 0, WaitForIt);

    [Fact]
    public Task Status_400() => CheckAsync(Status(400), 1, 0, "Correct what the message describes");

    [Fact]
    public Task Status_400_with_a_code() =>
        CheckAsync(new Fault { Kind = FaultKind.Status, Status = 400, Code = 8004005003, Message = "invalid image number" }, 1, 0, "-ImageNo");

    [Fact]
    public Task Status_401() => CheckAsync(Status(401), 1, 0, "New-MJSession");

    [Fact]
    public Task Status_402() => CheckAsync(Status(402, BodyStyle.StatusData), 1, 0, "Add funds");

    [Fact]
    public Task Status_403() => CheckAsync(Status(403, BodyStyle.Empty), 1, 0, "If the key lacks a permission");

    [Fact]
    public Task Status_404() => CheckAsync(Status(404, BodyStyle.Html), 1, 0, "base URI");

    [Fact]
    public Task Status_408() => CheckAsync(Status(408), 1, 0, LookFirst);

    [Fact]
    public Task Status_429() => CheckAsync(Status(429, times: 1), 2, 1, null);

    [Fact]
    public Task Status_429_with_retry_after() => CheckAsync(Status(429, retryAfter: "1", times: 1), 2, 1, null);

    [Fact]
    public async Task Status_429_for_too_long()
    {
        await using var gateway = await StartAsync(Status(429));
        // On a busy machine the first try alone may take the whole time; such a run tells nothing.
        var (run, before) = (CreateRun.Start(_shell, gateway.BaseUri, "-RetryTimeoutSec 1"), 0L);
        for (var timeout = 4; gateway.Counts.Creates == before + 1 && timeout < 100; timeout *= 4)
        {
            before = gateway.Counts.Creates;
            run = CreateRun.Start(_shell, gateway.BaseUri, $"-RetryTimeoutSec {timeout}");
        }
        Assert.InRange(gateway.Counts.Creates - before, 2, 100);
        run.MustBeAs(gateway.Counts.Creates - before, "Try again later", $"{nameof(CreateMatrixTests)}.{nameof(Status_429_for_too_long)}");
        Assert.Equal(0, gateway.Counts.TasksMade);
    }

    [Fact]
    public Task Status_500() => CheckAsync(Status(500), 1, 0, LookFirst);

    [Fact]
    public Task Status_502_from_a_proxy() => CheckAsync(Status(502, BodyStyle.Html), 1, 0, LookFirst);

    [Fact]
    public Task Status_503() => CheckAsync(Status(503), 1, 0, LookFirst);

    [Fact]
    public Task Status_503_with_retry_after() => CheckAsync(Status(503, retryAfter: "1", times: 1), 1, 0, LookFirst);

    [Fact]
    public Task Status_504() => CheckAsync(Status(504, BodyStyle.Empty), 1, 0, LookFirst);

    private static Fault Status(int status, BodyStyle body = BodyStyle.Error, string? retryAfter = null, int? times = null) =>
        new() { Kind = FaultKind.Status, Status = status, Body = body, RetryAfter = retryAfter, Times = times };

    private static Fault Text(int status, string text) => new() { Kind = FaultKind.Status, Status = status, Text = text, ContentType = "application/json" };

    private static async Task<GatewayEmulator> StartAsync(Fault fault)
    {
        var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(fault);
        return gateway;
    }

    private async Task CheckAsync(Fault fault, int sent, int made, string? advice, string parameters = "", [CallerMemberName] string test = "")
    {
        await using var gateway = await StartAsync(fault);
        var run = CreateRun.Start(_shell, gateway.BaseUri, parameters);
        Assert.Equal((sent, made), ((int)gateway.Counts.Creates, (int)gateway.Counts.TasksMade));
        Assert.Empty(gateway.MadeTwice);
        run.MustBeAs(sent, advice, $"{nameof(CreateMatrixTests)}.{test}");
    }
}
