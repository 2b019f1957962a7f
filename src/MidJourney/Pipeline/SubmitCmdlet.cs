using System.Management.Automation;
using System.Reflection;

namespace MidJourney;

/// <summary>
/// A cmdlet that creates tasks. A model's cmdlet only declares its parameters and makes submissions of them; sending
/// them many at a time, within what was asked and no further, is the same for all.
/// </summary>
public abstract class SubmitCmdlet : GatewayCmdlet
{
    private const int ProgressId = 3;

    private readonly RequestBatch _batch = new();
    private TaskWait? _wait;
    private (TaskJournal? Journal, Uri Address)? _journal;
    private StageProgress? _progress;
    private PropertyInfo[]? _ofInput;
    private int _creates;
    private bool _isStopped;
    private int _accepted;
    private int _notSubmitted;

    internal SubmitCmdlet()
    {
    }

    /// <summary>Where the gateway reports the end of the task: an absolute http or https address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? Callback { get; set; }

    /// <summary>Wait for the tasks, and put each out when it has ended instead of when it was accepted.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: seconds to wait for each task; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; } = WaitDefaults.TimeoutSec;

    /// <summary>
    /// Do not create again what the journal shows as created before at the same gateway: put out the known task instead.
    /// Where it is not known whether one was made, that is an error, and nothing is created.
    /// </summary>
    [Parameter]
    public SwitchParameter SkipSubmitted { get; set; }

    /// <summary>As -SkipSubmitted, but create again where it is not known whether a task was made, which may pay twice.</summary>
    [Parameter]
    public SwitchParameter RetryUnknown { get; set; }

    /// <summary>The whole object that came down the pipeline: a task tells where its job came from.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    private DuplicatePolicy Duplicates =>
        RetryUnknown ? DuplicatePolicy.SkipUnlessUnknown : SkipSubmitted ? DuplicatePolicy.Skip : DuplicatePolicy.Create;

    private protected override bool IsAwaited => _creates > 0 || _wait is { IsAwaited: true };

    /// <summary>What the record asks for.</summary>
    /// <exception cref="GatewayException">The record cannot be what it should be; nothing of it is sent.</exception>
    internal abstract IReadOnlyList<MJSubmission> ReadRecord();

    /// <summary>The record as it was given, so that it can be mended and piped in again.</summary>
    private PSObject DescribeRecord()
    {
        var record = new PSObject();
        foreach (var parameter in RecordParameters.Of(GetType())) record.Properties.Add(new PSNoteProperty(parameter.Name, parameter.GetValue(this)));
        return record;
    }

    /// <summary>A submission as a record that this cmdlet takes, so that a refused one can be mended and piped in again.</summary>
    internal virtual PSObject RecordOf(MJSubmission submission) => SubmissionTarget.Refused(submission);

    /// <summary>What is done to the target, for -WhatIf and -Confirm.</summary>
    internal virtual string ActionOf(MJSubmission submission) => CommandMessages.CreateTask(submission.Model);

