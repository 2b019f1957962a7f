using System.Net;
using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary><c>/_emulator/…</c>: what a test in another process needs. For this machine only, and in no count.</summary>
internal sealed class AdminRoutes(GatewayEmulator emulator)
{
    public const string Path = "/_emulator";

    private const string Routes = "GET counts, jobs, made-twice, tasks, callbacks, requests, faults; POST faults, shapes, options, script, reset; DELETE faults";

    public void Map(WebApplication app)
    {
        var admin = app.MapGroup(Path);
        Get("counts", () => new { emulator.Counts, emulator.Outstanding, MadeTwice = emulator.MadeTwice.Count });
        Get("jobs", () => emulator.Jobs.Select(job => new { job.Key.Model, job.Key.JobId, job.Key.ImageNo, job.Key.Type, job.Key.Parameters, job.Value.Creates, job.Value.TasksMade }));
        Get("made-twice", () => emulator.MadeTwice);
        Get("tasks", () => emulator.Tasks);
        Get("callbacks", () => emulator.Callbacks);
        Get("requests", () => emulator.Requests);
        Get("faults", () => emulator.Faults.All);
        Post<JsonElement>("faults", AddFaults);
        Post<ShapeChanges>("shapes", changes => changes.ApplyTo(emulator.Shapes));
        Post<OptionChanges>("options", changes => changes.ApplyTo(emulator.Settings));
        Post<EmulatorScript>("script", script => script.ApplyTo(emulator));
        admin.MapPost("reset", Answer(_ => Do(emulator.Reset)));
        admin.MapDelete("faults", Answer(_ => Do(emulator.Faults.Clear)));
        admin.Map("{**route}", http => ErrorBody.Of(404, BodyStyle.Error, null, Routes).ExecuteAsync(http));

        void Get(string route, Func<object> answer) => admin.MapGet(route, Answer(_ => Task.FromResult(answer())));

        void Post<T>(string route, Action<T> change) => admin.MapPost(route, Answer(async http =>
        {
            var changes = await JsonSerializer.DeserializeAsync<T>(http.Request.Body, EmulatorScript.Json) ?? throw new JsonException("The body is null.");
            return await Do(() => change(changes));
        }));
    }

    private static RequestDelegate Answer(Func<HttpContext, Task<object>> answer) => async http =>
    {
        IResult result;
        try
        {
            result = http.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from)
                ? ErrorBody.Of(403, BodyStyle.Error, null, "only from this machine")
                : Results.Text(JsonSerializer.Serialize(await answer(http), EmulatorScript.Json), "application/json");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            result = ErrorBody.Of(400, BodyStyle.Error, null, e.Message);
        }
        await result.ExecuteAsync(http);
    };

    private static Task<object> Do(Action change)
    {
        change();
        return Task.FromResult<object>(new { Ok = true });
    }

    private void AddFaults(JsonElement faults)
    {
        var rules = faults.ValueKind == JsonValueKind.Array
            ? faults.Deserialize<Fault[]>(EmulatorScript.Json)!
            : [faults.Deserialize<Fault>(EmulatorScript.Json)!];
        foreach (var rule in rules)
            emulator.Faults.Add(rule);
    }
}
