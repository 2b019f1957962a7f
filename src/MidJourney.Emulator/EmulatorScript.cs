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

    /// <summary>Applies the script on top of what is in force.</summary>
    public void ApplyTo(GatewayEmulator emulator)
    {
        ArgumentNullException.ThrowIfNull(emulator);
        Options?.ApplyTo(emulator.Settings);
        foreach (var fault in Faults ?? []) emulator.Faults.Add(fault);
        Shapes?.ApplyTo(emulator.Shapes);
    }

    /// <summary>Times are numbers of milliseconds.</summary>
    private sealed class MillisecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number ? TimeSpan.FromMilliseconds(reader.GetDouble()) : throw new JsonException("A time is a number of milliseconds.");

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue(value.TotalMilliseconds);
    }
}
