using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>The body of a create or a precharge, read and checked. Without a problem there are a model and a kind.</summary>
internal sealed record CreateRequest(GatewayModel? Model, JobKey Key, CreateProblem? Problem, WorkKind Kind = default, string? Callback = null, int Outputs = 0)
{
    private static readonly CreateProblem NotJson = new(400, "the body is not a JSON object");
    private static readonly CreateProblem UnknownModel = new(400, "unknown model");
    private static readonly CreateProblem UnknownJob = new(CreateProblem.UnnamedCode, "no completed task has this jobId");

    public static CreateRequest Parse(byte[] body, IReadOnlyCollection<string> otherModels)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Parse(document.RootElement, otherModels)
                : new CreateRequest(null, default, NotJson);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is for half of a surrogate pair.
            return new CreateRequest(null, default, NotJson);
        }
    }

    public static CreateRequest Of(GatewayModel model, JsonElement parameters)
    {
        var key = model.KeyOf(parameters);
        return model.Check(parameters) is { } problem
            ? new CreateRequest(model, key, problem)
            : new CreateRequest(model, key, null, WorkKind.Of(model.Name, parameters), Parameter.Text(parameters, "callback"), model.Outputs(parameters));
    }

    /// <summary>With <see cref="EmulatorOptions.StrictJobs"/>: why the job that the create works on does not allow it; null if it does.</summary>
    public CreateProblem? JobProblem(TaskStore tasks, DateTimeOffset now)
    {
        if (Key.JobId is not { } jobId)
            return null;
        if (tasks.FindJob(jobId) is not { Fails: false, Shape.ResultJobIds: true } source || now < source.EndsAt)
            return UnknownJob;
        if (Model!.WhyNotAfter(source.MadeBy) is { } reason)
            return new CreateProblem(403, reason, Status: 403);
        return Key.ImageNo is { } imageNo && imageNo >= source.Images ? NoSuchImage(source.Images) : null;
    }

    private static CreateRequest Parse(JsonElement root, IReadOnlyCollection<string> otherModels)
    {
        JsonElement parameters = default;
        if (Parameter.TryGet(root, "input", out var input) && input.ValueKind == JsonValueKind.Array && input.GetArrayLength() > 0)
            Parameter.TryGet(input[0], "params", out parameters);
        string? name = Parameter.Text(root, "model");
        return name is not null && GatewayModel.Find(name, otherModels) is { } model
            ? Of(model, parameters)
            : new CreateRequest(null, JobKey.OfJob(name, parameters), UnknownModel);
    }

    private CreateProblem NoSuchImage(int images) => new(
        Model!.RuleOf(ParameterRule.ImageNo.Name)?.InvalidCode ?? CreateProblem.UnnamedCode,
        images == 1 ? "imageNo must be 0: the job has one image" : $"imageNo must be below {images}, the number of the job's images");
}
