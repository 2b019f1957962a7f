using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>What a create asks for: the same key twice is the same work paid twice.</summary>
/// <param name="Model">The model's id.</param>
/// <param name="JobId">The job it works on, if any.</param>
/// <param name="ImageNo">The image of that job.</param>
/// <param name="Type">The upscale's or the variation's type.</param>
/// <param name="Prompt">The <c>text</c>, or the <c>remixPrompt</c>.</param>
/// <param name="Parameters">All parameters except the callback as JSON, names in order; null for an upscale, where the other members are enough.</param>
public readonly record struct JobKey(
    string? Model, string? JobId = null, int? ImageNo = null, int? Type = null, string? Prompt = null, string? Parameters = null)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static JobKey OfJob(string? model, JsonElement parameters) =>
        new(model, Parameter.Text(parameters, "jobId"), Parameter.Whole(parameters, "imageNo"), Parameter.Whole(parameters, "type"));

    internal static JobKey OfAll(string model, JsonElement parameters) => OfJob(model, parameters) with
    {
        Prompt = Parameter.Text(parameters, "text") ?? Parameter.Text(parameters, "remixPrompt"),
        Parameters = InOrder(parameters, leftOut: "callback")?.ToJsonString(Plain) ?? "null",
    };

    /// <summary>The same JSON however the names were ordered and the characters escaped.</summary>
    private static JsonNode? InOrder(JsonElement value, string? leftOut = null)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var json = new JsonObject();
                foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    if (property.Name != leftOut && property.Value.ValueKind != JsonValueKind.Null)
                        json[property.Name] = InOrder(property.Value);
                }
                return json;
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(item => InOrder(item))]);
            case JsonValueKind.String:
                return value.GetString();
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(value);
        }
    }
}

/// <summary>How often the same work was asked for, and how often that made a task.</summary>
public sealed class JobCount
{
    private int _creates;
    private int _tasksMade;

    internal JobCount()
    {
    }

    public int Creates => Volatile.Read(ref _creates);

    public int TasksMade => Volatile.Read(ref _tasksMade);

    internal void CountCreate() => Interlocked.Increment(ref _creates);

    internal void CountTask() => Interlocked.Increment(ref _tasksMade);
}
