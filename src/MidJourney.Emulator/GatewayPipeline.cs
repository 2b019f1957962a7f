using System.Text;

namespace MidJourney.Emulator;

/// <summary>
/// What every request to the gateway passes: it is received and counted, its key and the rate are checked, a fault may meet it, its
/// route answers, the fault may spoil that, and the answer is sent.
/// </summary>
internal sealed class GatewayPipeline(GatewayEmulator emulator)
{
    private readonly FaultDelivery _faults = new(emulator);

    private EmulatorOptions Options => emulator.Settings;

    public async Task InvokeAsync(HttpContext http, RequestDelegate route)
    {
        var receivedAt = emulator.Now;
        var operation = http.GetEndpoint()!.Metadata.OfType<Operation>().Single();
        var exchange = new Exchange(http, operation);
        int status = 0;
        emulator.Counts.Enter(operation);
        try
        {
            await (operation == Operation.Any ? route(http) : AnswerAsync(exchange, route, receivedAt));
            await exchange.SendAsync();
            status = exchange.IsCut ? 0 : http.Response.StatusCode;
        }
        catch (BadHttpRequestException e)
        {
            status = e.StatusCode;
            throw;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has left, or the emulator stops.
            exchange.IsCut = true;
        }
        catch (Exception e)
        {
            emulator.Counts.CountInternalError(e);
            status = 500;
            throw;
        }
        finally
        {
            emulator.Counts.Leave(operation, status);
            emulator.Log.Add(RecordOf(exchange, receivedAt, status));
        }
        await exchange.FinishAsync();
    }

    private async Task AnswerAsync(Exchange exchange, RequestDelegate route, DateTimeOffset receivedAt)
    {
        await ReceiveAsync(exchange);
        if (exchange.Operation != Operation.File && Refusal(exchange, receivedAt) is { } refusal)
        {
            await refusal.ExecuteAsync(exchange.Http);
            await DelayAsync(exchange, Options.AnswerDelay);
            return;
        }
        var (fault, delay) = emulator.Faults.Pick(exchange.Operation, exchange.Key, exchange.TaskId);
        await DelayAsync(exchange, delay);
        if (fault is { TakesEffect: false })
        {
            await _faults.AnswerInsteadAsync(exchange, fault);
            return;
        }
        await route(exchange.Http);
        if (exchange is { Operation: Operation.Create, Task: { Shape.Callback.BeforeAnswer: true } made })
            await made.CalledBack.WaitAsync(exchange.Aborted);
        await DelayAsync(exchange, Options.AnswerDelay);
        if (exchange.ShowsEnd && fault?.Kind is null or FaultKind.SlowDrip or FaultKind.HugeBody)
            exchange.Task!.MarkSeen(emulator.Now);
        if (fault is not null)
            await _faults.SpoilAsync(exchange, fault);
    }

    /// <summary>Takes the whole request in and finds out what it is about. Nothing takes effect.</summary>
    private async Task ReceiveAsync(Exchange exchange)
    {
        if (exchange.Operation is Operation.Create or Operation.Precharge)
        {
            using var body = new MemoryStream();
            await exchange.Http.Request.Body.CopyToAsync(body, exchange.Aborted);
            exchange.RequestText = Options.RecordDetails ? Encoding.UTF8.GetString(body.ToArray()) : null;
            exchange.Create = CreateRequest.Parse(body.ToArray(), Options.OtherModels);
            exchange.Key = exchange.Create.Key;
            if (exchange.Operation == Operation.Create)
                emulator.CountOf(exchange.Key).CountCreate();
        }
        else if (exchange.Operation is Operation.Read or Operation.File)
        {
            exchange.TaskId = (string)exchange.Http.GetRouteValue("id")!;
            exchange.Task = emulator.Store.Find(exchange.TaskId);
            exchange.Key = exchange.Task?.Key ?? default;
            if (exchange.Operation == Operation.Read)
                emulator.CountRead(exchange.TaskId, exchange.Task);
        }
        emulator.Counts.CountReceived(exchange.Operation, exchange.HasAuthorization);
    }

    private IResult? Refusal(Exchange exchange, DateTimeOffset receivedAt)
    {
        string[] words = exchange.Http.Request.Headers.Authorization.ToString().Split(' ', 2);
        if (words.Length < 2 || !words[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase) || words[1] != Options.ApiKey)
            return ErrorBody.Of(401, Options.ErrorBody, 401, "missing or invalid API key");
        return emulator.Rate.TryPass(receivedAt, Options.MaxRequestsPerSecond) ? null : ErrorBody.TooMany(exchange.Http, Options, "too many requests");
    }

    private Task DelayAsync(Exchange exchange, TimeSpan delay) =>
        delay > TimeSpan.Zero ? Task.Delay(delay, Options.TimeProvider, exchange.Aborted) : Task.CompletedTask;

    private RequestRecord RecordOf(Exchange exchange, DateTimeOffset receivedAt, int status)
    {
        var request = exchange.Http.Request;
        return new RequestRecord
        {
            At = receivedAt,
            Operation = exchange.Operation,
            Method = request.Method,
            Path = request.Path.Value + request.QueryString,
            Status = status,
            TaskId = exchange.TaskId,
            Model = exchange.Key.Model,
            JobId = exchange.Key.JobId,
            ImageNo = exchange.Key.ImageNo,
            Type = exchange.Key.Type,
            HasAuthorization = exchange.HasAuthorization,
            Headers = Options.RecordDetails ? request.Headers.ToDictionary(header => header.Key, header => $"{header.Value}", StringComparer.OrdinalIgnoreCase) : null,
            Body = exchange.RequestText,
        };
    }
}

/// <summary>Lets a number of requests pass in any one second. Refused ones do not count.</summary>
internal sealed class RateLimit
{
    private readonly Queue<DateTimeOffset> _passed = [];

    /// <summary>A limit of 0 is none.</summary>
    public bool TryPass(DateTimeOffset now, int limit)
    {
        if (limit <= 0)
            return true;
        lock (_passed)
        {
            while (_passed.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromSeconds(1))
                _passed.Dequeue();
            if (_passed.Count >= limit)
                return false;
            _passed.Enqueue(now);
            return true;
        }
    }
}
