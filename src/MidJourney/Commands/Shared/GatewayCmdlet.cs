using System.Management.Automation;
using System.Reflection;
using System.Runtime.ExceptionServices;
using MidJourney.Gateway;
using MidJourney.Journal;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>A cmdlet that talks to the gateway through a session.</summary>
public abstract class GatewayCmdlet : PumpedCmdlet
{
    private readonly HashSet<MJSession> _used = [];
    private MJSession? _session;
    private IGatewayObserver? _observer;
    private KeyGuard? _keys;
    private readonly HashSet<TaskJournal> _noted = [];

    internal GatewayCmdlet()
    {
    }

    /// <summary>The session to use. The default is the runspace's default session, which is created from the environment if necessary.</summary>
    [Parameter]
    [SessionArgument]
    [ValidateNotNull]
    public MJSession? Session { get; set; }

    internal GatewayClient Client => CurrentSession.Client;

    internal MJSession CurrentSession => _session ??= Use(Resolve());

    /// <summary>Every session that was used so far.</summary>
    private protected IEnumerable<MJSession> UsedSessions => _used;

    private protected override KeyGuard Keys => _keys ??= new KeyGuard(_session ?? Session ?? SessionStore.Current, [.. _used]);

    /// <summary>Whether something of the session's is still waited for.</summary>
    private protected virtual bool IsAwaited => false;

    /// <summary>The same of one session, where there may be several.</summary>
    private protected virtual bool IsAwaitedAt(MJSession session) => IsAwaited;

    /// <summary>Whether a missing session is an error before there is any input.</summary>
    private protected virtual bool NeedsSessionAtOnce => true;

    /// <summary>Made before any work starts: preferences can be read on the pipeline thread alone.</summary>
    internal IGatewayObserver Observer => _observer!;

