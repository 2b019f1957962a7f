using System.Net;
using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary><c>/_emulator/…</c>: what a test in another process needs. For this machine only; in no count.</summary>
internal sealed class AdminHandler(EmulatorState state)
{
    public async Task HandleAsync(Exchange exchange, string route)
    {
        try
        {
            if (exchange.Http.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from))
                exchange.AnswerError(403, BodyStyle.Error, null, "only from this machine");
            else if (exchange.Method == "GET")
                Get(exchange, route);
            else
                await ChangeAsync(exchange, route);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            exchange.AnswerError(400, BodyStyle.Error, null, e.Message);
        }
        await exchange.SendAsync();
        await exchange.FinishAsync();
    }

    private void Get(Exchange exchange, string route)
    {
        object? answer = route switch
        {
            "counts" => Counts(),
            "jobs" => state.Jobs.Select(job => new { job.Key.Model, job.Key.JobId, job.Key.ImageNo, job.Key.Type, job.Key.Parameters, job.Value.Creates, job.Value.TasksMade }),
            "made-twice" => state.MadeTwice,
            "tasks" => state.Tasks.All,
            "requests" => state.Log.All,
            "faults" => state.Faults.All,
            _ => null,
        };
        if (answer is null)
            NoRoute(exchange);
        else
            exchange.Answer(200, "application/json", JsonSerializer.SerializeToUtf8Bytes(answer, EmulatorScript.Json));
    }

    private object Counts() => new
    {
        Counts = state.Counts,
        Outstanding = state.Tasks.Outstanding(state.Now),
        MadeTwice = state.MadeTwice.Count(),
    };

    private async Task ChangeAsync(Exchange exchange, string route)
    {
        switch (exchange.Method, route)
        {
            case ("POST", "faults"):
                AddFaults(await ReadAsync<JsonElement>(exchange));
                break;
            case ("DELETE", "faults"):
                state.Faults.Clear();
                break;
            case ("POST", "shapes"):
                (await ReadAsync<ShapeChanges>(exchange)).ApplyTo(state.Shapes);
                break;
            case ("POST", "options"):
                (await ReadAsync<OptionChanges>(exchange)).ApplyTo(state.Options);
                break;
            case ("POST", "script"):
                (await ReadAsync<EmulatorScript>(exchange)).ApplyTo(state.Options, state.Faults, state.Shapes);
                break;
            case ("POST", "reset"):
                state.Reset();
                break;
            default:
                NoRoute(exchange);
                return;
        }
        exchange.AnswerText(200, "application/json", """{"ok":true}""");
    }

    private void AddFaults(JsonElement faults)
    {
        var rules = faults.ValueKind == JsonValueKind.Array
            ? faults.Deserialize<Fault[]>(EmulatorScript.Json)!
            : [faults.Deserialize<Fault>(EmulatorScript.Json)!];
        foreach (var rule in rules)
            state.Faults.Add(rule);
    }

    private static async Task<T> ReadAsync<T>(Exchange exchange) =>
        await JsonSerializer.DeserializeAsync<T>(exchange.Http.Request.Body, EmulatorScript.Json)
        ?? throw new JsonException("The body is null.");

    private static void NoRoute(Exchange exchange) =>
        exchange.AnswerError(404, BodyStyle.Error, null,
            "GET counts, jobs, made-twice, tasks, requests, faults; POST faults, shapes, options, script, reset; DELETE faults");
}
