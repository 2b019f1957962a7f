namespace MidJourney;

/// <summary>Hexadecimal digits in bytes.</summary>
internal static class Hex
{
    /// <summary>0 to 15; -1 for what is no digit.</summary>
    public static int ValueOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
