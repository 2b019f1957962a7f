using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using MidJourney.Json;
using MidJourney.Throttling;

namespace MidJourney.Polling;

/// <summary>
/// Waits for many tasks with one loop: a queue by due time, a limit on reads in flight, results as they come. There is no thread
/// and no timer per task. Tasks may be added from any thread, also while it runs.
/// </summary>
internal sealed class TaskPoller
{
    /// <summary>How long a completed task may lack its URL (contract: a task).</summary>
    private const double UrlGrace = 30;
    private const double UrlInterval = 1;

    /// <summary>After this many responses with the same images no more are expected.</summary>
    private const int MinSameImages = 3;

    /// <summary>After this many responses with output or an error, an unknown status counts as ended.</summary>
    private const int MinUnknownEnds = 2;

    private const double MinAge = 5;

    /// <summary>Timers have a maximum of about three weeks; a day is long enough.</summary>
    private const double MaxTimer = 86400;

    private readonly ITaskReader _reader;
    private readonly int _maxReads;
    private readonly PollKnowledge _knowledge;
    private readonly PollPlanner _planner;
    private readonly IGatewayObserver? _observer;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly Random _random = new();
    private readonly Channel<Event> _events = Channel.CreateUnbounded<Event>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unknownStatuses = new(StringComparer.OrdinalIgnoreCase);
    private Func<PollOutcome, CancellationToken, ValueTask> _sink = null!;
    private long _count;
    private int _reads;
    private bool _addingEnded;

    /// <param name="reader">The gateway.</param>
    /// <param name="maxReads">Maximum reads in flight, 1 or more.</param>
    /// <param name="minInterval">Minimum time between two reads of one task.</param>
    /// <param name="observer">Receives retries and warnings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="knowledge">Durations learned by the session; null to start without any.</param>
    public TaskPoller(ITaskReader reader, int maxReads, TimeSpan minInterval, IGatewayObserver? observer, TimeProvider time, PollKnowledge? knowledge = null)
    {
        (_reader, _maxReads, _observer, _time, _knowledge) = (reader, maxReads, observer, time, knowledge ?? new PollKnowledge());
        _planner = new PollPlanner(_knowledge, minInterval.TotalSeconds, observer);
        _origin = time.GetTimestamp();
    }

    /// <summary>Called on each read that found a task running; must return at once.</summary>
    public Action<MJTask>? Running { get; set; }

    private double Now => _time.GetElapsedTime(_origin).TotalSeconds;

    /// <summary>Whether callbacks may tell, by <see cref="Hint"/>, that a task has ended.</summary>
    public bool ListensForHints
    {
        get => _planner.ListensForHints;
        init => _planner.ListensForHints = value;
    }

    /// <summary>A task may have ended, so it is read at once; from any thread. Unknown IDs are ignored.</summary>
    public void Hint(string id) => _events.Writer.TryWrite(new Hinted(id));

    /// <summary>Waits for one more task; a task that was added before is ignored.</summary>
    public void Add(MJTask task, TimeSpan? timeout) => _events.Writer.TryWrite(new Added(task, timeout?.TotalSeconds ?? double.PositiveInfinity, Now));

    /// <summary>No more tasks will be added: <see cref="RunAsync"/> ends with the last one.</summary>
    public void EndAdding() => _events.Writer.TryWrite(new AddingEnded());

