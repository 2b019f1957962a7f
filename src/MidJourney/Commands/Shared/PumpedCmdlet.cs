using System.Management.Automation;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>
/// A cmdlet whose work runs on other threads. Only the pipeline thread may write, so the work sends it messages through one
/// bounded channel; it runs them while input arrives, and afterwards.
/// </summary>
/// <remarks>
/// Ctrl+C calls StopProcessing, which only cancels. A downstream <c>break</c>, <c>Select-Object -First</c> or <c>throw</c>
/// arrives as an exception from a Write call, followed by Dispose, which therefore cancels as well.
/// </remarks>
public abstract class PumpedCmdlet : PSCmdlet, IDisposable
{
    private const int MaxMessages = 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Action> _messages = Channel.CreateBounded<Action>(new BoundedChannelOptions(MaxMessages) { SingleReader = true });

    private Action? _atEnd;

    internal PumpedCmdlet()
    {
    }

    /// <summary>Cancelled when the pipeline stops, for any reason.</summary>
    internal CancellationToken StopToken => _stop.Token;

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => _stop.Cancel();

    /// <summary>Whether the user hides progress, which then must not be written to the host either.</summary>
    internal bool HidesProgress { get; private set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // The -ProgressAction of PowerShell 7.4 does not change the variable.
        var wanted = MyInvocation.BoundParameters.TryGetValue("ProgressAction", out var given) ? given : GetVariableValue("ProgressPreference");
        HidesProgress = LanguagePrimitives.TryConvertTo(wanted, out ActionPreference preference)
            && preference is ActionPreference.SilentlyContinue or ActionPreference.Ignore;
    }

    /// <summary>Removes the key from everything that is written.</summary>
    private protected abstract KeyGuard Keys { get; }

    /// <summary>Whether a downstream cmdlet ended the pipeline because it needs no more objects.</summary>
    internal bool HasEnough { get; private set; }

    internal new void WriteObject(object value)
    {
        try
        {
            base.WriteObject(value);
        }
        catch (PipelineStoppedException)
        {
            HasEnough = DownstreamEnd.HasEnough(CommandRuntime);
            throw;
        }
    }

    internal string Redact(string text) => Keys.Redact(text);

    // A message may quote the key, if it was passed as something else by mistake.

    internal new void WriteError(ErrorRecord record) => base.WriteError(Keys.Redact(record));

    internal new void ThrowTerminatingError(ErrorRecord record) => base.ThrowTerminatingError(Keys.Redact(record));

    internal new void WriteWarning(string text) => base.WriteWarning(Keys.Redact(text));

    internal new void WriteVerbose(string text) => base.WriteVerbose(Keys.Redact(text));

    internal new void WriteDebug(string text) => base.WriteDebug(Keys.Redact(text));

    /// <summary>Runs an action when the cmdlet ends, for any reason; it can no longer write. What was added last runs first.</summary>
    internal void AtEnd(Action action) => _atEnd = action + _atEnd;

    /// <summary>Cancels the work without waiting for it.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _atEnd?.Invoke();
        _atEnd = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs work on another thread, then its result on the pipeline thread.</summary>
    internal void Start(Func<CancellationToken, Task<Action>> work) => Start(work, message => message);

    /// <summary>Runs work on another thread, then the message for its result on the pipeline thread.</summary>
    internal void Start<T>(Func<CancellationToken, Task<T>> work, Func<T, Action> done, Func<GatewayException, Action>? failed = null)
    {
        // Otherwise the first part of an asynchronous method would run on the pipeline thread.
        ThreadPool.QueueUserWorkItem(state => _ = RunAsync(work, done, failed));
    }

    /// <summary>Sends a message to the pipeline thread; waits while the channel is full.</summary>
    internal ValueTask SendAsync(Action message) => _messages.Writer.WriteAsync(message, StopToken);

    /// <summary>Sends a message that may be lost if the channel is full.</summary>
    internal bool TrySend(Action message) => _messages.Writer.TryWrite(message);

    /// <summary>Runs the waiting messages.</summary>
    internal void DrainReady()
    {
        while (_messages.Reader.TryRead(out var message)) message();
    }

    /// <summary>Runs messages as they arrive, until the condition holds.</summary>
    internal void DrainUntil(Func<bool> enough)
    {
        while (!enough()) Next()();
    }

    /// <summary>Waits for work that may take long, such as a file on a share. Meanwhile the pipeline can be stopped, and messages run.</summary>
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
            // The cmdlet has ended.
        }
    }
}
