namespace MidJourney;

/// <summary>The addresses that a file may be had from.</summary>
public static class FileUrl
{
    /// <summary>Characters; signatures make addresses long, but not that long.</summary>
    private const int MostCharacters = 16 * 1024;

    /// <summary>The address of a file: absolute, of http or https, without a user and a password.</summary>
    /// <param name="text">What is to be one.</param>
    /// <returns>The address; null when the text is something else.</returns>
    public static Uri? TryParse(string? text) =>
        text is { Length: > 0 and <= MostCharacters } && Uri.TryCreate(text, UriKind.Absolute, out var url) && IsAllowed(url) ? url : null;

    /// <summary>Where a redirect leads; null when that is nowhere that a file may be had from.</summary>
    internal static Uri? Next(Uri from, Uri? location)
    {
        if (location is null || location.OriginalString.Length > MostCharacters) return null;
        try { return new Uri(from, location) is var next && IsAllowed(next) ? next : null; }
        catch (UriFormatException) { return null; }
    }

    private static bool IsAllowed(Uri url) =>
        (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.UserInfo.Length == 0 && url.Host.Length > 0;
}
