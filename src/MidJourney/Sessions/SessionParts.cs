using MidJourney.Gateway;
using MidJourney.Journal;

namespace MidJourney.Sessions;

/// <summary>The parts of a session, each with its own problem: those of an open session, which have none, or what the environment specifies.</summary>
internal sealed class SessionParts : IDisposable
{
    private readonly GatewayClient? _own;

    /// <summary>The parts of an open session.</summary>
    public SessionParts(MJSession session)
    {
        (Address, Client, Journal) = (session.BaseUri, session.Client, session.Client.Options.Journal);
    }

    /// <summary>What the environment specifies.</summary>
    public SessionParts()
    {
        Address = Part(ReadAddress, out var addressProblem);
        Journal = Part(SessionFactory.Journal, out var journalProblem);
        var key = Part(ReadKey, out var keyProblem);
        var account = Part(() => ReadAccount(key), out var accountProblem);
        (AddressProblem, JournalProblem, KeyProblem, HasKey) = (addressProblem, journalProblem, keyProblem ?? accountProblem, key is not null);
        // Without a key, none is sent.
        var options = new GatewayOptions { BaseUri = Address ?? GatewayOptions.DefaultBaseUri, KeySource = SessionEnvironment.KeySource, Account = account };
        if (Address is not null) Client = _own = new GatewayClient(key ?? Guid.NewGuid().ToString("N"), options);
    }

    /// <summary>Null if it is not valid.</summary>
    public Uri? Address { get; }

    public CommandException? AddressProblem { get; }

    /// <summary>Null if its path is not valid.</summary>
    public TaskJournal? Journal { get; }

    public CommandException? JournalProblem { get; }

    public CommandException? KeyProblem { get; }

    public bool HasKey { get; } = true;

    /// <summary>Null if there is no valid address.</summary>
    public GatewayClient? Client { get; }

    public void Dispose() => _own?.Dispose();

    private static Uri ReadAddress()
    {
        var address = SessionFactory.EnvironmentAddress();
        SessionFactory.CheckAddress(address, allowInsecure: false);
        return address;
    }

    private static string ReadKey()
    {
        var key = SessionEnvironment.ApiKey ?? throw new CommandException(ErrorIds.NoSession, Messages.NoSession());
        try { return ApiKey.Check(key, SessionEnvironment.KeySource); }
        catch (ArgumentException e) { throw new CommandException(ErrorIds.InvalidApiKey, e.Message); }
    }

    private static string? ReadAccount(string? key)
    {
        var account = SessionFactory.Account(null);
        return account is null || key is null || !ApiKey.IsIn(key, account) ? account
            : throw new CommandException(ErrorIds.Of(GatewayErrorKind.InvalidParameter), Messages.AccountContainsKey("$env:" + SessionEnvironment.AccountVariable))
            { Advice = Messages.AccountContainsKeyAction("$env:" + SessionEnvironment.AccountVariable) };
    }

    private static T? Part<T>(Func<T?> read, out CommandException? problem) where T : class
    {
        problem = null;
        try { return read(); }
        catch (CommandException e)
        {
            problem = e;
            return null;
        }
    }
}
