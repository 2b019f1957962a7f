using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>What a create asks for: the same key twice is the same work paid twice.</summary>
/// <param name="Model">The model's id.</param>
/// <param name="JobId">The job it works on, if any.</param>
/// <param name="ImageNo">The image of that job.</param>
/// <param name="Type">The upscale's or the variation's type.</param>
/// <param name="Prompt">The <c>text</c>, or the <c>remixPrompt</c>.</param>
/// <param name="Parameters">All parameters but the callback as JSON, names in order; null for an upscale, of which the rest says it all.</param>
public readonly record struct JobKey(
    string? Model, string? JobId = null, int? ImageNo = null, int? Type = null, string? Prompt = null, string? Parameters = null)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static JobKey OfJob(string? model, JsonElement parameters) => new(
        model,
        Parameter.Text(parameters, "jobId"u8),
        Parameter.Integer(parameters, "imageNo"u8),
        Parameter.Integer(parameters, "type"u8));

    internal static JobKey OfAll(string model, JsonElement parameters) => OfJob(model, parameters) with
    {
        Prompt = Parameter.Text(parameters, "text"u8) ?? Parameter.Text(parameters, "remixPrompt"u8),
        Parameters = InOrder(parameters),
    };

    /// <summary>The same text however the names were ordered and the characters escaped.</summary>
    private static string InOrder(JsonElement parameters)
    {
        var text = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(text, Plain))
            Write(json, parameters, leftOut: "callback");
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonElement value, string? leftOut = null)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    if (property.Name == leftOut || property.Value.ValueKind == JsonValueKind.Null)
                        continue;
                    json.WritePropertyName(property.Name);
                    Write(json, property.Value);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(json, item);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(value.GetString());
                break;
            case JsonValueKind.Undefined:
                json.WriteNullValue();
                break;
            default:
                json.WriteRawValue(value.GetRawText());
                break;
        }
    }
}
