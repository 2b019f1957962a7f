using System.Management.Automation;
using System.Reflection;
using System.Runtime.ExceptionServices;
using MidJourney.Gateway;
using MidJourney.Journal;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>A cmdlet that uses a session.</summary>
public abstract class GatewayCmdlet : PumpedCmdlet
{
    private readonly HashSet<MJSession> _used = [];
    private MJSession? _session;
    private IGatewayObserver? _observer;
    private KeyGuard? _keys;
    private readonly HashSet<TaskJournal> _journals = [];
    private PipelineWork? _work;
    private bool _isComplete;

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

    private protected IEnumerable<MJSession> UsedSessions => _used;

    internal TimeProvider Time => (_session ?? Session ?? _used.FirstOrDefault() ?? SessionStore.Current)?.Client.Time ?? TimeProvider.System;

    /// <summary>How long no request has been answered, at the gateway that is silent for longest.</summary>
    internal TimeSpan Silence => _used.Select(s => s.Client.Silence.Duration).DefaultIfEmpty().Max();

    private protected override KeyGuard Keys => _keys ??= new KeyGuard(_session ?? Session ?? SessionStore.Current, [.. _used]);

    /// <summary>Whether the cmdlet still waits for the session.</summary>
    private protected virtual bool IsAwaited => false;

    /// <summary>Whether it still waits for this session, if there may be several.</summary>
    private protected virtual bool IsAwaitedAt(MJSession session) => IsAwaited;

    /// <summary>Whether a missing session is an error before any input.</summary>
    private protected virtual bool NeedsSessionAtOnce => true;

    /// <summary>What the pipeline has under way.</summary>
    internal PipelineWork Work => _work!;

    /// <summary>Created before any work starts, because preferences can only be read on the pipeline thread.</summary>
    internal IGatewayObserver Observer => _observer!;

