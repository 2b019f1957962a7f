using System.Globalization;

namespace MidJourney;

/// <summary>Finds a value in a list of names.</summary>
internal static class WireNames
{
    /// <summary>The name, in any letter case, or the one at the place that is given as a number; null when there is none.</summary>
    public static string? Find(IReadOnlyList<string> names, string? nameOrPlace) =>
        names.FirstOrDefault(n => string.Equals(n, nameOrPlace, StringComparison.OrdinalIgnoreCase))
        ?? (int.TryParse(nameOrPlace, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < names.Count ? names[place] : null);
}
