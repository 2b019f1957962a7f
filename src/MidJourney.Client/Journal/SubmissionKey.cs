using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MidJourney.Json;

namespace MidJourney.Journal;

/// <summary>Decides whether two creates are the same work: same gateway, model and parameters, in any order and form.</summary>
internal static class SubmissionKey
{
    /// <summary>The hash of the work. The account is not part of it.</summary>
    public static Guid WorkOf(string baseUri, string model, ReadOnlyMemory<byte> parameters) => Hash(Of(baseUri, model, parameters));

    /// <inheritdoc cref="Hash(ReadOnlySpan{byte})"/>
    public static Guid Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    /// <summary>The first half of the SHA-256 of a text.</summary>
    public static Guid Hash(ReadOnlySpan<byte> text)
    {
#if NET
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(text, hash);
        return new Guid(hash.Slice(0, 16));
#else
        using var sha = SHA256.Create();
        var hash = sha.ComputeHash(text.ToArray());
        Array.Resize(ref hash, 16);
        return new Guid(hash);
#endif
    }

    /// <summary>The address of a gateway as the journal writes it.</summary>
    public static string AddressOf(Uri baseUri) => baseUri.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static string Of(string baseUri, string model, ReadOnlyMemory<byte> parameters)
    {
        var key = new StringBuilder(256).Append(baseUri).Append('\n').Append(model).Append('\n');
        if (parameters.IsEmpty) return key.ToString();
        using var json = JsonDocument.Parse(parameters);
        Append(key, json.RootElement);
        return key.ToString();
    }

    private static void Append(StringBuilder key, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                key.Append('{');
                var fields = new List<(string Name, JsonElement Value)>();
                foreach (var field in element.EnumerateObject()) fields.Add((field.Name, field.Value));
                fields.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
                foreach (var (name, value) in fields)
                {
                    AppendText(key, name);
                    Append(key, value);
                }
                key.Append('}');
                break;
            case JsonValueKind.Array:
                key.Append('[');
                foreach (var item in element.EnumerateArray()) Append(key, item);
                key.Append(']');
                break;
            case JsonValueKind.String:
                AppendText(key, element.GetString()!);
                break;
            case JsonValueKind.Number when element.TryGetDecimal(out var number):
                key.Append(number.ToString("G29", CultureInfo.InvariantCulture)).Append(',');
                break;
            default:
                key.Append(element.GetRawText()).Append(',');
                break;
        }
    }

    // With the length before each text, two texts never give the same key as one.
    private static void AppendText(StringBuilder key, string text) => key.Append(text.Length).Append(':').Append(text);
}

/// <summary>Reads a task's origin from the parameters it was created with.</summary>
internal static class SubmissionFields
{
    /// <summary>The task with the origin that its parameters and its journal line tell.</summary>
    public static MJTask Add(MJTask task, string model, ReadOnlyMemory<byte> parameters, ReadOnlyMemory<byte> source) => task with { Origin = OriginOf(model, parameters, source) };

    /// <summary>The submission of a create, without its callback, which the journal never holds.</summary>
    public static MJSubmission Read(JournalCreate create)
    {
        using var json = ParseFields(create.Parameters);
        return new MJSubmission { Model = create.Model, Parameters = Fields(json.RootElement), Origin = OriginOf(create.Model, create.Parameters, create.Source) };
    }

    private static MJOrigin OriginOf(string model, ReadOnlyMemory<byte> parameters, ReadOnlyMemory<byte> source)
    {
        using var json = ParseFields(parameters);
        using var sourceJson = ParseFields(source);
        var fields = json.RootElement;
        return new MJOrigin
        {
            Model = model,
            SourceJobId = Text(fields, "jobId") is { } job ? WireId.Escape(job) : null,
            SourceImageNo = Number(fields, "imageNo"),
            UpscaleType = model == ModelNames.Upscale && Number(fields, "type") is { } type ? UpscaleType.Find($"{type}") : null,
            Prompt = Text(fields, "text") ?? Text(fields, "remixPrompt"),
            SourceTaskId = Text(sourceJson.RootElement, "taskId"),
            SourcePrompt = Text(sourceJson.RootElement, "prompt"),
        };
    }

    private static JsonDocument ParseFields(ReadOnlyMemory<byte> json) => JsonDocument.Parse(json.IsEmpty ? "{}"u8.ToArray() : json);

    private static KeyValuePair<string, object?>[] Fields(JsonElement element) => [.. element.EnumerateObject().Select(f => new KeyValuePair<string, object?>(
        f.Name, f.Name == "jobId" && f.Value.ValueKind == JsonValueKind.String ? WireId.Escape(f.Value.GetString()!) : Value(f.Value)))];

    private static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.Object => Fields(element),
        JsonValueKind.Number when element.TryGetInt32(out var number) => number,
        JsonValueKind.Number when element.TryGetDecimal(out var number) => number,
        JsonValueKind.Number => element.GetDouble(),
        _ => null,
    };

    private static string? Text(JsonElement fields, string name) =>
        fields.ValueKind == JsonValueKind.Object && fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
