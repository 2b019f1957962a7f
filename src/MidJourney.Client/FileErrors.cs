namespace MidJourney;

/// <summary>Tells exceptions about a file from others.</summary>
internal static class FileErrors
{
    // .NET reports a file that would exceed the system's limit (EFBIG) as an argument out of range.
    public static bool Is(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException or ArgumentOutOfRangeException;
}
