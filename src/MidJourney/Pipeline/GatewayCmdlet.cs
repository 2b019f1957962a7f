using System.Management.Automation;

namespace MidJourney;

/// <summary>A cmdlet that talks to the gateway through a session.</summary>
public abstract class GatewayCmdlet : PumpedCmdlet
{
    private MJSession? _session;
    private IGatewayObserver? _observer;
    private KeyGuard? _keys;
    private bool _hasNoted;

    internal GatewayCmdlet()
    {
    }

    /// <summary>The session to use; without it, the runspace's default one, made from the environment if need be.</summary>
    [Parameter]
    [SessionArgument]
    [ValidateNotNull]
    public MJSession? Session { get; set; }

    internal GatewayClient Client => CurrentSession.Client;

    internal MJSession CurrentSession => _session ?? Use(Resolve());

    private protected override KeyGuard Keys => _keys ??= new KeyGuard(_session ?? Session ?? SessionStore.Current);

    /// <summary>Whether something of the session's is still waited for.</summary>
    private protected virtual bool IsAwaited => false;

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
        if (NeedsSessionAtOnce && !IsOn("WhatIf")) Use(Resolve());
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

    /// <summary>Says what may be behind an error of a task that was asked for, before the error itself; a task that is gone is written down.</summary>
    internal virtual void Explain(string id, GatewayException error)
    {
        if (error.Kind != GatewayErrorKind.TaskNotFound || Client.Options.Journal is not { } journal) return;
        _hasNoted = true;
        _ = journal.NoteGoneAsync(id, CurrentSession.BaseUri, Client.Account);
    }

    /// <summary>Writes down how a task ended, unless that was read from there.</summary>
    internal void NoteEnd(MJTask task)
    {
        CurrentSession.Recent.Note(task);
        if (!task.IsEnded() || task.Raw is null || Client.Options.Journal is not { } journal) return;
        _hasNoted = true;
        journal.NoteEnded(task, CurrentSession.BaseUri);
    }

    /// <summary>Sees to it that what was written down is in the file before the pipeline, and perhaps the process, ends; a file that is held by others is not waited for long.</summary>
    internal void NoteAll()
    {
        if (!_hasNoted || Client.Options.Journal is not { } journal) return;
        Await(async stopping => await journal.FlushAsync(Observer, stopping).ConfigureAwait(false));
        DrainReady();
    }

    /// <summary>Whoever removes the session ends the pipeline as well, whatever it waits for: a pause, a read, an answer.</summary>
    private MJSession Use(MJSession session)
    {
        _session = session;
        _keys = null;
        var watch = session.Ended.Register(() =>
        {
            if (!TrySend(EndWithSession)) _ = SendAsync(EndWithSession).AsTask();
        });
        AtEnd(watch.Dispose);
        return session;
    }

    private void EndWithSession()
    {
        if (IsAwaited) ThrowTerminatingError(ErrorCatalog.Record(new CommandException(ErrorIds.SessionEnded, CommandMessages.SessionRemovedInUse()), null));
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
