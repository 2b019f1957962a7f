using System.Buffers;
using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>A create's body, read and checked.</summary>
internal readonly record struct CreateRequest(string? Model, JobKey Key, string? Callback, ParameterProblem? Problem)
{
    private static readonly ParameterProblem NotJson = new(400, "the body is not a JSON object");
    private static readonly ParameterProblem UnknownModel = new(400, "unknown model");

    public static CreateRequest Parse(in ReadOnlySequence<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Parse(document.RootElement) : Refused(NotJson);
        }
        catch (JsonException)
        {
            return Refused(NotJson);
        }
    }

    private static CreateRequest Parse(JsonElement root)
    {
        var parameters = Parameters(root);
        var model = root.TryGetProperty("model"u8, out var name) ? ModelRules.Find(name) : null;
        var key = new JobKey(
            Parameter.Text(parameters, "jobId"u8),
            Parameter.Integer(parameters, "imageNo"u8),
            Parameter.Integer(parameters, "type"u8));
        return new CreateRequest(
            model?.Name,
            key,
            Parameter.Text(parameters, "callback"u8),
            model is null ? UnknownModel : model.Check(parameters));
    }

    private static JsonElement Parameters(JsonElement root) =>
        root.TryGetProperty("input"u8, out var input)
        && input.ValueKind == JsonValueKind.Array
        && input.GetArrayLength() > 0
        && Parameter.TryGet(input[0], "params"u8, out var parameters)
            ? parameters
            : default;

    private static CreateRequest Refused(ParameterProblem problem) => new(null, default, null, problem);
}
