namespace MidJourney;

/// <summary>The metadata inside a PNG that this module put there.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Stamp">What it says of the file.</param>
/// <param name="IsWhole">Whether the file is as long as it must be.</param>
internal sealed record PngBlock(long Start, long Length, OutputStamp Stamp, bool IsWhole);