    /// <summary>A dry run needs no session.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        TypeData.Tell();
        _work = PipelineWork.Join();
        AtEnd(Leave);
        _observer = new PipelineObserver(this, IsOn("Verbose"), IsOn("Debug"));
        if (NeedsSessionAtOnce && !IsOn("WhatIf")) _session = Use(Resolve());
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        Complete();
        _isComplete = true;
    }

    /// <summary>The input has ended.</summary>
    private protected virtual void Complete()
    {
    }

    /// <summary>Adds to <see cref="Work"/> what the cmdlet could not complete.</summary>
    private protected virtual void Interrupt()
    {
    }

    /// <summary>Shows where things stand if the pipeline was interrupted. Only the host can show it: a stopped pipeline takes no more records.</summary>
    private void Leave()
    {
        try
        {
            if (!_isComplete) Interrupt();
            if (_work!.Leave(_isComplete, HasEnough) is { } line) Host.UI.WriteErrorLine(Keys.Redact(line));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The host is closing, or shows nothing.
        }
    }

    /// <summary>Whether a common switch or its preference variable is set.</summary>
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

    /// <summary>The journal and gateway of the session that would be used; needs no session or key.</summary>
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

    /// <summary>The session to read a task with: -Session, otherwise the one that the task belongs to.</summary>
    /// <exception cref="CommandException">The task belongs to another gateway, or no session connects to its gateway.</exception>
    internal MJSession SessionOf(MJTask task)
    {
        if (Session is not null) TaskAddress.Check(task, CurrentSession);
        // Without any session, CurrentSession reports the error.
        return Session is not null || TaskAddress.Of(task) is null ? CurrentSession : Use(SessionStore.Here.For(task));
    }

    /// <summary>
    /// Writes a task to the pipeline, and removes it from the session's Undelivered. If the write is interrupted the task stays there, because nothing
    /// may have received it; after Select-Object -First it was received.
    /// </summary>
    internal void Deliver(MJTask task, MJSession session)
    {
        // Before the write, during which a downstream cmdlet may add it.
        if (task.IsEnded()) session.Held.Remove(task.Id);
        else session.Held.Release(task.Id);
        try
        {
            WriteObject(task);
        }
        catch
        {
            if (!HasEnough) session.Held.Hold(task);
            throw;
        }
    }

    /// <summary>Called before a read error is written: explains it, and records a task that the gateway no longer has.</summary>
    internal virtual void Explain(MJTask task, GatewayException error)
    {
        var session = task.Owner.Session as MJSession ?? CurrentSession;
        if (error.Kind != GatewayErrorKind.TaskNotFound) return;
        Work.End(task, session);
        if (session.Client.Options.Journal is not { } journal) return;
        _journals.Add(journal);
        // It may have been billed before the account had a name.
        var client = session.Client;
        _ = journal.RecordGoneAsync(task.Id, session.BaseUri, task.Account is not null && task.Account == client.FingerprintOfKey ? task.Account : client.Account);
    }

    /// <summary>Records the end of a task in the journal, unless it was read from there.</summary>
    internal void RecordEnd(MJTask task)
    {
        var session = task.Owner.Session as MJSession ?? CurrentSession;
        session.Recent.Note(task);
        if (task.IsEnded()) Work.End(task, session);
        if (!task.IsEnded() || task.Raw is null || session.Client.Options.Journal is not { } journal) return;
        _journals.Add(journal);
        journal.RecordEnded(task, session.BaseUri);
    }

    /// <summary>Flushes the journals before the pipeline, and perhaps the process, ends. Does not wait long for a locked file.</summary>
    internal void FlushJournals()
    {
        foreach (var journal in _journals) Await(async stopping => await journal.FlushAsync(Observer, stopping).ConfigureAwait(false));
        DrainReady();
    }

    /// <summary>If the session is removed, the pipeline ends as well, whatever it waits for.</summary>
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
        if (IsAwaitedAt(session)) ThrowTerminatingError(ErrorCatalog.Record(new CommandException(ErrorIds.SessionEnded, Messages.SessionRemovedInUse()), null));
    }

    private MJSession Resolve()
    {
        try
        {
            var session = Session ?? SessionStore.Require();
            return session.IsOpen ? session : throw new CommandException(ErrorIds.SessionEnded, Messages.SessionRemoved());
        }
        catch (CommandException e)
        {
            ThrowTerminatingError(ErrorCatalog.Record(e, null));
            throw;
        }
    }
}

/// <summary>Writes what the client reports to the verbose, debug and warning streams.</summary>
internal sealed class PipelineObserver(PumpedCmdlet cmdlet, bool isVerbose, bool isDebug) : IGatewayObserver
{
    public bool WantsRequests => isVerbose;

    public bool WantsDetails => isDebug;

    public void Note(string line)
    {
        if (isVerbose) cmdlet.TrySend(() => cmdlet.WriteVerbose(line));
    }

    public void Detail(string line) => cmdlet.TrySend(() => cmdlet.WriteDebug(line));

    // A warning must not be lost, but the client must not wait for it.
    public void Warn(string line) => _ = cmdlet.SendAsync(() => cmdlet.WriteWarning(line)).AsTask();
}

/// <summary>
/// Determines why a write to the pipeline was interrupted. After Select-Object -First it throws the same exception as after a fault, but the object was
/// received. Only a private field of the engine distinguishes them; without it the object counts as not delivered, which loses nothing.
/// </summary>
internal static class DownstreamEnd
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>Whether a downstream cmdlet needs no more objects.</summary>
    public static bool HasEnough(ICommandRuntime runtime)
    {
        var pipeline = runtime.GetType().GetProperty("PipelineProcessor", Hidden)?.GetValue(runtime);
        var cause = pipeline?.GetType().GetField("_firstTerminatingError", Hidden)?.GetValue(pipeline);
        return (cause is ExceptionDispatchInfo info ? info.SourceException : cause)?.GetType().Name == "StopUpstreamCommandsException";
    }
}
