namespace MidJourney;

/// <summary>How eagerly to read. All in seconds but the chance.</summary>
/// <param name="Budget">The delay between an end and its being seen that is put up with, on average, before a read.</param>
/// <param name="Cap">The longest time between two reads while ends are likely.</param>
/// <param name="QuietCap">The longest time between two reads at all.</param>
/// <param name="QuietChance">How likely an end may be for the longer cap to hold.</param>
internal readonly record struct PollPolicy(double Budget, double Cap, double QuietCap, double QuietChance)
{
    /// <summary>A little less than the 3 s of the published clients, against which reads are saved.</summary>
    private const double ReferenceInterval = 2.7;
    private const double BudgetPower = 1.1;
    private const double CapSlope = 0.08;

    /// <summary>While little is known of such tasks.</summary>
    public static readonly PollPolicy Exploring = new(Budget: 0.7, Cap: 2.2, QuietCap: 7, QuietChance: 0.008);

    /// <summary>Once enough is known.</summary>
    public static readonly PollPolicy Informed = new(Budget: 0.65, Cap: 1.98, QuietCap: 10, QuietChance: 0.043);

    /// <summary>More eager, the more reads were saved so far compared with reading at a fixed interval.</summary>
    public PollPolicy After(double age, int reads)
    {
        var saved = Math.Max(0, age / ReferenceInterval - reads);
        return this with { Budget = Budget / Math.Pow(1 + saved, BudgetPower), Cap = Cap / (1 + CapSlope * saved) };
    }
}
