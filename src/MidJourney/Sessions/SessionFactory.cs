using System.Net;
using System.Security;
using MidJourney.Downloads;
using MidJourney.Gateway;
using MidJourney.Journal;
using MidJourney.Parameters;

namespace MidJourney.Sessions;

/// <summary>Makes sessions after checking what they are made of.</summary>
internal static class SessionFactory
{
    private const int MostInAccount = 64;

    /// <exception cref="CommandException">The key cannot be used, or is in the account's name.</exception>
    public static MJSession Create(SecureString apiKey, GatewayOptions options)
    {
        MJSession session;
        var journal = Journals.Use(options.Journal!);
        try { session = new MJSession(apiKey, options with { Journal = journal }); }
        catch (ArgumentException e)
        {
            Journals.Leave(journal);
            throw new CommandException(ErrorIds.InvalidApiKey, e.Message);
        }
        journal.LoadInBackground();
        if (options.Account is null || !new KeyGuard(session).IsIn(options.Account)) return session;
        session.Dispose();
        throw new CommandException(ErrorIds.Of(GatewayErrorKind.InvalidParameter), Messages.ContainsApiKey(nameof(MJSession.Account)));
    }

    /// <summary>The name of an account, without spaces around it: the one that is given, or the environment's; null for none.</summary>
    /// <param name="given">The parameter's value; null where it is not there.</param>
    /// <exception cref="CommandException">It cannot be the name of one.</exception>
    public static string? Account(string? given)
    {
        var (name, source) = given is null ? (SessionEnvironment.Account, SessionEnvironment.AccountVariable) : (given.Trim(), "-" + nameof(MJSession.Account));
        if (name is null) return null;
        return name.Length > 0 && ParameterText.Characters(name) is <= MostInAccount && SafeText.IsPrintable(name) && !ParameterText.HasInvisible(name) ? name
            : throw new CommandException(ErrorIds.Of(GatewayErrorKind.InvalidParameter), Messages.AccountInvalid(source, MostInAccount));
    }

    /// <exception cref="CommandException">The key or the address cannot be used.</exception>
    public static MJSession FromEnvironment(string apiKey)
    {
        var address = EnvironmentAddress();
        CheckAddress(address, allowInsecure: false);
        return Create(new NetworkCredential("", apiKey).SecurePassword, new GatewayOptions { BaseUri = address, Account = Account(null), Journal = Journal(), IsJournalRequired = IsJournalNamed });
    }

    /// <summary>The journal that the environment names, or the user's own; null for a user without a home.</summary>
    /// <exception cref="CommandException">The environment names no path.</exception>
    public static TaskJournal Journal()
    {
        var path = SessionEnvironment.JournalPath;
        if (path is not null && !Path.IsPathRooted(path))
            throw new CommandException(ErrorIds.InvalidJournalPath, Messages.JournalVariableNotAbsolute(SessionEnvironment.JournalVariable));
        return (path ?? JournalLocation.Default) is { } file ? JournalAt(file) : TaskJournal.InMemory(Messages.NoHomeFolder());
    }

    /// <summary>Whether the environment names the journal, so that it is an error if it cannot be used.</summary>
    public static bool IsJournalNamed => SessionEnvironment.JournalPath is not null;

    /// <exception cref="CommandException">It is no path.</exception>
    public static TaskJournal JournalAt(string path)
    {
        try
        {
            // A path that ends in a separator names a folder, whether it is there or not.
            if (Path.GetFileName(path).Length == 0) throw new CommandException(ErrorIds.InvalidJournalPath, Messages.InvalidJournalPath(path));
            var journal = Journals.At(path);
            journal.Check();
            return journal;
        }
        catch (IOException e) when (e is not PathTooLongException)
        {
            throw new CommandException(ErrorIds.InvalidJournalPath, Messages.InvalidJournalPath(path), e);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or PathTooLongException)
        {
            throw new CommandException(ErrorIds.InvalidJournalPath, Messages.InvalidJournalPath(path), e);
        }
    }

