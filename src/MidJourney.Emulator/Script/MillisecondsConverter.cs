using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidJourney.Emulator;

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