    /// <summary>Polls until every task has ended or timed out, and adding has ended.</summary>
    /// <param name="sink">Receives each outcome, once per task, as it comes; it may delay the loop.</param>
    /// <param name="cancellationToken">Ends the wait, never the tasks.</param>
    public async Task RunAsync(Func<PollOutcome, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        _sink = sink;
        using var alarm = _time.CreateTimer(static poller => ((TaskPoller)poller!)._events.Writer.TryWrite(new Alarm()), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (true)
        {
            while (_events.Reader.TryRead(out var happened))
                await HandleAsync(happened, cancellationToken).ConfigureAwait(false);
            await StartDueReadsAsync(cancellationToken).ConfigureAwait(false);
            if (_addingEnded && _planner.Count == 0 && _reads == 0 && !_events.Reader.TryPeek(out _)) break;
            SetAlarm(alarm);
            await _events.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }
        _planner.End();
    }

    private async ValueTask HandleAsync(Event happened, CancellationToken cancellationToken)
    {
        switch (happened)
        {
            case Added added:
                await StartWaitingAsync(added, cancellationToken).ConfigureAwait(false);
                break;
            case ReadEnded { Fault: { } fault, Task: var task }:
                _reads--;
                await HandleFaultAsync(task, fault, cancellationToken).ConfigureAwait(false);
                if (!task.IsQueued) _planner.Forget(task);
                break;
            case ReadEnded ended:
                _reads--;
                await HandleReadAsync(ended.Task, ended.Read!, cancellationToken).ConfigureAwait(false);
                if (!ended.Task.IsQueued) _planner.Forget(ended.Task);
                break;
            case Hinted hinted:
                _planner.Hint(hinted.Id, Now);
                break;
            case AddingEnded:
                _addingEnded = true;
                break;
        }
    }

    private async ValueTask StartWaitingAsync(Added added, CancellationToken cancellationToken)
    {
        if (!_ids.Add(added.Task.Id)) return;
        if (HasEnded(added.Task))
        {
            await EmitAsync(added.Task, cancellationToken).ConfigureAwait(false);
            return;
        }
        // A bare id may have ended long ago; a task that was seen running has an age.
        var isAgeKnown = added.Task.RawStatus is not null;
        var age = isAgeKnown ? AgeOf(added) : 0;
        var task = new WaitingTask(_count++, added.Task, _knowledge.KindOf(added.Task), added.At)
        {
            Deadline = added.At + added.Timeout,
            Created = added.At - age,
            IsAgeKnown = isAgeKnown,
            Jitter = _random.NextDouble(),
        };
        _planner.Add(task, Now);
    }

    private double AgeOf(Added added)
    {
        if (added.Task.CreatedAt is not { } created) return 0;
        var age = (_time.GetUtcNow() - created).TotalSeconds - (Now - added.At);
        // The gateway counts whole seconds on its own clock, so a small age may be none.
        return age > MinAge ? age : 0;
    }

    private async ValueTask StartDueReadsAsync(CancellationToken cancellationToken)
    {
        while (_planner.TakeExpired(Now) is { } expired)
        {
            _planner.Forget(expired);
            await TimeOutAsync(expired, cancellationToken).ConfigureAwait(false);
        }
        while (_reads < _maxReads && _planner.TakeDue(Now) is { } task)
        {
            _reads++;
            _ = ReadAsync(task, cancellationToken);
        }
    }

    private async Task ReadAsync(WaitingTask task, CancellationToken cancellationToken)
    {
        ReadEnded ended;
        var remaining = task.Deadline - Now;
        using var deadline = remaining > MaxTimer ? null : _time.CancelAfter(TimeSpan.FromSeconds(Math.Max(0, remaining)));
        using var either = deadline is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            ended = new ReadEnded(task, await _reader.ReadOnceAsync(task.Seen, _observer, either?.Token ?? cancellationToken).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (deadline is { IsCancellationRequested: true })
        {
            ended = new ReadEnded(task, null, new TimeoutException());
        }
        catch (Exception e)
        {
            ended = new ReadEnded(task, null, e);
        }
        _events.Writer.TryWrite(ended);
    }

    private async ValueTask HandleReadAsync(WaitingTask task, MJTask read, CancellationToken cancellationToken)
    {
        MJTask seen;
        try
        {
            seen = WithEnd(task, task.Update(read));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await HandleFaultAsync(task, e, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (HasEnded(seen))
        {
            _planner.ObserveEnd(task, Now);
            await EmitAsync(seen, cancellationToken).ConfigureAwait(false);
        }
        else if (seen.Status == MJTaskStatus.Completed)
        {
            await AwaitImagesAsync(task, seen, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            if (seen.Status == MJTaskStatus.Unknown && _unknownStatuses.Add(seen.RawStatus ?? "")) _observer?.Warn(ClientMessages.UnknownStatus(seen.RawStatus ?? ""));
            _planner.ObserveRunning(task, seen.Progress, Now);
            Running?.Invoke(task.Seen);
        }
    }

    /// <summary>The task as ended if its status is unknown but it has shown output or an error twice in a row.</summary>
    private static MJTask WithEnd(WaitingTask task, MJTask seen)
    {
        var isUnknownEnd = seen.Status == MJTaskStatus.Unknown && (seen.Url is not null || seen.Error is not null);
        task.UnknownEnds = isUnknownEnd ? task.UnknownEnds + 1 : 0;
        return task.UnknownEnds < MinUnknownEnds ? seen : seen with { Status = seen.Url is null ? MJTaskStatus.Failed : MJTaskStatus.Completed };
    }

    /// <summary>A completed task may still lack its URL, or some of its images.</summary>
    private async ValueTask AwaitImagesAsync(WaitingTask task, MJTask seen, CancellationToken cancellationToken)
    {
        var until = task.UrlDeadline ??= Now + UrlGrace;
        task.RecordImages(TaskImages.Urls(seen));
        var isSettled = seen.Url is not null && task.SameImages >= MinSameImages;
        if (isSettled || Now >= until || Now >= task.Deadline) await EmitIncompleteAsync(seen, cancellationToken).ConfigureAwait(false);
        else _planner.Reschedule(task, Now, UrlInterval);
    }

    private async ValueTask EmitIncompleteAsync(MJTask task, CancellationToken cancellationToken)
    {
        if (task.Url is null) _observer?.Warn(ClientMessages.NoUrl(task));
        else if (TaskImages.Warning(task) is { } warning) _observer?.Warn(warning);
        await EmitAsync(task, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask HandleFaultAsync(WaitingTask task, Exception fault, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        switch (fault)
        {
            case GatewayException { IsTransient: true } transient:
                task.Failures++;
                task.LastFault = transient.Message.TrimEnd('.');
                var wait = Backoff.After(task.Failures, _random.NextDouble());
                if (transient.RetryAfter > wait) wait = transient.RetryAfter.Value;
                _observer?.Note(ClientMessages.RetryingIn(task.LastFault, wait));
                _planner.Reschedule(task, Now, wait.TotalSeconds);
                break;
            case GatewayException final:
                await _sink(new PollOutcome(task.Seen, final), cancellationToken).ConfigureAwait(false);
                break;
            case TimeoutException:
                await TimeOutAsync(task, cancellationToken).ConfigureAwait(false);
                break;
            case ClientDisposedException:
                ExceptionDispatchInfo.Capture(fault).Throw();
                break;
            default:
                // Whatever it is, it must not end the wait for the other tasks.
                await _sink(new PollOutcome(task.Seen, Unexpected(task.Id, fault)), cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private static GatewayException Unexpected(string id, Exception fault) =>
        new(GatewayErrorKind.Unexpected, ClientMessages.ReadFailed(id, ClientMessages.UnexpectedFault(fault))) { IsRead = true };

    private async ValueTask TimeOutAsync(WaitingTask task, CancellationToken cancellationToken)
    {
        if (task.Seen.IsEnded())
        {
            await EmitIncompleteAsync(task.Seen, cancellationToken).ConfigureAwait(false);
            return;
        }
        var message = ClientMessages.WaitTimeout(task.Seen, TimeSpan.FromSeconds(task.Deadline - task.Added), task.LastFault);
        await _sink(new PollOutcome(task.Seen, new GatewayException(GatewayErrorKind.WaitTimeout, message)), cancellationToken).ConfigureAwait(false);
    }

    private ValueTask EmitAsync(MJTask task, CancellationToken cancellationToken) => _sink(PollOutcome.Of(task), cancellationToken);

    private void SetAlarm(ITimer alarm)
    {
        // With all reads in use none can start, only time out; the next response wakes the loop.
        var due = _reads < _maxReads ? _planner.NextDue : _planner.NextDeadline;
        if (due is null) return;
        var wait = Math.Min(MaxTimer, Math.Max(0, due.Value - Now));
        alarm.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait * 1000)), Timeout.InfiniteTimeSpan);
    }

    private static bool HasEnded(MJTask task) => task.IsEnded() && (task.Status != MJTaskStatus.Completed || (task.Url is not null && !TaskImages.AreMissing(task)));

    private abstract record Event;

    private sealed record Added(MJTask Task, double Timeout, double At) : Event;

    private sealed record ReadEnded(WaitingTask Task, MJTask? Read, Exception? Fault) : Event;

    private sealed record AddingEnded : Event;

    private sealed record Hinted(string Id) : Event;

    private sealed record Alarm : Event;
}

/// <summary>Reads one task with one request.</summary>
internal interface ITaskReader
{
    /// <param name="asked">The task as it is known; its ID is enough. The rest names it in errors.</param>
    /// <param name="observer">Receives what is noted.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="GatewayException">It could not be read; <see cref="GatewayException.IsTransient"/> says whether to try again.</exception>
    Task<MJTask> ReadOnceAsync(MJTask asked, IGatewayObserver? observer, CancellationToken cancellationToken);
}

/// <summary>How the wait for one task ended.</summary>
/// <param name="Task">Its last snapshot.</param>
/// <param name="Error">Why it failed, or that the wait timed out; null if the task completed.</param>
internal sealed record PollOutcome(MJTask Task, GatewayException? Error)
{
    /// <summary>The outcome for a task that has ended.</summary>
    public static PollOutcome Of(MJTask task)
    {
        if (task.Status is not (MJTaskStatus.Failed or MJTaskStatus.Cancelled)) return new(task, null);
        var kind = ErrorKinds.FailureKindOf(task);
        return new(task, new GatewayException(kind, ClientMessages.TaskEnded(task, kind, ContentRefusal.IsOfResult(task))) { Error = task.Error });
    }

    /// <summary>Whether the task itself has ended, not only the wait.</summary>
    public bool TaskEnded => Task.IsEnded();
}
