using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidJourney.Emulator;

/// <summary>What an output costs: a fixed amount, or any amount from the first to the second, drawn from the emulator's seed for each task.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct Price(decimal Min, decimal Max)
{
    /// <summary>Of work that no price was set for.</summary>
    public static Price Default { get; } = new(0.05m, 0.05m);

    internal decimal Mean => (Min + Max) / 2;

    /// <summary>Reads <c>0.08</c> or <c>0.02-0.08</c>.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static Price Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('-');
        return parts.Length <= 2 && TryAmount(parts[0], out decimal min) && TryAmount(parts[^1], out decimal max) && min <= max
            ? new Price(min, max)
            : throw new FormatException($"'{text}' is not a price: give an amount such as 0.08, or a range such as 0.02-0.08.");
    }

    public override string ToString() => Min == Max ? FormattableString.Invariant($"{Min}") : FormattableString.Invariant($"{Min}-{Max}");

    /// <summary>The price of one task, for a draw from 0 to 1.</summary>
    internal decimal Of(double draw) => Min == Max ? Min : Min + Math.Round((decimal)draw * (Max - Min), 4);

    private static bool TryAmount(string text, out decimal amount) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount);

    /// <summary>As on the command line, or a number.</summary>
    private sealed class Converter : JsonConverter<Price>
    {
        public override Price Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return reader.TokenType == JsonTokenType.Number ? new Price(reader.GetDecimal(), reader.GetDecimal()) : Parse(reader.GetString() ?? "");
            }
            catch (FormatException e)
            {
                throw new JsonException(e.Message, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, Price value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
