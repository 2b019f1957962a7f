using System.Management.Automation;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>
/// A cmdlet whose work runs beside the pipeline thread, which alone may write. What the work has to say comes through
/// one bounded channel as messages that the pipeline thread carries out, while input still arrives and after it.
/// </summary>
/// <remarks>
/// Ctrl+C calls StopProcessing, which only cancels. A downstream <c>break</c>, <c>Select-Object -First</c> or
/// <c>throw</c> does not: it comes as an exception out of a Write call, and then Dispose, so that cancels, too.
/// </remarks>
public abstract class PumpedCmdlet : PSCmdlet, IDisposable
{
    private const int MostMessages = 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Action> _messages = Channel.CreateBounded<Action>(new BoundedChannelOptions(MostMessages) { SingleReader = true });

    private Action? _atEnd;

    internal PumpedCmdlet()
    {
    }

    /// <summary>Is cancelled when the pipeline stops, for whatever reason.</summary>
    internal CancellationToken StopToken => _stop.Token;

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => _stop.Cancel();

    /// <summary>Whether the user wants to see no progress, so that nothing of it may go past the engine either.</summary>
    internal bool HidesProgress { get; private set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // PowerShell 7.4 has a parameter for it, which leaves the variable as it is.
        var wanted = MyInvocation.BoundParameters.TryGetValue("ProgressAction", out var given) ? given : GetVariableValue("ProgressPreference");
        HidesProgress = LanguagePrimitives.TryConvertTo(wanted, out ActionPreference preference)
            && preference is ActionPreference.SilentlyContinue or ActionPreference.Ignore;
    }

    /// <summary>What keeps the key out of all that is written.</summary>
    private protected abstract KeyGuard Keys { get; }

    // Whatever a message quotes may be the key, given by mistake for something else.

    internal new void WriteError(ErrorRecord record) => base.WriteError(Keys.Redact(record));

    internal new void ThrowTerminatingError(ErrorRecord record) => base.ThrowTerminatingError(Keys.Redact(record));

    internal new void WriteWarning(string text) => base.WriteWarning(Keys.Redact(text));

    internal new void WriteVerbose(string text) => base.WriteVerbose(Keys.Redact(text));

    internal new void WriteDebug(string text) => base.WriteDebug(Keys.Redact(text));

    /// <summary>Has something done at the very end, however that comes; it can write nothing by then.</summary>
    internal void AtEnd(Action action) => _atEnd += action;

    /// <summary>Cancels what is still under way; waits for nothing.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _atEnd?.Invoke();
        _atEnd = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs work beside the pipeline thread; what it returns is carried out on that thread.</summary>
    internal void Start(Func<CancellationToken, Task<Action>> work) => Start(work, message => message);

    /// <summary>Runs work beside the pipeline thread, and makes there a message of what came of it; that is carried out on the pipeline thread.</summary>
    internal void Start<T>(Func<CancellationToken, Task<T>> work, Func<T, Action> done, Func<GatewayException, Action>? failed = null)
    {
        // On its own, the first part of an asynchronous method would run on the pipeline thread.
        ThreadPool.QueueUserWorkItem(state => _ = RunAsync(work, done, failed));
    }

    /// <summary>Hands a message to the pipeline thread, waiting while too many are there.</summary>
    internal ValueTask SendAsync(Action message) => _messages.Writer.WriteAsync(message, StopToken);

    /// <summary>Hands over a message that is not worth waiting for.</summary>
    internal bool TrySend(Action message) => _messages.Writer.TryWrite(message);

    /// <summary>Carries out the messages that are there.</summary>
    internal void DrainReady()
    {
        while (_messages.Reader.TryRead(out var message)) message();
    }

    /// <summary>Carries out messages as they come, until it is enough.</summary>
    internal void DrainUntil(Func<bool> enough)
    {
        while (!enough()) Next()();
    }

    /// <summary>
    /// Waits for what may take long, such as a file on a share: the pipeline can be stopped meanwhile, and messages are
    /// carried out.
    /// </summary>
    internal T Await<T>(Func<CancellationToken, Task<T>> work)
    {
        var (result, isDone) = (default(T)!, false);
        ExceptionDispatchInfo? fault = null;
        Start(work, value => () => (result, isDone) = (value, true), e => () => (fault, isDone) = (ExceptionDispatchInfo.Capture(e), true));
        DrainUntil(() => isDone);
        fault?.Throw();
        return result;
    }

    private Action Next()
    {
        Action? message;
        while (!_messages.Reader.TryRead(out message))
        {
            try { _messages.Reader.WaitToReadAsync(StopToken).AsTask().GetAwaiter().GetResult(); }
            catch (OperationCanceledException) { throw new PipelineStoppedException(); }
        }
        return message;
    }

    private async Task RunAsync<T>(Func<CancellationToken, Task<T>> work, Func<T, Action> done, Func<GatewayException, Action>? failed)
    {
        Action result;
        try
        {
            result = done(await work(StopToken).ConfigureAwait(false));
        }
        catch (GatewayException e) when (failed is not null)
        {
            result = failed(e);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            return;
        }
        catch (ClientDisposedException e)
        {
            result = () => ThrowTerminatingError(ErrorCatalog.Record(new CommandException(ErrorIds.SessionEnded, Messages.SessionRemovedInUse(), e), null));
        }
        catch (Exception e)
        {
            result = () => ThrowTerminatingError(ErrorCatalog.Record(e, null));
        }
        try
        {
            await SendAsync(result).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody is left to hear it.
        }
    }
}
