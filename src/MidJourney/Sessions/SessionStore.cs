using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using MidJourney.Journal;

namespace MidJourney.Sessions;

/// <summary>The sessions of each runspace.</summary>
internal static class SessionStore
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceSessions> Runspaces = new();

    /// <summary>The sessions of the current runspace.</summary>
    public static RunspaceSessions Here => Runspaces.GetOrCreateValue(Runspace.DefaultRunspace);

    /// <summary>The default session of the current runspace; null for none.</summary>
    public static MJSession? Current => Here.Default;

    public static void Set(MJSession session) => Here.SetDefault(session);

    /// <summary>The default session, which is created from the environment if that has a key.</summary>
    public static MJSession Require() => Here.Require();
}

/// <summary>
/// The sessions of one runspace: its default, and all others that were opened in it and not removed. It holds them, because nothing else may know
/// their undelivered tasks. A session from the environment follows changes of the environment. Thread-safe.
/// </summary>
internal sealed class RunspaceSessions
{
    private readonly List<MJSession> _opened = [];
    private MJSession? _default;
    private MJSession? _environmentSession;

    /// <summary>The environment values that this session was created from, except the key.</summary>
    private string? _environment;

    public MJSession? Default
    {
        get { lock (_opened) return _default is { IsOpen: true } session ? session : null; }
    }

    /// <summary>Every open session, the default one first, then the newest.</summary>
    public IReadOnlyList<MJSession> All
    {
        get
        {
            lock (_opened) return [.. Enumerable.Reverse(_opened).Prepend(_default).OfType<MJSession>().Where(s => s.IsOpen).Distinct()];
        }
    }

    private bool HasOwnDefault => _default is { IsOpen: true } && _default != _environmentSession;

    public void SetDefault(MJSession session)
    {
        lock (_opened)
        {
            _default = Remember(session);
            _environmentSession = null;
        }
    }

    /// <summary>The default session, which is created from the environment if that has a key.</summary>
    public MJSession Require()
    {
        lock (_opened) return HasOwnDefault ? _default! : _default = FromEnvironment();
    }

    /// <summary>
    /// The session to read a task with: the one that it came from, otherwise one that connects to its gateway, preferably of its account. A task is never
    /// read at another gateway. A task without an address is read with the default session.
    /// </summary>
    public MJSession For(MJTask task)
    {
        if (TaskAddress.Of(task) is not { } address) return Require();
        lock (_opened)
        {
            // After a refusal, a session that was opened later is used instead.
            if (task.Owner.Session is MJSession { Latest: { IsOpen: true, IsRefused: false } owner }) return owner;
            if (!HasOwnDefault && EnvironmentConnectsTo(address)) _default = FromEnvironment();
            var fitting = All.Where(s => s.Address == address).ToList();
            var best = fitting.Where(s => !s.IsRefused).OrderByDescending(s => task.Account is not null && s.Account == task.Account).FirstOrDefault();
            if (best is null && EnvironmentConnectsTo(address)) best = FromEnvironment();
            return best ?? fitting.FirstOrDefault() ?? throw new CommandException(ErrorIds.NoSession, Messages.NoSessionFor(task, address)) { Advice = Messages.NoSessionForAdvice(address) };
        }
    }

    private static bool EnvironmentConnectsTo(string address)
    {
        if (SessionEnvironment.ApiKey is null) return false;
        try { return SubmissionKey.AddressOf(SessionFactory.EnvironmentAddress()) == address; }
        catch (CommandException) { return false; }
    }

    private MJSession FromEnvironment()
    {
        var key = SessionEnvironment.ApiKey ?? throw new CommandException(ErrorIds.NoSession, Messages.NoSession());
        var origin = string.Join("\n", SessionEnvironment.BaseUri, SessionEnvironment.JournalPath, SessionEnvironment.Account);
        if (_environmentSession is { IsOpen: true } known && _environment == origin && known.Client.Uses(key)) return known;
        var session = SessionFactory.FromEnvironment(key);
        if (_environmentSession is { IsOpen: true } former && former.Address == session.Address) session.Replace(former);
        _environment = origin;
        return _environmentSession = Remember(session);
    }

    private MJSession Remember(MJSession session)
    {
        _opened.RemoveAll(s => !s.IsOpen);
        _opened.Add(session);
        return session;
    }
}

/// <summary>The gateway that a task belongs to.</summary>
internal static class TaskAddress
{
    /// <summary>The address as sessions and the journal write it; null if the task has none.</summary>
    public static string? Of(MJTask task)
    {
        if (string.IsNullOrWhiteSpace(task.BaseUri)) return null;
        return Uri.TryCreate(task.BaseUri!.Trim(), UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.UserInfo.Length == 0
            ? SubmissionKey.AddressOf(address)
            : throw new CommandException(ErrorIds.InvalidTask, Messages.TaskAddressInvalid(task)) { Advice = Messages.TaskAddressInvalidAdvice() };
    }

    /// <exception cref="CommandException">The task belongs to another gateway than the session.</exception>
    public static void Check(MJTask task, MJSession session)
    {
        if (Of(task) is { } address && address != session.Address)
            throw new CommandException(ErrorIds.InvalidTask, Messages.TaskOfOtherGateway(task, address, session.Address)) { Advice = Messages.TaskOfOtherGatewayAdvice(address) };
    }
}
