using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidJourney.Emulator;

/// <summary>How long tasks take: a fixed time, or one drawn from the emulator's seed for each task.</summary>
[JsonConverter(typeof(Converter))]
public sealed class TaskDuration
{
    private readonly string _text;
    private readonly Func<double, double, double> _seconds;

    private TaskDuration(FormattableString text, Func<double, double, double> seconds) =>
        (_text, _seconds) = (FormattableString.Invariant(text), seconds);

    /// <summary>Tasks that never end.</summary>
    public static TaskDuration Never { get; } = new($"never", (_, _) => double.PositiveInfinity);

    public static TaskDuration Fixed(TimeSpan duration) => new($"{duration.TotalSeconds}", (_, _) => duration.TotalSeconds);

    /// <summary>Any time between the two is equally likely.</summary>
    public static TaskDuration Uniform(TimeSpan min, TimeSpan max)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(min, max);
        return new($"{min.TotalSeconds}-{max.TotalSeconds}", (a, _) => min.TotalSeconds + (a * (max - min).TotalSeconds));
    }

    /// <summary>Half of the tasks take less than the median; the larger sigma, the longer the tail (0.5 is moderate).</summary>
    public static TaskDuration LogNormal(TimeSpan median, double sigma) =>
        new($"lognormal:{median.TotalSeconds},{sigma}",
            (a, b) => median.TotalSeconds * Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - a)) * Math.Cos(2 * Math.PI * b)));

    /// <summary>Reads <c>2</c>, <c>1-10</c>, <c>lognormal:2,0.5</c> (seconds) or <c>never</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static TaskDuration Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Equals("never", StringComparison.OrdinalIgnoreCase))
            return Never;
        const string logNormal = "lognormal:";
        bool isLogNormal = text.StartsWith(logNormal, StringComparison.OrdinalIgnoreCase);
        string[] parts = isLogNormal ? text[logNormal.Length..].Split(',') : text.Split('-');
        if (parts.Length <= 2 && TrySeconds(parts[0], out var first) && TrySeconds(parts[^1], out var last))
        {
            if (isLogNormal && parts.Length == 2)
                return LogNormal(first, last.TotalSeconds);
            if (!isLogNormal && first <= last)
                return parts.Length == 1 ? Fixed(first) : Uniform(first, last);
        }
        throw new FormatException($"'{text}' is not a duration: give seconds such as 2, a range such as 1-10, lognormal:2,0.5, or never.");
    }

    public override string ToString() => _text;

    /// <summary>When a task that starts now ends, for two draws from 0 to 1.</summary>
    internal DateTimeOffset EndOf(DateTimeOffset start, double a, double b)
    {
        double seconds = _seconds(a, b);
        return seconds < (DateTimeOffset.MaxValue - start).TotalSeconds ? start + TimeSpan.FromSeconds(seconds) : DateTimeOffset.MaxValue;
    }

    private static bool TrySeconds(string text, out TimeSpan time)
    {
        bool isRead = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds < TimeSpan.MaxValue.TotalSeconds;
        time = isRead ? TimeSpan.FromSeconds(seconds) : default;
        return isRead;
    }

    /// <summary>As on the command line; a number is seconds.</summary>
    private sealed class Converter : JsonConverter<TaskDuration>
    {
        public override TaskDuration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Number)
                return Fixed(TimeSpan.FromSeconds(reader.GetDouble()));
            try
            {
                return Parse(reader.GetString() ?? "");
            }
            catch (FormatException e)
            {
                throw new JsonException(e.Message, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, TaskDuration value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
