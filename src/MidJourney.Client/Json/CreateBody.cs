using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>The body of a create: <c>{"model":"…","input":[{"params":{…}}]}</c>.</summary>
internal static class CreateBody
{
    // The body is JSON, never part of a page, so nothing but JSON's own escapes is needed.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="submission">What to create.</param>
    /// <param name="exact">Gives the id that is shown as another; null where none is.</param>
    public static byte[] Write(MJSubmission submission, Func<string, string>? exact = null)
    {
        using var stream = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartObject();
            json.WriteString("model", submission.Model);
            json.WriteStartArray("input");
            json.WriteStartObject();
            json.WritePropertyName("params");
            WriteObject(json, submission.Parameters, exact: exact);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
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
            // .NET Framework would write more digits than the number needs, and the same thing would be another one to the journal.
            case double number: json.WriteRawValue(number.ToString("R", CultureInfo.InvariantCulture)); break;
            case decimal number: json.WriteNumberValue(number); break;
            case IWireObject thing: WriteObject(json, thing.Fields); break;
            case IReadOnlyList<KeyValuePair<string, object?>> fields: WriteObject(json, fields); break;
            case IEnumerable items: WriteArray(json, items); break;
            default: throw new NotSupportedException($"A parameter of type {value.GetType()} has no JSON form.");
        }
    }

    /// <summary>Named values as a JSON object, in their order.</summary>
    public static void WriteObject(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> fields, string? except = null, Func<string, string>? exact = null)
    {
        json.WriteStartObject();
        foreach (var field in fields)
        {
            if (field.Key == except) continue;
            json.WritePropertyName(field.Key);
            WriteValue(json, field is { Key: "jobId", Value: string id } ? WireId.Exact(exact?.Invoke(id) ?? id) : field.Value);
        }
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, IEnumerable items)
    {
        json.WriteStartArray();
        foreach (var item in items) WriteValue(json, item);
        json.WriteEndArray();
    }
}