    /// <summary>A dry run needs no session, so it asks for none.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        TaskDepth.Tell();
        _observer = new PipelineObserver(this, IsOn("Verbose"), IsOn("Debug"));
        if (NeedsSessionAtOnce && !IsOn("WhatIf")) _session = Use(Resolve());
    }

    /// <summary>Whether a common switch is given, or its preference variable set.</summary>
    internal bool IsOn(string name)
    {
        if (MyInvocation.BoundParameters.TryGetValue(name, out var value)) return value is SwitchParameter { IsPresent: true };
        var preference = GetVariableValue(name + "Preference");
        return preference switch
        {
            null => false,
            bool on => on,
            SwitchParameter on => on.IsPresent,
            _ => LanguagePrimitives.TryConvertTo(preference, out ActionPreference action) && action is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore),
        };
    }

    /// <summary>The journal of the session that would be used, and its gateway; no session or key is needed for it.</summary>
    internal (TaskJournal Journal, Uri Address) FindJournal()
    {
        if ((_session ?? Session ?? SessionStore.Current) is { } session) return (session.Client.Options.Journal!, session.BaseUri);
        try
        {
            return (SessionFactory.Journal(), SessionFactory.EnvironmentAddress());
        }
        catch (CommandException e)
        {
            ThrowTerminatingError(ErrorCatalog.Record(e, null));
            throw;
        }
    }

    /// <summary>The session that a task is read at: the one that is given, or else the one that the task belongs to.</summary>
    /// <exception cref="CommandException">The task belongs to another gateway, or none of the sessions leads to its own.</exception>
    internal MJSession SessionOf(MJTask task)
    {
        if (Session is not null) TaskAddress.Check(task, CurrentSession);
        // Where there is no session at all, that is an error of the cmdlet.
        return Session is not null || TaskAddress.Of(task) is null ? CurrentSession : Use(SessionStore.Here.For(task));
    }

    /// <summary>
    /// Writes a task to the pipeline, so that its session need not hold it any longer. Where the pipeline is broken off meanwhile, it does, because nobody
    /// may have taken the task; Select-Object -First has.
    /// </summary>
    /// <param name="task">The task; one that has ended leaves the list, whatever else holds it.</param>
    /// <param name="session">The session.</param>
    internal void Deliver(MJTask task, MJSession session)
    {
        // Before it is written: a cmdlet downstream takes it in meanwhile.
        if (task.IsEnded()) session.Held.Remove(task.Id);
        else session.Held.Release(task.Id);
        try
        {
            WriteObject(task);
        }
        catch (Exception e) when (e is not PipelineStoppedException || !DownstreamEnd.HasEnough(CommandRuntime))
        {
            session.Held.Hold(task);
            throw;
        }
    }

    /// <summary>Says what may be behind an error of a task that was asked for, before the error itself; a task that is gone is written down.</summary>
    internal virtual void Explain(MJTask task, GatewayException error)
    {
        var session = task.Owner.Session as MJSession ?? CurrentSession;
        if (error.Kind != GatewayErrorKind.TaskNotFound || session.Client.Options.Journal is not { } journal) return;
        _noted.Add(journal);
        // The key may have paid for it before its account had a name.
        var client = session.Client;
        _ = journal.RecordGoneAsync(task.Id, session.BaseUri, task.Account is not null && task.Account == client.FingerprintOfKey ? task.Account : client.Account);
    }

    /// <summary>Writes down how a task ended, unless that was read from there.</summary>
    internal void NoteEnd(MJTask task)
    {
        var session = task.Owner.Session as MJSession ?? CurrentSession;
        session.Recent.Note(task);
        if (!task.IsEnded() || task.Raw is null || session.Client.Options.Journal is not { } journal) return;
        _noted.Add(journal);
        journal.RecordEnded(task, session.BaseUri);
    }

    /// <summary>Sees to it that what was written down is in the file before the pipeline, and perhaps the process, ends; a file that is held by others is not waited for long.</summary>
    internal void NoteAll()
    {
        foreach (var journal in _noted) Await(async stopping => await journal.FlushAsync(Observer, stopping).ConfigureAwait(false));
        DrainReady();
    }

    /// <summary>Whoever removes the session ends the pipeline as well, whatever it waits for: a pause, a read, an answer.</summary>
    private MJSession Use(MJSession session)
    {
        if (!_used.Add(session)) return session;
        _keys = null;
        Action end = () => EndWith(session);
        var watch = session.Ended.Register(() =>
        {
            if (!TrySend(end)) _ = SendAsync(end).AsTask();
        });
        AtEnd(watch.Dispose);
        return session;
    }

    private void EndWith(MJSession session)
    {
        if (IsAwaitedAt(session)) ThrowTerminatingError(ErrorCatalog.Record(new CommandException(ErrorIds.SessionEnded, CommandMessages.SessionRemovedInUse()), null));
    }

    private MJSession Resolve()
    {
        try
        {
            var session = Session ?? SessionStore.Require();
            return session.IsOpen ? session : throw new CommandException(ErrorIds.SessionEnded, CommandMessages.SessionRemoved());
        }
        catch (CommandException e)
        {
            ThrowTerminatingError(ErrorCatalog.Record(e, null));
            throw;
        }
    }
}

/// <summary>Brings what happens on the wire to the verbose, debug and warning streams of a cmdlet.</summary>
internal sealed class PipelineObserver(PumpedCmdlet cmdlet, bool isVerbose, bool isDebug) : IGatewayObserver
{
    public bool WantsRequests => isVerbose;

    public bool WantsDetails => isDebug;

    public void Note(string line)
    {
        if (isVerbose) cmdlet.TrySend(() => cmdlet.WriteVerbose(line));
    }

    public void Detail(string line) => cmdlet.TrySend(() => cmdlet.WriteDebug(line));

    // A warning is worth waiting for, but not for the work that gives it to wait.
    public void Warn(string line) => _ = cmdlet.SendAsync(() => cmdlet.WriteWarning(line)).AsTask();
}

/// <summary>
/// Tells why a write to the pipeline was broken off. After Select-Object -First it throws the same exception as after a fault, but the object has come
/// out. Only the engine's own note of the cause tells them apart; where that cannot be read, the object counts as not delivered, which loses nothing.
/// </summary>
internal static class DownstreamEnd
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>Whether a cmdlet downstream has all that it wants.</summary>
    public static bool HasEnough(ICommandRuntime runtime)
    {
        var pipeline = runtime.GetType().GetProperty("PipelineProcessor", Hidden)?.GetValue(runtime);
        var cause = pipeline?.GetType().GetField("_firstTerminatingError", Hidden)?.GetValue(pipeline);
        return (cause is ExceptionDispatchInfo info ? info.SourceException : cause)?.GetType().Name == "StopUpstreamCommandsException";
    }
}
