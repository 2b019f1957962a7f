using System.Globalization;

namespace MidJourney.Emulator;

/// <summary>A part of a file; no length means that the part lies outside it.</summary>
internal readonly record struct ByteRange(int Start, int Length)
{
    /// <summary>False for no range, for several, and for what is no range: the whole file is then the answer.</summary>
    public static bool TryParse(string? header, int fileLength, out ByteRange range)
    {
        range = default;
        const string unit = "bytes=";
        if (header is null || !header.StartsWith(unit, StringComparison.OrdinalIgnoreCase))
            return false;
        string[] ends = header[unit.Length..].Trim().Split('-');
        if (ends.Length != 2)
            return false;
        if (ends[0].Length == 0)
        {
            if (!TryNumber(ends[1], out int last))
                return false;
            range = new ByteRange(Math.Max(0, fileLength - last), Math.Min(last, fileLength));
            return true;
        }
        int end = fileLength - 1;
        if (!TryNumber(ends[0], out int start) || (ends[1].Length > 0 && !TryNumber(ends[1], out end)) || (ends[1].Length > 0 && end < start))
            return false;
        range = start >= fileLength ? default : new ByteRange(start, Math.Min(end, fileLength - 1) - start + 1);
        return true;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
