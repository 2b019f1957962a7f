using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using MidJourney.Journal;

namespace MidJourney.Sessions;

/// <summary>The sessions of each runspace.</summary>
internal static class SessionStore
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceSessions> Runspaces = new();

    /// <summary>Those of the running runspace.</summary>
    public static RunspaceSessions Here => Runspaces.GetOrCreateValue(Runspace.DefaultRunspace);

    /// <summary>The default session of the running runspace; null when there is none.</summary>
    public static MJSession? Current => Here.Default;

    /// <summary>Makes a session the default.</summary>
    public static void Set(MJSession session) => Here.SetDefault(session);

    /// <summary>The default session, made from the environment where that holds a key.</summary>
    /// <exception cref="CommandException">There is neither.</exception>
    public static MJSession Require() => Here.Require();
}

/// <summary>
/// The sessions of one runspace: its default, and all that were opened in it and not removed. It keeps them, because what one of them did not deliver
/// may be known to nobody else. A session made from the environment follows the environment. Safe for use by many threads.
/// </summary>
internal sealed class RunspaceSessions
{
    private readonly List<MJSession> _opened = [];
    private MJSession? _default;
    private MJSession? _ofEnvironment;

    /// <summary>What of the environment that session was made of, but for the key.</summary>
    private string? _origin;

    /// <summary>The default session; null when there is none.</summary>
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

    private bool HasOwnDefault => _default is { IsOpen: true } && _default != _ofEnvironment;

    /// <summary>Makes a session the default.</summary>
    public void SetDefault(MJSession session)
    {
        lock (_opened)
        {
            _default = Remember(session);
            _ofEnvironment = null;
        }
    }

    /// <summary>The default session, made from the environment where that holds a key.</summary>
    /// <exception cref="CommandException">There is neither.</exception>
    public MJSession Require()
    {
        lock (_opened) return HasOwnDefault ? _default! : _default = OfEnvironment();
    }

    /// <summary>
    /// The session at which a task is read: the one it came from; else one that leads to its gateway, of its account where there is a choice. It is never
    /// read at another gateway. A task that does not say where it belongs is read at the default session.
    /// </summary>
    /// <exception cref="CommandException">There is none.</exception>
    public MJSession For(MJTask task)
    {
        if (TaskAddress.Of(task) is not { } address) return Require();
        lock (_opened)
        {
            // A session that is opened after the key was refused is the one to use.
            if (task.Owner.Session is MJSession { Latest: { IsOpen: true, IsRefused: false } owner }) return owner;
            if (!HasOwnDefault && EnvironmentLeadsTo(address)) _default = OfEnvironment();
            var fitting = All.Where(s => s.Address == address).ToList();
            var best = fitting.Where(s => !s.IsRefused).OrderByDescending(s => task.Account is not null && s.Account == task.Account).FirstOrDefault();
            if (best is null && EnvironmentLeadsTo(address)) best = OfEnvironment();
            return best ?? fitting.FirstOrDefault() ?? throw new CommandException(ErrorIds.NoSession, Messages.NoSessionFor(task, address)) { Advice = Messages.NoSessionForAdvice(address) };
        }
    }

    private static bool EnvironmentLeadsTo(string address)
    {
        if (SessionEnvironment.ApiKey is null) return false;
        try { return SubmissionKey.AddressOf(SessionFactory.EnvironmentAddress()) == address; }
        catch (CommandException) { return false; }
    }

    private MJSession OfEnvironment()
    {
        var key = SessionEnvironment.ApiKey ?? throw new CommandException(ErrorIds.NoSession, Messages.NoSession());
        var origin = string.Join("\n", SessionEnvironment.BaseUri, SessionEnvironment.JournalPath, SessionEnvironment.Account);
        if (_ofEnvironment is { IsOpen: true } known && _origin == origin && known.Client.Uses(key)) return known;
        var session = SessionFactory.FromEnvironment(key);
        if (_ofEnvironment is { IsOpen: true } former && former.Address == session.Address) session.Replace(former);
        _origin = origin;
        return _ofEnvironment = Remember(session);
    }

    private MJSession Remember(MJSession session)
    {
        _opened.RemoveAll(s => !s.IsOpen);
        _opened.Add(session);
        return session;
    }
}

/// <summary>Where a task says that it belongs.</summary>
internal static class TaskAddress
{
    /// <summary>The gateway's address as sessions and the journal write it; null where the task does not say.</summary>
    /// <exception cref="CommandException">What it says is no address of a gateway.</exception>
    public static string? Of(MJTask task)
    {
        if (string.IsNullOrWhiteSpace(task.BaseUri)) return null;
        return Uri.TryCreate(task.BaseUri!.Trim(), UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.UserInfo.Length == 0
            ? SubmissionKey.AddressOf(address)
            : throw new CommandException(ErrorIds.InvalidTask, Messages.TaskAddressInvalid(task)) { Advice = Messages.TaskAddressInvalidAdvice() };
    }

    /// <summary>Checks that a task is not of another gateway than the session that was given for it.</summary>
    /// <exception cref="CommandException">It is.</exception>
    public static void Check(MJTask task, MJSession session)
    {
        if (Of(task) is { } address && address != session.Address)
            throw new CommandException(ErrorIds.InvalidTask, Messages.TaskOfOtherGateway(task, address, session.Address)) { Advice = Messages.TaskOfOtherGatewayAdvice(address) };
    }
}