    /// <summary>The parameters with the callback, which every model takes, where one was given.</summary>
    /// <exception cref="GatewayException">The callback is not a web address.</exception>
    internal IReadOnlyList<KeyValuePair<string, object?>> WithCallback(IEnumerable<KeyValuePair<string, object?>> parameters) =>
        CallbackUrl.Parse(Callback) is { } callback ? [.. parameters, new("callback", callback)] : [.. parameters];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var given = MyInvocation.BoundParameters;
        if (MyInvocation.ExpectingInput) _ofInput = [.. RecordParameters.Of(GetType()).Where(p => !given.ContainsKey(p.Name))];
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IReadOnlyList<MJSubmission> submissions;
        try
        {
            submissions = ReadRecord();
            // Each record is paid, so one that has no say in what is made is a mistake.
            if (_ofInput?.All(p => GivenValue.SaysNothing(p.GetValue(this))) == true) throw new GatewayException(GatewayErrorKind.InvalidParameter, CommandMessages.InputSaysNothing());
        }
        catch (GatewayException e)
        {
            WriteError(ErrorCatalog.Record(e, DescribeRecord()));
            return;
        }
        foreach (var submission in submissions)
        {
            if (_isStopped) _notSubmitted++;
            else if (IsWanted(submission)) Submit(WithSource(submission));
        }
        DrainReady();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _progress?.AllAdded();
        DrainUntil(() => _creates == 0);
        _progress?.Finish();
        if (_notSubmitted > 0) WriteWarning(CommandMessages.NotSubmitted(_notSubmitted));
        _wait?.Finish();
    }

    /// <summary>Asks before anything is spent; what the journal shows to be there is not, and needs no question.</summary>
    private bool IsWanted(MJSubmission submission) =>
        IsKnown(submission) ? !IsOn("WhatIf") : ShouldProcess(submission.ToString(), ActionOf(submission));

    private bool IsKnown(MJSubmission submission)
    {
        if (Duplicates == DuplicatePolicy.Create) return false;
        try
        {
            var (journal, address) = _journal ??= FindJournal();
            if (journal is null) throw new GatewayException(GatewayErrorKind.JournalUnavailable, CommandMessages.NoJournalToSkip());
            return Await(_ => Task.FromResult(journal.Find(submission, address))) is { } before && !(before.IsUnknown && RetryUnknown);
        }
        catch (GatewayException e)
        {
            ThrowTerminatingError(ErrorCatalog.Record(e, null));
            throw;
        }
    }

    /// <summary>With where its job came from: as the input tells, or else this session, which may have seen how the job was made.</summary>
    private MJSubmission WithSource(MJSubmission submission)
    {
        if (submission.SourceJobId is not { } job) return submission;
        var source = InputObject is not null && JobSource.From(InputObject) is { } told && told.JobId == job ? told : CurrentSession.Recent.FindMaker(job) is { } maker ? JobSource.Of(maker) : null;
        return source is null ? submission : submission with { SourceTaskId = source.TaskId, SourcePrompt = source.Prompt };
    }

    private void Submit(MJSubmission submission)
    {
        // Each record held is money about to be spent, so no more are taken in than are being sent.
        DrainUntil(() => _creates < Client.Options.ThrottleLimit);
        if (_isStopped)
        {
            _notSubmitted++;
            return;
        }
        if (Wait) _wait ??= new TaskWait(this, TimeoutSec, WaitDefaults.PollIntervalSec);
        var session = CurrentSession;
        _creates++;
        NewProgress()?.Add();
        Start(async stopping =>
        {
            try
            {
                var task = await session.Client.CreateAsync(submission, Duplicates, _batch, Observer, stopping).ConfigureAwait(false);
                session.Keep(task);
                return () => Accept(task);
            }
            catch (GatewayException e)
            {
                return () => Refuse(submission, e);
            }
            catch (BatchStoppedException)
            {
                return Drop;
            }
        });
    }

    /// <summary>A stage has one bar: with -Wait, that of the waiting.</summary>
    private StageProgress? NewProgress() =>
        Wait ? null : _progress ??= new StageProgress(this, ProgressId, CommandMessages.Submitting(), CommandMessages.SubmitState);

    private void Accept(MJTask task)
    {
        _creates--;
        _accepted++;
        _progress?.End(isGood: true);
        if (_wait is not null)
        {
            _wait.Add(task);
            return;
        }
        WriteObject(task);
        CurrentSession.Delivered(task);
        if (PollOutcome.Of(task).Error is { } error) WriteError(ErrorCatalog.Record(error, task));
    }

    private void Refuse(MJSubmission submission, GatewayException error)
    {
        if (RequestBatch.HoldsForAll(error))
        {
            Drop();
            Stop(ErrorCatalog.Record(error, RecordOf(submission)));
            return;
        }
        _creates--;
        _progress?.End(isGood: false);
        WriteError(ErrorCatalog.Record(error, error.Kind == GatewayErrorKind.SubmitOutcomeUnknown ? SubmissionTarget.Unknown(submission, error.ProbableTaskId) : RecordOf(submission)));
    }

    private void Drop()
    {
        _creates--;
        _notSubmitted++;
        _progress?.End(isGood: false);
    }

    /// <summary>
    /// Nothing more is sent. A terminating error would throw away what downstream does with the tasks that were accepted, so
    /// it is one only where there are none.
    /// </summary>
    private void Stop(ErrorRecord error)
    {
        if (_isStopped) return;
        _isStopped = true;
        _notSubmitted--;
        if (_accepted == 0) DrainUntil(() => _creates == 0);
        if (_accepted == 0) ThrowTerminatingError(error);
        WriteError(error);
    }
}
