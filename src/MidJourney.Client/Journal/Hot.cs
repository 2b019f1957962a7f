using System.Runtime.CompilerServices;

namespace MidJourney.Journal;

/// <summary>Marks what runs for every line of a journal.</summary>
internal static class Hot
{
    /// <summary>
    /// Compiled well at once, because a process that makes one task has read the whole journal before the runtime would come to it.
    /// It is <c>AggressiveOptimization</c>, which .NET Framework has no name for, and need not have.
    /// </summary>
    public const MethodImplOptions Path = (MethodImplOptions)512;
}
