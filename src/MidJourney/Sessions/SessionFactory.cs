using System.Net;
using System.Security;
using MidJourney.Downloads;
using MidJourney.Gateway;
using MidJourney.Journal;
using MidJourney.Json;
using MidJourney.Parameters;
using MidJourney.Pricing;

namespace MidJourney.Sessions;

/// <summary>Validates the settings of a session and creates it.</summary>
internal static class SessionFactory
{
    private const int MaxAccountLength = 64;

    /// <exception cref="CommandException">The key is invalid, or the account's name contains it.</exception>
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
        journal.LoadInBackground(withPrices: options.Budget is not null);
        if (options.Account is null || !new KeyGuard(session).IsIn(options.Account)) return session;
        session.Dispose();
        throw new CommandException(ErrorIds.Of(GatewayErrorKind.InvalidParameter), Messages.ContainsApiKey(nameof(MJSession.Account)));
    }

    /// <summary>The account's name, trimmed: from the parameter, otherwise from the environment; null for none.</summary>
    public static string? Account(string? given)
    {
        var (name, source) = given is null ? (SessionEnvironment.Account, SessionEnvironment.AccountVariable) : (given.Trim(), "-" + nameof(MJSession.Account));
        if (name is null) return null;
        return name.Length > 0 && ParameterText.Characters(name) is <= MaxAccountLength && SafeText.IsPrintable(name) && !ParameterText.HasInvisible(name) ? name
            : throw new CommandException(ErrorIds.Of(GatewayErrorKind.InvalidParameter), Messages.AccountInvalid(source, MaxAccountLength));
    }

    /// <summary>The limit on what a session may spend; null for none.</summary>
    /// <exception cref="CommandException">An amount is out of range, or one is missing.</exception>
    public static Budget? Budget(decimal? maxCost, decimal? assumedCost)
    {
        if (maxCost is null && assumedCost is null) return null;
        if (maxCost is not { } max) throw Invalid(Messages.MaxCostMissing());
        if (WirePrice.Check(max) is null) throw Invalid(Messages.MaxCostInvalid());
        if (assumedCost is not null && WirePrice.Check(assumedCost) is not > 0) throw Invalid(Messages.AssumedCostInvalid());
        return new Budget(max, assumedCost);

        static CommandException Invalid(string message) => new(ErrorIds.Of(GatewayErrorKind.InvalidParameter), message);
    }

    /// <exception cref="CommandException">The key or the address is invalid.</exception>
    public static MJSession FromEnvironment(string apiKey)
    {
        var address = EnvironmentAddress();
        CheckAddress(address, allowInsecure: false);
        return Create(new NetworkCredential("", apiKey).SecurePassword, new GatewayOptions { BaseUri = address, KeySource = SessionEnvironment.KeySource, Account = Account(null), Journal = Journal(), IsJournalRequired = IsJournalNamed });
    }

    /// <summary>What a session from the environment would use. It needs no key.</summary>
    /// <exception cref="CommandException">A value of the environment is invalid.</exception>
    public static MJSession NeverOpened()
    {
        var address = EnvironmentAddress();
        CheckAddress(address, allowInsecure: true);
        return new MJSession(new GatewayOptions { BaseUri = address, Account = Account(null), Journal = Journal() });
    }

    /// <summary>The journal from the environment, otherwise the user's; in memory for a user without a home folder.</summary>
    public static TaskJournal Journal()
    {
        var path = SessionEnvironment.JournalPath;
        if (path is not null && !Path.IsPathRooted(path))
            throw new CommandException(ErrorIds.InvalidJournalPath, Messages.JournalVariableNotAbsolute(SessionEnvironment.JournalVariable));
        return (path ?? JournalLocation.Default) is { } file ? JournalAt(file) : TaskJournal.InMemory(Messages.NoHomeFolder());
    }

    /// <summary>Whether the environment specifies the journal, so that it must work.</summary>
    public static bool IsJournalNamed => SessionEnvironment.JournalPath is not null;

    /// <exception cref="CommandException">The path is invalid.</exception>
    public static TaskJournal JournalAt(string path)
    {
        try
        {
            // A path that ends in a separator is a folder, whether it exists or not.
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

    /// <summary>The environment's address, otherwise the provider's.</summary>
    public static Uri EnvironmentAddress() => SessionEnvironment.BaseUri switch
    {
        "" => GatewayOptions.DefaultBaseUri,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var uri) => uri,
        _ => throw new CommandException(ErrorIds.InvalidBaseUri, Messages.BaseUriVariableNotHttp(SessionEnvironment.BaseUriVariable)),
    };

    /// <exception cref="CommandException">The address is invalid, or would send the key in clear text.</exception>
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

/// <summary>The environment variables that configure a session. Values are trimmed; empty ones count as missing.</summary>
internal static class SessionEnvironment
{
    public const string KeyVariable = "MIDJOURNEY_API_KEY";
    public const string OtherKeyVariable = "VTRIX_API_KEY";
    public const string BaseUriVariable = "MIDJOURNEY_BASE_URI";

    public const string JournalVariable = "MIDJOURNEY_JOURNAL_PATH";

    public const string AccountVariable = "MIDJOURNEY_ACCOUNT";

    public static string? ApiKey => Read(KeyVariable) ?? Read(OtherKeyVariable);

    /// <summary>The variable that the key comes from, as a user types it.</summary>
    public static string KeySource => "$env:" + (Read(KeyVariable) is null ? OtherKeyVariable : KeyVariable);

    public static string BaseUri => Read(BaseUriVariable) ?? "";

    public static string? JournalPath => Read(JournalVariable);

    public static string? Account => Read(AccountVariable);

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}

/// <summary>The journals of open sessions: one per file, however its path is spelled, so that all sessions know the same.</summary>
internal static class Journals
{
    private static readonly Dictionary<string, (TaskJournal Journal, int Sessions)> Used =
        new(Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>The journal of a file, shared with the sessions that use it.</summary>
    public static TaskJournal At(string path)
    {
        var file = new JournalFile(Path.GetFullPath(path));
        lock (Used) return Used.TryGetValue(file.RealPath, out var used) ? used.Journal : new TaskJournal(file);
    }

    /// <summary>A session starts to use a journal.</summary>
    /// <returns>The journal that other sessions already use for the same file, if any.</returns>
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

    /// <summary>A session has ended. After the last one the journal is released.</summary>
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

/// <summary>The connections for downloads: the session's, or the process's if there is no session.</summary>
internal static class FileConnections
{
    /// <summary>Per host; each cmdlet has its own, lower limit.</summary>
    public const int Max = 128;

    private static readonly OutputDownloader Shared = new(proxy: null, Max);

    /// <summary>The downloader to use; dispose it to end the use.</summary>
    public static OutputDownloader Use(MJSession? session)
    {
        if (session is not null && session.Files.TryUse()) return session.Files;
        // The first use never ends, so that it stays open.
        Shared.TryUse();
        return Shared;
    }
}
