using System.Net;
using System.Security;

namespace MidJourney;

/// <summary>Makes sessions after checking what they are made of.</summary>
internal static class SessionFactory
{
    /// <exception cref="CommandException">The key or the address cannot be used.</exception>
    public static MJSession Create(SecureString apiKey, GatewayOptions options)
    {
        try { return new MJSession(apiKey, options); }
        catch (ArgumentException e) { throw new CommandException(ErrorIds.InvalidApiKey, e.Message); }
    }

    /// <exception cref="CommandException">The key or the address cannot be used.</exception>
    public static MJSession FromEnvironment(string apiKey)
    {
        var address = EnvironmentAddress();
        CheckAddress(address, allowInsecure: false);
        return Create(new NetworkCredential("", apiKey).SecurePassword, new GatewayOptions { BaseUri = address, Journal = Journal() });
    }

    /// <summary>The journal that the environment names, or the user's own; null for a user without a home.</summary>
    /// <exception cref="CommandException">The environment names no path.</exception>
    public static TaskJournal? Journal()
    {
        var path = SessionEnvironment.JournalPath;
        if (path is not null && !Path.IsPathRooted(path))
            throw new CommandException(ErrorIds.InvalidJournalPath, $"{SessionEnvironment.JournalVariable} is not an absolute path.");
        return (path ?? JournalLocation.Default) is { } file ? JournalAt(file) : null;
    }

    /// <exception cref="CommandException">It is no path.</exception>
    public static TaskJournal JournalAt(string path)
    {
        try { return new TaskJournal(path); }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or PathTooLongException)
        {
            throw new CommandException(ErrorIds.InvalidJournalPath, $"'{Shown.Of(path)}' is not the path of a file.", e);
        }
    }

    /// <summary>The environment's address, or the provider's own.</summary>
    public static Uri EnvironmentAddress() => SessionEnvironment.BaseUri switch
    {
        "" => GatewayOptions.DefaultBaseUri,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var uri) => uri,
        _ => throw new CommandException(ErrorIds.InvalidBaseUri, $"{SessionEnvironment.BaseUriVariable} is not an absolute http or https address."),
    };

    /// <exception cref="CommandException">The address cannot be used, or would send the key in the clear.</exception>
    public static void CheckAddress(Uri address, bool allowInsecure)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new CommandException(ErrorIds.InvalidBaseUri, "The base URI is not an absolute http or https address.");
        if (address.UserInfo.Length > 0)
            throw new CommandException(ErrorIds.InvalidBaseUri, "The base URI holds a user name or password, which would be shown wherever the address is.");
        if (address.Query.Length > 0 || address.Fragment.Length > 0)
            throw new CommandException(ErrorIds.InvalidBaseUri, "The base URI holds a query or a fragment; only a path may follow the host.");
        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !allowInsecure)
            throw new CommandException(ErrorIds.InsecureEndpoint, $"{address.GetLeftPart(UriPartial.Authority)} is plain http, so everybody on the way could read the API key.");
    }
}
