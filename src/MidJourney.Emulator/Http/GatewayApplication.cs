using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace MidJourney.Emulator;

/// <summary>Routes each request to its handler and keeps the counts.</summary>
internal sealed class GatewayApplication : IHttpApplication<Exchange>
{
    private const string CreatePath = "/model/v1/generation";
    private const string ReadPath = "/model/v1/generation/task/";
    private const string FilePath = "/files/";
    private const string AdminPath = "/_emulator/";

    private readonly EmulatorState _state;
    private readonly string _prefix;
    private readonly CreateHandler _create;
    private readonly ReadHandler _read;
    private readonly FileHandler _file;
    private readonly AdminHandler _admin;
    private readonly FaultDelivery _faults;

    public GatewayApplication(EmulatorState state)
    {
        _state = state;
        _prefix = Normal(state.Options.Prefix);
        _create = new CreateHandler(state);
        _read = new ReadHandler(state);
        _file = new FileHandler(state);
        _admin = new AdminHandler(state);
        _faults = new FaultDelivery(state);
    }

    /// <summary>One slash before, none after; nothing for no prefix.</summary>
    public static string Normal(string prefix) =>
        prefix.Trim('/') is { Length: > 0 } path ? "/" + path : "";

    public Exchange CreateContext(IFeatureCollection contextFeatures)
    {
        var exchange = contextFeatures is IHostContextContainer<Exchange> connection
            ? connection.HostContext ??= new Exchange()
            : new Exchange();
        exchange.Begin(contextFeatures);
        return exchange;
    }

    public void DisposeContext(Exchange context, Exception? exception) => context.End();

    public Task ProcessRequestAsync(Exchange context)
    {
        context.ReceivedAt = _state.Now;
        string path = context.Path;
        if (path.StartsWith(AdminPath, StringComparison.Ordinal))
            return _admin.HandleAsync(context, path[AdminPath.Length..]);
        return ServeAsync(context, Route(context, path));
    }

    private IOperationHandler? Route(Exchange exchange, string path)
    {
        if (!path.StartsWith(_prefix, StringComparison.Ordinal))
            return null;
        var rest = path.AsSpan(_prefix.Length);
        if (rest.SequenceEqual(CreatePath))
            return exchange.Method == "POST" ? _create : null;
        if (exchange.Method is not ("GET" or "HEAD"))
            return null;
        if (rest.StartsWith(ReadPath, StringComparison.Ordinal))
            return _read.Takes(exchange, rest[ReadPath.Length..]) ? _read : null;
        return rest.StartsWith(FilePath, StringComparison.Ordinal) && _file.Takes(exchange, rest[FilePath.Length..]) ? _file : null;
    }

    private async Task ServeAsync(Exchange exchange, IOperationHandler? handler)
    {
        var operation = handler?.Operation ?? Operation.Any;
        _state.Counts.Enter(operation);
        try
        {
            await (handler is null ? NoRouteAsync(exchange) : HandleAsync(exchange, handler));
        }
        catch (BadHttpRequestException e)
        {
            exchange.Status = e.StatusCode;
            throw;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has left, or the emulator stops.
            exchange.Status = 0;
        }
        catch (Exception e)
        {
            _state.Counts.CountInternalError(e);
            exchange.Status = 500;
            throw;
        }
        finally
        {
            _state.Counts.Leave(operation, exchange.Status);
            if (_state.Log.IsOn)
                Record(exchange, operation);
        }
        await exchange.FinishAsync();
    }

    private async ValueTask HandleAsync(Exchange exchange, IOperationHandler handler)
    {
        await handler.ReceiveAsync(exchange);
        if (handler.IsGateway && Refuses(exchange))
        {
            await DelayAsync(exchange, _state.Options.AnswerDelay);
            await exchange.SendAsync();
            return;
        }
        Fault? fault = null;
        if (_state.Faults.Count > 0)
        {
            (fault, var delay) = _state.Faults.Pick(handler.Operation, exchange.Key, exchange.TaskId);
            await DelayAsync(exchange, delay);
        }
        if (fault is { TakesEffect: false })
        {
            await _faults.InsteadAsync(exchange, fault);
            return;
        }
        handler.Perform(exchange);
        await DelayAsync(exchange, _state.Options.AnswerDelay);
        await (fault is null ? exchange.SendAsync() : _faults.AfterAsync(exchange, fault));
    }

    private bool Refuses(Exchange exchange)
    {
        var options = _state.Options;
        if (!IsKey(exchange.Authorization, options.ApiKey))
        {
            exchange.AnswerError(401, options.ErrorBody, 401, "missing or invalid API key");
            return true;
        }
        if (options.MaxRequestsPerSecond > 0 && !_state.Rate.TryPass(exchange.ReceivedAt, options.MaxRequestsPerSecond))
        {
            exchange.AnswerTooMany(options, "too many requests");
            return true;
        }
        return false;
    }

    private static bool IsKey(string? authorization, string key)
    {
        const string scheme = "Bearer ";
        return authorization is not null
            && authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && authorization.AsSpan(scheme.Length).SequenceEqual(key);
    }

    private ValueTask NoRouteAsync(Exchange exchange)
    {
        exchange.AnswerError(404, _state.Options.ErrorBody, 404, "no such route");
        return exchange.SendAsync();
    }

    private ValueTask DelayAsync(Exchange exchange, TimeSpan delay) => delay > TimeSpan.Zero
        ? new ValueTask(Task.Delay(delay, _state.Options.TimeProvider, exchange.Http.RequestAborted))
        : default;

    private void Record(Exchange exchange, Operation operation)
    {
        var request = exchange.Http.Request;
        _state.Log.Add(new RequestRecord
        {
            At = new DateTimeOffset(exchange.ReceivedAt, TimeSpan.Zero),
            Number = _state.Log.NextNumber(),
            Operation = operation,
            Method = exchange.Method,
            Path = request.QueryString.HasValue ? exchange.Path + request.QueryString.Value : exchange.Path,
            Status = exchange.Status,
            TaskId = exchange.TaskId,
            Model = exchange.Key.Model,
            JobId = exchange.Key.JobId,
            ImageNo = exchange.Key.ImageNo,
            Type = exchange.Key.Type,
            HasAuthorization = exchange.Authorization is not null,
            Headers = _state.Options.RecordDetails ? Copy(request.Headers) : null,
            Body = exchange.RequestText,
        });
    }

    private static Dictionary<string, string> Copy(IHeaderDictionary headers) =>
        headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
}
