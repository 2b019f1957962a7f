namespace MidJourney;

/// <summary>Tells an address that others can reach by http or https.</summary>
internal static class WebAddress
{
    public static bool IsOne(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0;
}
