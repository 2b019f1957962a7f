using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidJourney.Emulator;

/// <summary>Durations as on the command line: seconds, a range, log-normal, never.</summary>
internal sealed class TaskDurationConverter : JsonConverter<TaskDuration>
{
    public override TaskDuration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return TaskDuration.Fixed(TimeSpan.FromSeconds(reader.GetDouble()));
        try
        {
            return TaskDuration.Parse(reader.GetString() ?? "");
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, TaskDuration value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
