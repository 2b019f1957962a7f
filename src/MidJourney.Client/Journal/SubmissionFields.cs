using System.Text.Json;

namespace MidJourney;

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
            SourceJobId = fields.TryGetProperty("jobId", out var job) && job.ValueKind == JsonValueKind.String ? WireId.Shown(job.GetString()!) : null,
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
        f.Name, f.Name == "jobId" && f.Value.ValueKind == JsonValueKind.String ? WireId.Shown(f.Value.GetString()!) : Value(f.Value)))];

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
