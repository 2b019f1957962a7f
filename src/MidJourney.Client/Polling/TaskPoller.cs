using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using MidJourney.Json;
using MidJourney.Throttling;

namespace MidJourney.Polling;

/// <summary>
/// Waits for many tasks with one loop: a queue by due time, a bound on reads in flight, results as they come. No thread
/// and no timer a task. Tasks are added from any thread, also while it runs.
/// </summary>
internal sealed class TaskPoller
{
    /// <summary>A task can be reported completed shortly before its URL is there (contract: a task).</summary>
    private const double UrlGrace = 30;
    private const double UrlInterval = 1;

    /// <summary>So many answers with the same images, and no more of them are to come.</summary>
    private const int EnoughSame = 3;

    /// <summary>So many answers with output or an error, and a status that this module does not know is that of an end.</summary>
    private const int EnoughEnds = 2;

    private const double LeastAge = 5;

    /// <summary>Timers cannot be set for much longer than three weeks; after a day is soon enough to look again.</summary>
    private const double LongestTimer = 86400;

    private readonly ITaskReader _reader;
    private readonly int _mostReads;
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
    /// <param name="mostReads">Reads in flight at once, 1 or more.</param>
    /// <param name="minInterval">The least time between two reads of one task.</param>
    /// <param name="observer">Is told of repeats and of what is odd.</param>
    /// <param name="time">The clock.</param>
    public TaskPoller(ITaskReader reader, int mostReads, TimeSpan minInterval, IGatewayObserver? observer, TimeProvider time)
        : this(reader, mostReads, minInterval, observer, time, new PollKnowledge())
    {
    }

    internal TaskPoller(ITaskReader reader, int mostReads, TimeSpan minInterval, IGatewayObserver? observer, TimeProvider time, PollKnowledge knowledge)
    {
        (_reader, _mostReads, _observer, _time, _knowledge) = (reader, mostReads, observer, time, knowledge);
        _planner = new PollPlanner(knowledge, minInterval.TotalSeconds, observer);
        _origin = time.GetTimestamp();
    }

    private double Now => _time.GetElapsedTime(_origin).TotalSeconds;

    /// <summary>Waits for one more task. A task that is waited for already, or was, is not waited for again.</summary>
    /// <param name="task">Its last snapshot; only the id is needed.</param>
    /// <param name="timeout">For how long from now; null for no limit.</param>
    public void Add(MJTask task, TimeSpan? timeout) => _events.Writer.TryWrite(new Added(task, timeout?.TotalSeconds ?? double.PositiveInfinity, Now));

    /// <summary>No more tasks will be added: <see cref="RunAsync"/> ends with the last one.</summary>
    public void EndAdding() => _events.Writer.TryWrite(AddingEnded.Instance);

