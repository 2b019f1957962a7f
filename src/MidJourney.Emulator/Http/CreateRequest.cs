using System.Buffers;
using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>A create's body, read and checked. Without a problem there is a model.</summary>
internal readonly record struct CreateRequest(GatewayModel? Model, JobKey Key, string? Callback, int Outputs, CreateProblem? Problem)
{
    private static readonly CreateProblem NotJson = new(400, "the body is not a JSON object");
    private static readonly CreateProblem UnknownModel = new(400, "unknown model");

    public static CreateRequest Parse(in ReadOnlySequence<byte> body, EmulatorOptions options)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Parse(document.RootElement, options) : Refused(default, NotJson);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is what half a surrogate pair gives.
            return Refused(default, NotJson);
        }
    }

    public static CreateRequest Of(GatewayModel model, JsonElement parameters)
    {
        var key = model.KeyOf(parameters);
        return model.Check(parameters) is { } problem
            ? new CreateRequest(model, key, null, 0, problem)
            : new CreateRequest(model, key, Parameter.Text(parameters, "callback"u8), model.Outputs(parameters), null);
    }

    private static CreateRequest Parse(JsonElement root, EmulatorOptions options)
    {
        var parameters = Parameters(root);
        string? name = Parameter.Text(root, "model"u8);
        return name is not null && GatewayModels.Find(name, options.OtherModels) is { } model
            ? Of(model, parameters)
            : Refused(JobKey.OfJob(name, parameters), UnknownModel);
    }

    private static JsonElement Parameters(JsonElement root) =>
        root.TryGetProperty("input"u8, out var input)
        && input.ValueKind == JsonValueKind.Array
        && input.GetArrayLength() > 0
        && Parameter.TryGet(input[0], "params"u8, out var parameters)
            ? parameters
            : default;

    private static CreateRequest Refused(in JobKey key, CreateProblem problem) => new(null, key, null, 0, problem);
}
