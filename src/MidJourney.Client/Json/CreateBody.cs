using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>The body of a create: <c>{"model":"…","input":[{"params":{…}}]}</c>.</summary>
internal static class CreateBody
{
    /// <param name="submission">What to create.</param>
    /// <param name="originalId">Restores a redacted id; see <see cref="KeyRedactor.OriginalId"/>.</param>
    public static byte[] Write(MJSubmission submission, Func<string, string>? originalId = null) => JsonBytes.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("model", submission.Model);
        json.WriteStartArray("input");
        json.WriteStartObject();
        json.WritePropertyName("params");
        WriteObject(json, submission.Parameters, originalId: originalId);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Named values as a JSON object, in their order.</summary>
    public static void WriteObject(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> fields, string? except = null, Func<string, string>? originalId = null)
    {
        json.WriteStartObject();
        foreach (var field in fields)
        {
            if (field.Key == except) continue;
            json.WritePropertyName(field.Key);
            WriteValue(json, field is { Key: "jobId", Value: string id } ? WireId.Unescape(originalId?.Invoke(id) ?? id) : field.Value);
        }
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            // .NET Framework writes more digits than needed, and the journal would take the same work for different work.
            case double number: json.WriteRawValue(number.ToString("R", CultureInfo.InvariantCulture)); break;
            case decimal number: json.WriteNumberValue(number); break;
            case IWireObject { Fields: var fields }: WriteObject(json, fields); break;
            case IReadOnlyList<KeyValuePair<string, object?>> fields: WriteObject(json, fields); break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (var item in items) WriteValue(json, item);
                json.WriteEndArray();
                break;
            default: throw new NotSupportedException($"A parameter of type {value.GetType()} has no JSON form.");
        }
    }
}
