namespace MidJourney;

/// <summary>Tells an address that others can reach by http or https.</summary>
internal static class WebAddress
{
    // Uri would leave out a line break or encode it, so that another address would be called than the one given.
    public static bool IsOne(string text) =>
        !text.Any(char.IsControl) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0;
}
