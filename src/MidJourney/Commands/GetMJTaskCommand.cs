using System.Management.Automation;

namespace MidJourney.Commands;

/// <summary>
/// Reads tasks, each once, and puts them out in the order of the input. Without an id it lists what the journal holds,
/// newest first, and asks nobody.
/// </summary>
[Cmdlet(VerbsCommon.Get, "MJTask", DefaultParameterSetName = FromJournal)]
[OutputType(typeof(MJTask))]
public sealed class GetMJTaskCommand : TaskInputCmdlet
{
    private const string FromJournal = "Journal";

    private const int ProgressId = 4;

    private readonly Queue<Reading> _readings = new();
    private StageProgress? _progress;
    private bool _isRefused;
    private int _notRead;

    private protected override bool IsAwaited => _readings.Count > 0;

    /// <summary>Of the journal: only tasks of these statuses; OutcomeUnknown for creates whose answer was lost.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    [ValidateNotNullOrEmpty]
    [ValidateSet(MJTaskStatus.Unknown, MJTaskStatus.Pending, MJTaskStatus.InProgress, MJTaskStatus.Completed, MJTaskStatus.Failed, MJTaskStatus.Cancelled, MJTaskStatus.OutcomeUnknown)]
    public string[]? Status { get; set; }

    /// <summary>Of the journal: only tasks created after this.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    public DateTimeOffset After { get; set; }

    /// <summary>Of the journal: the newest so many.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    [ValidateRange(1, int.MaxValue)]
    public int Last { get; set; } = int.MaxValue;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == FromJournal) return;
        foreach (var task in ReadTasks())
        {
            DrainUntil(() => _readings.Count < Client.Options.ThrottleLimit * 2);
            if (_isRefused) _notRead++;
            else Read(task);
        }
        DrainReady();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // A pipeline that brought nothing asks for nothing.
        if (ParameterSetName == FromJournal && !MyInvocation.ExpectingInput) List();
        _progress?.AllAdded();
        DrainUntil(() => _readings.Count == 0);
        _progress?.Finish();
        if (_notRead > 0) WriteWarning(CommandMessages.NotRead(_notRead));
        NoteAll();
    }

    private void List()
    {
        var (journal, address) = FindJournal();
        foreach (var task in JournalListing.Read(this, journal, address).Where(IsAskedFor).Take(Last)) WriteObject(task);
    }

    private bool IsAskedFor(MJTask task) => (Status is null || Status.Contains(task.Status, StringComparer.OrdinalIgnoreCase)) && (After == default || task.CreatedAt > After);

    private void Read(MJTask task)
    {
        var reading = new Reading();
        _readings.Enqueue(reading);
        (_progress ??= new StageProgress(this, ProgressId, CommandMessages.Reading(), CommandMessages.ReadState)).Add();
        Start(async stopping =>
        {
            try
            {
                if (Volatile.Read(ref _isRefused)) return () => Finish(reading, () => _notRead++);
                var seen = (await Client.ReadAsync(task.Id, Observer, stopping).ConfigureAwait(false)).WithOriginOf(task);
                return () => Finish(reading, () => Put(seen));
            }
            catch (GatewayException e)
            {
                return () => Finish(reading, () => Refuse(task.Id, e));
            }
        });
    }

    private void Refuse(string id, GatewayException error)
    {
        _progress!.End(isGood: false);
        // As no other task could be read either, that is said once.
        if (error.Kind is GatewayErrorKind.Unauthorized or GatewayErrorKind.ProxyAuthenticationRequired)
        {
            if (_isRefused)
            {
                _notRead++;
                return;
            }
            _isRefused = true;
        }
        Explain(id, error);
        WriteError(ErrorCatalog.Record(error, id));
    }

    private void Put(MJTask task)
    {
        _progress!.End(isGood: true, task.Cost);
        NoteEnd(task);
        WriteObject(task);
        if (TaskImages.Warning(task) is { } warning) WriteWarning(warning);
        if (PollOutcome.Of(task).Error is { } error) WriteError(ErrorCatalog.Record(error, task));
    }

    private void Finish(Reading reading, Action write)
    {
        reading.Write = write;
        while (_readings.Count > 0 && _readings.Peek().Write is not null) _readings.Dequeue().Write!();
    }

    /// <summary>A read whose turn to be put out may not have come.</summary>
    private sealed class Reading
    {
        public Action? Write { get; set; }
    }
}
