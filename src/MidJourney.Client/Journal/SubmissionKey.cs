using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MidJourney.Json;

namespace MidJourney.Journal;

/// <summary>Tells whether two creates make the same thing: same gateway, model and parameters, in whatever order and form.</summary>
internal static class SubmissionKey
{
    [ThreadStatic]
    private static StringBuilder? _key;

    /// <summary>The hash by which the journal knows work, whatever account pays for it.</summary>
    public static Guid WorkOf(string baseUri, string model, ReadOnlyMemory<byte> parameters) => Hash(Encoding.UTF8.GetBytes(Of(baseUri, model, parameters)));

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

    private static string Of(string baseUri, string model, ReadOnlyMemory<byte> parameters)
    {
        // A journal may hold a million, and those of 0.1.0 do not name their work.
        var key = (_key ??= new StringBuilder(256)).Clear().Append(baseUri).Append('\n').Append(model).Append('\n');
        if (parameters.IsEmpty) return key.ToString();
        using var json = JsonDocument.Parse(parameters);
        Append(key, json.RootElement);
        return key.ToString();
    }

    /// <summary>A base URI as the journal writes it.</summary>
    public static string AddressOf(Uri baseUri) => baseUri.GetLeftPart(UriPartial.Path).TrimEnd('/');

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

    // With its length before it, no text can pass for two.
    private static void AppendText(StringBuilder key, string text) => key.Append(text.Length).Append(':').Append(text);
}

/// <summary>Reads the origin of a task off the parameters it was created with.</summary>
internal static class SubmissionFields
{
    /// <summary>The task with the origin that the parameters tell, and what else is known of the job that is worked on.</summary>
    public static MJTask Add(MJTask task, string model, ReadOnlyMemory<byte> parameters, ReadOnlyMemory<byte> source)
    {
        using var json = JsonDocument.Parse(parameters.IsEmpty ? "{}"u8.ToArray() : parameters);
        using var sourceJson = JsonDocument.Parse(source.IsEmpty ? "{}"u8.ToArray() : source);
        var fields = json.RootElement;
        return task with
        {
            Model = model,
            SourceJobId = fields.TryGetProperty("jobId", out var job) && job.ValueKind == JsonValueKind.String ? WireId.Escape(job.GetString()!) : null,
            Prompt = Text(fields, "text") ?? Text(fields, "remixPrompt"),
            SourceTaskId = Text(sourceJson.RootElement, "taskId"),
            SourcePrompt = Text(sourceJson.RootElement, "prompt"),
            SourceImageNo = Number(fields, "imageNo"),
            UpscaleType = model == ModelNames.Upscale && Number(fields, "type") is { } type ? UpscaleType.Find($"{type}") : null,
        };
    }

    /// <summary>The submission that a create was made of, but for its callback, which is written down nowhere.</summary>
    public static MJSubmission Read(JournalCreate create)
    {
        using var json = JsonDocument.Parse(create.Parameters.Length == 0 ? "{}"u8.ToArray() : create.Parameters);
        var origin = Add(new MJTask { Id = "" }, create.Model, create.Parameters, create.Source);
        return new MJSubmission
        {
            Model = create.Model,
            Parameters = Fields(json.RootElement),
            SourceJobId = origin.SourceJobId,
            SourceImageNo = origin.SourceImageNo,
            UpscaleType = origin.UpscaleType,
            Prompt = origin.Prompt,
            SourceTaskId = origin.SourceTaskId,
            SourcePrompt = origin.SourcePrompt,
        };
    }

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
