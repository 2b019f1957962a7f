namespace MidJourney;

/// <summary>What came of writing lines to the end of the journal's file.</summary>
/// <param name="Before">The file's length before.</param>
/// <param name="After">Where its whole lines end now.</param>
/// <param name="Count">Bytes of the given lines that are there, whole lines alone.</param>
/// <param name="Fault">Why that is not all; null when it is.</param>
internal readonly record struct JournalWritten(long Before, long After, int Count, Exception? Fault);