    /// <summary>Polls until every task has ended or been given up, and adding has ended.</summary>
    /// <param name="sink">Takes each outcome, once a task, as it comes; may hold the loop back.</param>
    /// <param name="cancellationToken">Ends the waiting, never the tasks.</param>
    public async Task RunAsync(Func<PollOutcome, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        _sink = sink;
        using var alarm = _time.CreateTimer(static poller => ((TaskPoller)poller!)._events.Writer.TryWrite(Alarm.Instance), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (true)
        {
            while (_events.Reader.TryRead(out var happened))
                await HandleAsync(happened, cancellationToken).ConfigureAwait(false);
            await StartDueReadsAsync(cancellationToken).ConfigureAwait(false);
            if (_addingEnded && _planner.Count == 0 && _reads == 0 && !_events.Reader.TryPeek(out _)) return;
            SetAlarm(alarm);
            await _events.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask HandleAsync(Event happened, CancellationToken cancellationToken)
    {
        switch (happened)
        {
            case Added added:
                return TakeInAsync(added, cancellationToken);
            case Answered answered:
                _reads--;
                return answered.Fault is { } fault ? HandleFaultAsync(answered.Task, fault, cancellationToken) : HandleAnswerAsync(answered.Task, answered.Answer!, cancellationToken);
            case AddingEnded:
                _addingEnded = true;
                return default;
            default:
                return default;
        }
    }

    private ValueTask TakeInAsync(Added added, CancellationToken cancellationToken)
    {
        if (!_ids.Add(added.Task.Id)) return default;
        if (HasEnded(added.Task)) return EmitAsync(added.Task, cancellationToken);
        // Of a bare id nothing is known, so it may have ended long ago; a task that was seen running has an age.
        var isAgeKnown = added.Task.RawStatus is not null;
        var age = isAgeKnown ? AgeOf(added) : 0;
        _planner.Add(new WaitingTask(_count++, added.Task, _knowledge.KindOf(added.Task), added.At)
        {
            Deadline = added.At + added.Timeout,
            Born = added.At - age,
            IsAgeKnown = isAgeKnown,
            Spread = _random.NextDouble(),
        }, Now);
        return default;
    }

    private double AgeOf(Added added)
    {
        if (added.Task.CreatedAt is not { } created) return 0;
        var age = (_time.GetUtcNow() - created).TotalSeconds - (Now - added.At);
        // The gateway counts whole seconds, and by a clock of its own: a task this young was made just now.
        return age > LeastAge ? age : 0;
    }

    private async ValueTask StartDueReadsAsync(CancellationToken cancellationToken)
    {
        while (_planner.TakeExpired(Now) is { } expired)
            await GiveUpAsync(expired, cancellationToken).ConfigureAwait(false);
        while (_reads < _mostReads && _planner.TakeDue(Now) is { } task)
        {
            _reads++;
            _ = ReadAsync(task, cancellationToken);
        }
    }

    private async Task ReadAsync(WaitingTask task, CancellationToken cancellationToken)
    {
        Answered answered;
        var left = task.Deadline - Now;
        using var deadline = left > LongestTimer ? null : _time.CancelAfter(TimeSpan.FromSeconds(Math.Max(0, left)));
        using var either = deadline is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            answered = new Answered(task, await _reader.ReadOnceAsync(task.Id, _observer, either?.Token ?? cancellationToken).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (deadline is { IsCancellationRequested: true })
        {
            answered = new Answered(task, null, new TimeoutException());
        }
        catch (Exception e)
        {
            answered = new Answered(task, null, e);
        }
        _events.Writer.TryWrite(answered);
    }

    private ValueTask HandleAnswerAsync(WaitingTask task, MJTask answer, CancellationToken cancellationToken)
    {
        MJTask seen;
        try { seen = WithEnd(task, task.Update(answer)); }
        catch (Exception e) when (e is not OperationCanceledException) { return HandleFaultAsync(task, e, cancellationToken); }
        if (HasEnded(seen))
        {
            _planner.SeenEnded(task, Now);
            return EmitAsync(seen, cancellationToken);
        }
        if (seen.Status == MJTaskStatus.Completed) return AwaitUrlAsync(task, seen, cancellationToken);
        if (seen.Status == MJTaskStatus.Unknown && _unknownStatuses.Add(seen.RawStatus ?? ""))
            _observer?.Warn(ClientMessages.UnknownStatus(seen.RawStatus ?? ""));
        _planner.SeenRunning(task, seen.Progress, Now);
        return default;
    }

    /// <summary>The task as ended where its status is a word that nobody knows, but what it shows is an end, twice in a row.</summary>
    private static MJTask WithEnd(WaitingTask task, MJTask seen)
    {
        var isOdd = seen.Status == MJTaskStatus.Unknown && (seen.Url is not null || seen.Error is not null);
        task.OddEnds = isOdd ? task.OddEnds + 1 : 0;
        return task.OddEnds < EnoughEnds ? seen : seen with { Status = seen.Url is null ? MJTaskStatus.Failed : MJTaskStatus.Completed };
    }

    /// <summary>A completed task may still lack its URL, or some of its images.</summary>
    private ValueTask AwaitUrlAsync(WaitingTask task, MJTask seen, CancellationToken cancellationToken)
    {
        var until = task.UrlDeadline ??= Now + UrlGrace;
        task.NoteImages(TaskImages.Urls(seen));
        var isSettled = seen.Url is not null && task.SameImages >= EnoughSame;
        if (isSettled || Now >= until || Now >= task.Deadline) return EmitWithoutUrlAsync(seen, cancellationToken);
        _planner.PutBack(task, Now, UrlInterval);
        return default;
    }

    private ValueTask EmitWithoutUrlAsync(MJTask task, CancellationToken cancellationToken)
    {
        if (task.Url is null) _observer?.Warn(ClientMessages.NoUrl(task));
        else if (TaskImages.Warning(task) is { } warning) _observer?.Warn(warning);
        return EmitAsync(task, cancellationToken);
    }

    private ValueTask HandleFaultAsync(WaitingTask task, Exception fault, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        switch (fault)
        {
            case GatewayException { IsTransient: true } passing:
                task.Failures++;
                task.LastFault = passing.Message.TrimEnd('.');
                var wait = Backoff.After(task.Failures, _random.NextDouble());
                if (passing.RetryAfter > wait) wait = passing.RetryAfter.Value;
                _observer?.Note(ClientMessages.NextTry(task.LastFault, wait));
                _planner.PutBack(task, Now, wait.TotalSeconds);
                return default;
            case GatewayException final:
                return _sink(new PollOutcome(task.Seen, final), cancellationToken);
            case TimeoutException:
                return GiveUpAsync(task, cancellationToken);
            case ClientDisposedException:
                ExceptionDispatchInfo.Capture(fault).Throw();
                return default;
            default:
                // Whatever it is, the other tasks have nothing to do with it.
                return _sink(new PollOutcome(task.Seen, Unexpected(task.Id, fault)), cancellationToken);
        }
    }

    private static GatewayException Unexpected(string id, Exception fault) =>
        new(GatewayErrorKind.Unexpected, ClientMessages.ReadFailed(id, ClientMessages.UnexpectedFault(fault))) { IsRead = true };

    private ValueTask GiveUpAsync(WaitingTask task, CancellationToken cancellationToken)
    {
        if (task.Seen.IsEnded()) return EmitWithoutUrlAsync(task.Seen, cancellationToken);
        var message = ClientMessages.WaitTimeout(task.Seen, TimeSpan.FromSeconds(task.Deadline - task.Added), task.LastFault);
        return _sink(new PollOutcome(task.Seen, new GatewayException(GatewayErrorKind.WaitTimeout, message)), cancellationToken);
    }

    private ValueTask EmitAsync(MJTask task, CancellationToken cancellationToken) => _sink(PollOutcome.Of(task), cancellationToken);

    private void SetAlarm(ITimer alarm)
    {
        // With every read taken nothing can be started, only given up: the next answer wakes the loop.
        var due = _reads < _mostReads ? _planner.NextDue : _planner.NextDeadline;
        if (due is null) return;
        var wait = Math.Min(LongestTimer, Math.Max(0, due.Value - Now));
        alarm.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait * 1000)), Timeout.InfiniteTimeSpan);
    }

    private static bool HasEnded(MJTask task) => task.IsEnded() && (task.Status != MJTaskStatus.Completed || (task.Url is not null && !TaskImages.AreMissing(task)));

    private abstract record Event;

    private sealed record Added(MJTask Task, double Timeout, double At) : Event;

    private sealed record Answered(WaitingTask Task, MJTask? Answer, Exception? Fault) : Event;

    private sealed record AddingEnded : Event
    {
        public static readonly AddingEnded Instance = new();
    }

    private sealed record Alarm : Event
    {
        public static readonly Alarm Instance = new();
    }
}

/// <summary>What a poller needs of the gateway: one read, one request.</summary>
internal interface ITaskReader
{
    /// <summary>Reads a task once.</summary>
    /// <param name="id">The task id.</param>
    /// <param name="observer">Is told what happens on the wire.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="GatewayException">It could not be read; <see cref="GatewayException.IsTransient"/> says whether to try again.</exception>
    Task<MJTask> ReadOnceAsync(string id, IGatewayObserver? observer, CancellationToken cancellationToken);
}

/// <summary>How waiting for one task ended.</summary>
/// <param name="Task">The task as it was last seen.</param>
/// <param name="Error">Why there is nothing more to wait for, or that time ran out; null when the task ended well.</param>
internal sealed record PollOutcome(MJTask Task, GatewayException? Error)
{
    /// <summary>The outcome for a task that has ended: with an error unless it is completed.</summary>
    public static PollOutcome Of(MJTask task)
    {
        if (task.Status is not (MJTaskStatus.Failed or MJTaskStatus.Cancelled)) return new(task, null);
        var kind = ErrorKinds.FailureKindOf(task);
        return new(task, new GatewayException(kind, ClientMessages.TaskEnded(task, kind)) { Error = task.Error });
    }

    /// <summary>Whether the task itself has ended, as opposed to the waiting for it.</summary>
    public bool TaskEnded => Task.IsEnded();
}
