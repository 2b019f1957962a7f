using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidJourney.Emulator;

/// <summary>Options, faults and shapes as one JSON text, for the command line and for tests in another process.</summary>
public sealed record EmulatorScript
{
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(), new MillisecondsConverter() },
    };

    public OptionChanges? Options { get; init; }

    public IReadOnlyList<Fault>? Faults { get; init; }

    public ShapeChanges? Shapes { get; init; }

    /// <summary>Reads a script.</summary>
    /// <exception cref="JsonException">The text is not a script; the message says where.</exception>
    public static EmulatorScript Parse(string json) => JsonSerializer.Deserialize<EmulatorScript>(json, Json) ?? new EmulatorScript();

    /// <summary>Applies the script to what is there.</summary>
    public void ApplyTo(GatewayEmulator emulator)
    {
        ArgumentNullException.ThrowIfNull(emulator);
        Options?.ApplyTo(emulator.Settings);
        foreach (var fault in Faults ?? [])
            emulator.Faults.Add(fault);
        Shapes?.ApplyTo(emulator.Shapes);
    }
}

/// <summary>Options to change while the emulator runs; null changes nothing.</summary>
public sealed record OptionChanges
{
    public string? ApiKey { get; init; }

    public TaskDuration? Duration { get; init; }

    public TimeSpan? AnswerDelay { get; init; }

    /// <summary>0: no limit.</summary>
    public int? MaxRequestsPerSecond { get; init; }

    /// <summary>0: no limit.</summary>
    public int? MaxOutstanding { get; init; }

    /// <summary>An empty text removes the header.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>All of them, in place of those before.</summary>
    public IReadOnlyList<string>? OtherModels { get; init; }

    public bool? StrictJobs { get; init; }

    public BodyStyle? ErrorBody { get; init; }

    public bool? RecordDetails { get; init; }

    internal void ApplyTo(EmulatorOptions options)
    {
        options.ApiKey = ApiKey ?? options.ApiKey;
        options.TaskDuration = Duration ?? options.TaskDuration;
        options.AnswerDelay = AnswerDelay ?? options.AnswerDelay;
        options.MaxRequestsPerSecond = MaxRequestsPerSecond ?? options.MaxRequestsPerSecond;
        options.MaxOutstanding = MaxOutstanding ?? options.MaxOutstanding;
        if (RetryAfter is not null)
            options.RetryAfter = RetryAfter.Length > 0 ? RetryAfter : null;
        options.OtherModels = OtherModels ?? options.OtherModels;
        options.StrictJobs = StrictJobs ?? options.StrictJobs;
        options.ErrorBody = ErrorBody ?? options.ErrorBody;
        options.RecordDetails = RecordDetails ?? options.RecordDetails;
    }
}

/// <summary>Shapes to set.</summary>
public sealed record ShapeChanges
{
    private static readonly Dictionary<string, TaskShape> None = [];

    public TaskShape? Default { get; init; }

    /// <summary>By <c>jobId</c> or <c>jobId:imageNo</c>.</summary>
    public IReadOnlyDictionary<string, TaskShape>? Jobs { get; init; }

    public IReadOnlyDictionary<string, TaskShape>? Models { get; init; }

    /// <summary>By exactly this <c>text</c> or <c>remixPrompt</c>.</summary>
    public IReadOnlyDictionary<string, TaskShape>? Prompts { get; init; }

    internal void ApplyTo(TaskShapes shapes)
    {
        shapes.Default = Default ?? shapes.Default;
        foreach (var (model, shape) in Models ?? None)
            shapes.SetModel(model, shape);
        foreach (var (prompt, shape) in Prompts ?? None)
            shapes.SetPrompt(prompt, shape);
        foreach (var (job, shape) in Jobs ?? None)
            shapes.SetNamed(job, shape);
    }
}

/// <summary>Times as numbers of milliseconds.</summary>
internal sealed class MillisecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
            ? TimeSpan.FromMilliseconds(reader.GetDouble())
            : throw new JsonException("A time is a number of milliseconds.");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.TotalMilliseconds);
}