    /// <summary>The environment's address, or the provider's own.</summary>
    public static Uri EnvironmentAddress() => SessionEnvironment.BaseUri switch
    {
        "" => GatewayOptions.DefaultBaseUri,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var uri) => uri,
        _ => throw new CommandException(ErrorIds.InvalidBaseUri, Messages.BaseUriVariableNotHttp(SessionEnvironment.BaseUriVariable)),
    };

    /// <exception cref="CommandException">The address cannot be used, or would send the key in the clear.</exception>
    public static void CheckAddress(Uri address, bool allowInsecure)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new CommandException(ErrorIds.InvalidBaseUri, Messages.BaseUriNotHttp());
        if (address.UserInfo.Length > 0)
            throw new CommandException(ErrorIds.InvalidBaseUri, Messages.BaseUriHasUser());
        if (address.Query.Length > 0 || address.Fragment.Length > 0)
            throw new CommandException(ErrorIds.InvalidBaseUri, Messages.BaseUriHasQuery());
        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !allowInsecure)
            throw new CommandException(ErrorIds.InsecureEndpoint, Messages.BaseUriInsecure(address));
    }
}

/// <summary>The environment variables that a session can come from.</summary>
internal static class SessionEnvironment
{
    public const string KeyVariable = "MIDJOURNEY_API_KEY";
    public const string OtherKeyVariable = "VTRIX_API_KEY";
    public const string BaseUriVariable = "MIDJOURNEY_BASE_URI";

    public const string JournalVariable = "MIDJOURNEY_JOURNAL_PATH";

    public const string AccountVariable = "MIDJOURNEY_ACCOUNT";

    /// <summary>The key, trimmed; null when there is none.</summary>
    public static string? ApiKey => Read(KeyVariable) ?? Read(OtherKeyVariable);

    /// <summary>The base URI's text; empty when there is none.</summary>
    public static string BaseUri => Read(BaseUriVariable) ?? "";

    /// <summary>The journal's file as the environment names it; null when it does not.</summary>
    public static string? JournalPath => Read(JournalVariable);

    /// <summary>The account's name, trimmed; null when there is none.</summary>
    public static string? Account => Read(AccountVariable);

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}

/// <summary>The journals of open sessions: one for each file, however its path is spelt, so that all who use it know the same.</summary>
internal static class Journals
{
    private static readonly Dictionary<string, (TaskJournal Journal, int Sessions)> Used =
        new(Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>The journal of a file: that of the sessions that use it, or one that nobody uses yet.</summary>
    public static TaskJournal At(string path)
    {
        var file = new JournalFile(Path.GetFullPath(path));
        lock (Used) return Used.TryGetValue(file.RealPath, out var used) ? used.Journal : new TaskJournal(file);
    }

    /// <summary>A session begins to use a journal.</summary>
    /// <returns>The one that other sessions use for the same file, if there is one.</returns>
    public static TaskJournal Use(TaskJournal journal)
    {
        if (journal.RealPath is not { } path) return journal;
        lock (Used)
        {
            var used = Used.TryGetValue(path, out var known) ? known : (Journal: journal, Sessions: 0);
            Used[path] = (used.Journal, used.Sessions + 1);
            return used.Journal;
        }
    }

    /// <summary>A session has ended. After the last one, what only memory knows of the file is forgotten.</summary>
    public static void Leave(TaskJournal journal)
    {
        if (journal.RealPath is not { } path) return;
        lock (Used)
        {
            if (!Used.TryGetValue(path, out var used)) return;
            if (used.Sessions > 1) Used[path] = (used.Journal, used.Sessions - 1);
            else Used.Remove(path);
        }
    }
}

/// <summary>The connections to where results are: a session's, and for those who have none the process's.</summary>
internal static class FileConnections
{
    /// <summary>To one host; how many a cmdlet uses at once, it sees to itself.</summary>
    public const int Most = 128;

    private static readonly OutputDownloader Shared = new(proxy: null, Most);

    /// <summary>What a session downloads with, or what stands for it. Each use is ended by disposing it.</summary>
    public static OutputDownloader Use(MJSession? session)
    {
        if (session is not null && session.Files.TryUse()) return session.Files;
        // Nobody ever ends the use that made it.
        Shared.TryUse();
        return Shared;
    }
}
