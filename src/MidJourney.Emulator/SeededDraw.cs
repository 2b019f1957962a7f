namespace MidJourney.Emulator;

/// <summary>Repeatable random numbers without shared state: the n-th draw of a seed is always the same.</summary>
internal static class SeededDraw
{
    /// <summary>SplitMix64.</summary>
    public static ulong Bits(ulong seed, ulong index)
    {
        ulong z = seed + (index * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
    public static ulong Hash(string text) => text.Aggregate(0xCBF29CE484222325, (hash, letter) => Bits(hash ^ letter, 1));

    /// <summary>A number from 0 up to, not including, 1.</summary>
    public static double Unit(ulong seed, ulong index) => (Bits(seed, index) >> 11) * (1.0 / (1UL << 53));
}
