using System.Globalization;

namespace MidJourney.Emulator;

/// <summary>How long tasks take: a fixed time, or one drawn from the emulator's seed for each task.</summary>
public sealed class TaskDuration
{
    private readonly string _text;
    private readonly Func<double, double, double> _seconds;

    private TaskDuration(string text, Func<double, double, double> seconds)
    {
        _text = text;
        _seconds = seconds;
    }

    /// <summary>Tasks that never end.</summary>
    public static TaskDuration Never { get; } = new("never", static (_, _) => double.PositiveInfinity);

    public static TaskDuration Fixed(TimeSpan duration) =>
        new(Number(duration), (_, _) => duration.TotalSeconds);

    /// <summary>Any time between the two is as likely.</summary>
    public static TaskDuration Uniform(TimeSpan least, TimeSpan most)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, most);
        return new($"{Number(least)}-{Number(most)}",
            (a, _) => least.TotalSeconds + (a * (most - least).TotalSeconds));
    }

    /// <summary>Half of the tasks take less than the median; the larger sigma, the longer the tail (0.5 is moderate).</summary>
    public static TaskDuration LogNormal(TimeSpan median, double sigma) =>
        new(string.Create(CultureInfo.InvariantCulture, $"lognormal:{Number(median)},{sigma}"),
            (a, b) => median.TotalSeconds * Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - a)) * Math.Cos(2 * Math.PI * b)));

    /// <summary>Reads <c>2</c>, <c>1-10</c>, <c>lognormal:2,0.5</c> (seconds) or <c>never</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static TaskDuration Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Equals("never", StringComparison.OrdinalIgnoreCase))
            return Never;
        const string logNormal = "lognormal:";
        if (text.StartsWith(logNormal, StringComparison.OrdinalIgnoreCase))
        {
            string[] parts = text[logNormal.Length..].Split(',');
            if (parts.Length == 2 && TrySeconds(parts[0], out var median) && TrySeconds(parts[1], out var sigma))
                return LogNormal(median, sigma.TotalSeconds);
        }
        else
        {
            string[] parts = text.Split('-');
            if (parts.Length == 1 && TrySeconds(parts[0], out var only))
                return Fixed(only);
            if (parts.Length == 2 && TrySeconds(parts[0], out var least) && TrySeconds(parts[1], out var most) && least <= most)
                return Uniform(least, most);
        }
        throw new FormatException($"'{text}' is not a duration: give seconds such as 2, a range such as 1-10, lognormal:2,0.5, or never.");
    }

    public override string ToString() => _text;

    /// <summary>The moment, in ticks, at which a task that was made at <paramref name="start"/> ends.</summary>
    internal long EndOf(long start, double a, double b)
    {
        double ticks = _seconds(a, b) * TimeSpan.TicksPerSecond;
        return ticks < DateTime.MaxValue.Ticks - start ? start + (long)ticks : DateTime.MaxValue.Ticks;
    }

    private static string Number(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private static bool TrySeconds(string text, out TimeSpan time)
    {
        bool read = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds < TimeSpan.MaxValue.TotalSeconds;
        time = read ? TimeSpan.FromSeconds(seconds) : default;
        return read;
    }
}
