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
        Converters = { new JsonStringEnumConverter(), new MillisecondsConverter(), new TaskDurationConverter() },
    };

    public OptionChanges? Options { get; init; }

    public IReadOnlyList<Fault>? Faults { get; init; }

    public ShapeChanges? Shapes { get; init; }

    /// <summary>Reads a script.</summary>
    /// <exception cref="JsonException">The text is no script; the message says where.</exception>
    public static EmulatorScript Parse(string json) =>
        JsonSerializer.Deserialize<EmulatorScript>(json, Json) ?? new EmulatorScript();

    /// <summary>Puts the script in force, on top of what is.</summary>
    public void ApplyTo(GatewayEmulator emulator)
    {
        ArgumentNullException.ThrowIfNull(emulator);
        ApplyTo(emulator.Settings, emulator.Faults, emulator.Shapes);
    }

    internal void ApplyTo(EmulatorOptions options, FaultRules faults, TaskShapes shapes)
    {
        Options?.ApplyTo(options);
        foreach (var fault in Faults ?? [])
            faults.Add(fault);
        Shapes?.ApplyTo(shapes);
    }
}
