using System.Globalization;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>The routes of the gateway: what each answers when nothing goes wrong.</summary>
internal sealed class GatewayRoutes(GatewayEmulator emulator)
{
    private static readonly string[] GetOrHead = ["GET", "HEAD"];

    public void Map(WebApplication app)
    {
        var gateway = app.MapGroup(emulator.Prefix);
        gateway.MapPost("/model/v1/generation", http => Create(http).ExecuteAsync(http)).WithMetadata(Operation.Create);
        gateway.MapPost("/model/v1/generation/precharge", http => (NotOffered() ?? Precharge(http)).ExecuteAsync(http)).WithMetadata(Operation.Precharge);
        gateway.MapMethods("/model/v1/generation/task/{id}", GetOrHead, http => Read(http).ExecuteAsync(http)).WithMetadata(Operation.Read);
        gateway.MapMethods("/files/{id}/{index:int:min(0)}.{extension}", GetOrHead, http => File(http).ExecuteAsync(http)).WithMetadata(Operation.File);
        gateway.MapGet("/monitor/api/v1/cost/billing", http => (NotOffered() ?? BillOf(http)).ExecuteAsync(http)).WithMetadata(Operation.Bill);
        app.Map("/{**path}", http => Error(404, "no such route").ExecuteAsync(http)).WithMetadata(Operation.Any);
    }

    private IResult Create(HttpContext http)
    {
        var exchange = Exchange.Of(http);
        var create = exchange.Create!;
        if (Refusal(create) is { } refusal)
            return refusal;
        var task = emulator.TryMakeTask(create, emulator.Shapes.For(create.Key), emulator.Settings.MaxOutstanding);
        if (task is null)
            return ErrorBody.TooMany(http, emulator.Settings, "too many tasks at once");
        emulator.Counts.CountTask();
        emulator.CountOf(create.Key).CountTask();
        (exchange.TaskId, exchange.Task) = (task.Id, task);
        return Results.Text(TaskJson.Created(task, emulator.BaseText), "application/json");
    }

    private IResult? NotOffered() => emulator.Settings.NotOffered switch
    {
        0 => null,
        200 => ErrorBody.Of(200, BodyStyle.Html, null, null),
        var status => Error(status, "no such route"),
    };

    private IResult Precharge(HttpContext http)
    {
        var create = Exchange.Of(http).Create!;
        return Refusal(create) ?? Json(Estimate.Of(create, emulator));
    }

    private IResult? Refusal(CreateRequest create) =>
        (create.Problem ?? (emulator.Settings.StrictJobs ? create.JobProblem(emulator.Store, emulator.Now) : null)) is { } problem
            ? ErrorBody.Of(problem.Status, emulator.Settings.ErrorBody, problem.Code, problem.Message)
            : null;

    private IResult Read(HttpContext http)
    {
        var exchange = Exchange.Of(http);
        if (exchange.Task is not { } task)
            return Error(404, "task not found");
        var now = emulator.Now;
        exchange.ShowsEnd = now >= task.EndsAt;
        return Results.Text(TaskJson.Read(task, now, emulator.BaseText), "application/json");
    }

    private IResult BillOf(HttpContext http)
    {
        try
        {
            return Json(Bill.Parse(http.Request.Query, emulator.Now).Of(emulator.Tasks, emulator.Settings.Currency));
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            return Json(new JsonObject { ["code"] = 400, ["message"] = e.Message }, 400);
        }
    }

    private IResult File(HttpContext http)
    {
        int index = int.Parse((string)http.GetRouteValue("index")!, CultureInfo.InvariantCulture);
        if (Exchange.Of(http).Task is not { Fails: false } task || index >= task.Outputs * task.Images || emulator.Now < task.EndsAt)
            return Error(404, "no such file");
        string type = task.Shape.ContentType switch { "image" => "image/png", "video" => "video/mp4", _ => "application/octet-stream" };
        return Results.File(PngImage.Of(task, index), type, entityTag: new($"\"{task.Id}-{index}\""), enableRangeProcessing: true);
    }

    private static IResult Json(JsonObject json, int status = 200) => Results.Text(json.ToJsonString(), "application/json", statusCode: status);

    private IResult Error(int status, string message) => ErrorBody.Of(status, emulator.Settings.ErrorBody, status, message);
}
