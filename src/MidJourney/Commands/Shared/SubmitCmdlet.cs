using System.Management.Automation;
using MidJourney.Gateway;
using MidJourney.Journal;
using MidJourney.Json;
using MidJourney.Parameters;
using MidJourney.Polling;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>A cmdlet that creates tasks. The cmdlet of a model declares its parameters and converts them to submissions; this class sends them, many at a time.</summary>
public abstract class SubmitCmdlet : GatewayCmdlet
{
    private readonly RequestBatch _batch = new();
    private readonly List<MJTask> _known = [];
    private DuplicateGuard? _guard;
    private TaskWait? _wait;
    private Listening? _listening;
    private StageProgress? _progress;
    private RecordParameter[]? _inputParameters;
    private RecordParameter[] _namedParameters = [];
    private int _creates;
    private bool _isStopped;
    private bool _isOfTask;
    private int _accepted;
    private int _received;
    private int _notSubmitted;
    private int _blanks;
    private int _records;
    private int _failed;
    private int _refused;
    private bool? _asksFirst;
    private CostForecast? _forecast;

    internal SubmitCmdlet()
    {
    }

    /// <summary>The URL that the gateway calls when the task has finished: http or https.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.Callback, FieldNames.CallbackOfWire)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? Callback { get; set; }

    /// <summary>Wait for the tasks. Each is written to the pipeline when it has finished, instead of when it was accepted.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: how long to wait for each task, in seconds. 0: no limit.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; } = WaitDefaults.TimeoutSec;

    /// <summary>With -Wait: listen for the gateway's callbacks at this address, such as 8080 or http://127.0.0.1:8080/path. A task that they announce is read at once.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(nameof(ListenOn))]
    public string? ListenOn { get; set; }

    /// <summary>Submit and pay, regardless of the journal.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Return completed work from the journal, however old it is. Without this switch, work that was completed before the duplicate window is billed again.</summary>
    [Parameter]
    public SwitchParameter SkipSubmitted { get; set; }

    /// <summary>Submit again if the outcome of an earlier submission is unknown. May pay twice.</summary>
    [Parameter]
    public SwitchParameter RetryUnknown { get; set; }

    /// <summary>
    /// Return what the tasks would cost, and create nothing. The price is the gateway's estimate, otherwise what the same kind of task cost before.
    /// </summary>
    [Parameter]
    public SwitchParameter Estimate { get; set; }

    /// <summary>The object from the pipeline. A task supplies the origin of its job.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public virtual PSObject? InputObject { get; set; }

    /// <summary>Whether the cmdlet accepts failed tasks from the pipeline; others skip them.</summary>
    private protected virtual bool TakesFailedTasks => false;

    private protected DuplicateGuard Guard => _guard ??= NewGuard();

    // The journal alone gives an estimate, too.
    private protected override bool NeedsSessionAtOnce => !Estimate;

    private CostForecast Forecast => _forecast ??= new CostForecast(Guard.Journal, FindJournal().Address);

    private protected override bool IsAwaited => _creates > 0 || _wait is { IsAwaited: true };

    /// <summary>The gateway's model; null if the cmdlet is not for one model.</summary>
    internal virtual string? ModelId => null;

    /// <summary>The submissions of the current record.</summary>
    internal abstract IReadOnlyList<MJSubmission> ReadRecord();

    /// <summary>The distinct jobs of a record. An invalid id is reported as an error; the others continue.</summary>
    private protected IReadOnlyList<MJOrigin> ReadJobs(string?[]? ids)
    {
        var jobs = new List<MJOrigin>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var isSkipped = false;
        foreach (var id in ids ?? [])
        {
            if (TextSource.Of(id) is { } given && ((IsOfTask(given) && TaskSnapshot.HasFailed(given.Source)) || (string.IsNullOrWhiteSpace(id) && TaskSnapshot.ShowsFailure(given.Source))))
            {
                _failed++;
                isSkipped = true;
                continue;
            }
            if (ids!.Length > 1 && IsBlank(id))
            {
                _blanks++;
                continue;
            }
            try
            {
                // A duplicate would be billed twice.
                if (ReadJob(id) is var job && known.Add(job.SourceJobId!)) jobs.Add(job);
            }
            catch (GatewayException e)
            {
                isSkipped = true;
                WriteError(ErrorCatalog.Record(e, DescribeRecord([id])));
            }
        }
        return jobs.Count > 0 || isSkipped ? jobs : throw new GatewayException(GatewayErrorKind.JobIdMissing, Messages.JobIdMissing());
    }

    private protected MJOrigin ReadJob(string? id)
    {
        var given = TextSource.Of(id);
        if (given is { IsRefused: true, Value: not null, IsObject: false })
            throw ParameterText.Invalid(Messages.NotText(nameof(MJTask.JobId), given.Value));
        if (string.IsNullOrWhiteSpace(id))
            throw new GatewayException(GatewayErrorKind.JobIdMissing, given is null ? Messages.JobIdMissing()
                : TaskSnapshot.IsTask(given.Source) && TaskSnapshot.ReadOutput(given.Source) is { } task ? Messages.JobIdOfTaskMissing(task)
                : given.IsObject ? Messages.JobIdNotInObject(given.Source) : Messages.JobIdMissing());
        var jobId = id!.Trim();
        if (jobId.Length > MJTask.MaxIdLength) throw ParameterText.Invalid(Messages.TextTooLong(nameof(MJTask.JobId), jobId.Length, MJTask.MaxIdLength));
        if (ParameterText.HasInvisible(jobId)) throw ParameterText.Invalid(Messages.IdHasInvisible(nameof(MJTask.JobId)));
        if (Keys.IsIn(jobId)) throw ParameterText.Invalid(Messages.ContainsApiKey(nameof(MJTask.JobId)));
        if (given is not null && IsOfTask(given) && TaskSnapshot.AsSource(given.Source) is { } source && source.SourceJobId == jobId) return source;
        // A copy, or the text's record would live as long as the task.
        return new MJOrigin { SourceJobId = given is null ? jobId : new string(jobId.ToCharArray()) };
    }

    private bool IsOfTask(TextSource given) => IsInput(given) ? _isOfTask : TaskSnapshot.IsOfTask(given.Source);

    /// <summary>Whether the text is an empty line of a file, as opposed to a missing value.</summary>
    private static bool IsBlank(string? text) => text is not null && string.IsNullOrWhiteSpace(text) && TextSource.Of(text) is null;

    /// <summary>The record as received, so that it can be corrected and piped in again.</summary>
    private PSObject DescribeRecord(string?[]? jobIds = null)
    {
        var record = new PSObject();
        foreach (var parameter in RecordParameters.Of(GetType()))
        {
            var value = parameter.Name == nameof(MJTask.JobId) && jobIds is not null ? jobIds : parameter.GetValue(this);
            if (parameter.Name == nameof(MJTask.JobId) && value is string?[] { Length: 1 } one) value = one[0];
            record.Properties.Add(new PSNoteProperty(parameter.Name, TextSource.Original(value)));
        }
        return record;
    }

    /// <summary>A refused submission as a record that can be corrected and piped in again.</summary>
    internal virtual PSObject RecordOf(MJSubmission submission) => ErrorTarget.Refused(submission, RecordParameters.Of(GetType()));

    /// <summary>The job of the current record, if it has exactly one.</summary>
    private protected virtual string? JobOfRecord => null;

    /// <summary>The journal's entry of the task that a submission makes again; null for none.</summary>
    private protected virtual Guid? EntryOf(MJSubmission submission) => null;

    /// <summary>Whether the input is a task that failed for the reason of the error, which is then counted, not reported again.</summary>
    private protected virtual bool IsShownByInput(MJSubmission submission, GatewayException error) => false;

    /// <summary>The action that -WhatIf and -Confirm show.</summary>
    internal virtual string ActionOf(MJSubmission submission) => Messages.CreateTask(submission.Model);

    /// <summary>The parameters, with the callback if there is one.</summary>
    /// <exception cref="GatewayException">The callback is not an http or https URL.</exception>
    internal IReadOnlyList<KeyValuePair<string, object?>> WithCallback(IEnumerable<KeyValuePair<string, object?>> parameters) =>
        CallbackUrl.Parse(Callback) is { } callback ? [.. parameters, new("callback", callback)] : [.. parameters];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Force && (SkipSubmitted || RetryUnknown))
            ThrowTerminatingError(ErrorCatalog.Record(new GatewayException(GatewayErrorKind.InvalidParameter, Messages.ForceCombined()), null));
        if (Estimate && Wait)
            ThrowTerminatingError(ErrorCatalog.Record(new GatewayException(GatewayErrorKind.InvalidParameter, Messages.EstimateAndWait()), null));
        if (ListenOn is not null && !Wait)
            ThrowTerminatingError(ErrorCatalog.Record(new GatewayException(GatewayErrorKind.InvalidParameter, Messages.ListenOnWithoutWait()), null));
        base.BeginProcessing();
        _listening = TaskWait.Listen(this, ListenOn);
        if (Estimate && (Session ?? SessionStore.Current) is null && SessionEnvironment.ApiKey is not null && !IsOn("WhatIf")) _ = CurrentSession;
        var given = MyInvocation.BoundParameters;
        if (!MyInvocation.ExpectingInput) return;
        _namedParameters = [.. RecordParameters.Of(GetType()).Where(p => !given.ContainsKey(p.Name))];
        // A parameter that is bound but not yet set is a script block that computes the value for each record.
        _inputParameters = [.. RecordParameters.Of(GetType()).Where(p => !given.TryGetValue(p.Name, out var value) || value is not null && p.GetValue(this) is null)];
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (IsBlankLine())
        {
            _blanks++;
            return;
        }
        var columns = RecordCheck.ColumnsOf(InputObject);
        _isOfTask = TaskSnapshot.IsOfTask(InputObject, columns);
        // A failed task has no image to work on.
        if (!TakesFailedTasks && _isOfTask && TaskSnapshot.HasFailed(InputObject!))
        {
            _failed++;
            return;
        }
        IReadOnlyList<MJSubmission> submissions;
        string? job = null;
        try
        {
            if (InputObject is not null && _inputParameters is not null)
            {
                RecordCheck.Check(this, InputObject, _isOfTask, _inputParameters);
                RecordCheck.CheckNames(InputObject, columns, _isOfTask, _namedParameters);
            }
            CheckTexts();
            // Of many rows, the job tells which one has an invalid value.
            if (MyInvocation.ExpectingInput) job = JobOfRecord;
            submissions = ReadRecord();
            if (submissions.Count > 0) CheckKey(submissions[0]);
            CheckImage(submissions);
            // Every record is billed, so a record that sets no parameter is a mistake.
            if (submissions.Count > 0 && _inputParameters?.All(SaysNothing) == true) throw ParameterText.Invalid(Messages.InputNotBound(InputObject, _inputParameters.SelectMany(p => p.Names)));
        }
        catch (Exception e) when (e is GatewayException or CommandException)
        {
            var record = ErrorCatalog.Record(e, DescribeRecord());
            if (job is not null)
                record.ErrorDetails = new ErrorDetails(Messages.InvalidRecord(job, record.ErrorDetails.Message)) { RecommendedAction = record.ErrorDetails.RecommendedAction };
            WriteError(record);
            return;
        }
        foreach (var submission in submissions)
        {
            if (Estimate) Forecast.Add(Guard.Begin(submission, null, EntryOf(submission)), submission);
            else if (IsOn("WhatIf")) Preview(submission);
            else Submit(WithSource(submission));
        }
        DrainReady();
    }

    /// <summary>Whether the current record leaves a parameter empty.</summary>
    private protected virtual bool SaysNothing(RecordParameter parameter) => PSValue.IsEmpty(parameter.GetValue(this));

    /// <summary>The gateway passes parameters on, so they must not contain the key.</summary>
    /// <exception cref="GatewayException">A value contains the key.</exception>
    private protected void CheckKey(MJSubmission submission)
    {
        if (Keys.IsIn(submission.Model)) throw ParameterText.Invalid(Messages.ContainsApiKey(nameof(submission.Model)));
        if (submission.Parameters.Where(p => Keys.IsIn(p)).Select(p => p.Key).FirstOrDefault() is not { } field) return;
        var name = RecordParameters.Of(GetType()).FirstOrDefault(p => p.Binds(field))?.Name;
        throw ParameterText.Invalid(Messages.ContainsApiKey(name ?? "Parameter"));
    }

    /// <summary>A saved file is one image. With -ImageNo, the four files of a grid would be billed as four tasks of the same image.</summary>
    /// <exception cref="GatewayException">The record is a saved file of another image of the job.</exception>
    private void CheckImage(IReadOnlyList<MJSubmission> submissions)
    {
        if (!_isOfTask || TaskSnapshot.ImageOfFile(InputObject!) is not { } file) return;
        if (submissions.FirstOrDefault(s => s.SourceJobId == file.JobId && s.SourceImageNo is { } image && image != file.ImageNo) is { } other)
            throw ParameterText.Invalid(Messages.OtherImageOfJob(file.ImageNo, other.SourceImageNo!.Value));
    }

    private protected override void Complete()
    {
        if (_forecast is not null && Estimate) Return(_forecast);
        // -Confirm has shown the price of each task before it was submitted; a total would be one more question.
        else if (_forecast is not null && IsOn("WhatIf")) ShouldProcess(Messages.Forecast(_forecast), null, null);
        _progress?.AllAdded();
        DrainUntil(() => _creates == 0);
        _progress?.Finish();
        WarnOfKnown();
        if (_notSubmitted > 0) WriteWarning(Messages.NotSubmitted(_notSubmitted, _batch.Refusal is { } refusal && ErrorKinds.IsOfBudget(refusal)));
        _wait?.Finish();
        if (_blanks > 0) WriteWarning(Messages.BlankLinesSkipped(_blanks));
        if (_failed > 0) WriteWarning(Messages.FailedTasksSkipped(_failed));
        if (_refused > 0) WriteWarning(Messages.RefusedTasksSkipped(_refused));
    }

    private protected override void Interrupt() => Work.InterruptCreates(_creates - (Volatile.Read(ref _received) - _accepted));

    /// <summary>People often repeat a prompt on purpose, so a warning says that no new task was created. With -SkipSubmitted that is expected.</summary>
    private void WarnOfKnown()
    {
        if (_guard is null || IsOn("WhatIf")) return;
        if (!SkipSubmitted && !Estimate && CurrentSession.KnownTasks.Add(_known, _records, Client.Time) is { } notice) WriteWarning(notice);
        if (_guard.OtherAccount is { } account) WriteWarning(Messages.PaidUnderOtherAccount(account));
    }

    /// <summary>Whether the record is an empty line, and lines are job ids or prompts.</summary>
    private bool IsBlankLine() =>
        IsBlank(InputObject?.BaseObject as string) && _inputParameters is not null && _inputParameters.Any(p => p.IsByValue) && _inputParameters.All(p => PSValue.IsEmpty(p.GetValue(this)));

    /// <exception cref="GatewayException">A text parameter received another type.</exception>
    private void CheckTexts()
    {
        foreach (var parameter in RecordParameters.Texts(GetType()))
        {
            foreach (var text in PSValue.Items(parameter.GetValue(this)))
            {
                if (TextSource.Of(text as string) is not { } given) continue;
                // A piped record supplies text from a property; an argument must be text itself.
                if (!given.IsRefused && IsInput(given)) continue;
                var isMissing = given is { IsRefused: true, Value: null };
                throw ParameterText.Invalid(isMissing ? Messages.ParameterMissing(parameter.Name) : Messages.NotText(parameter.Name, given.Value ?? given.Source));
            }
        }
    }

    private protected bool IsInput(TextSource given) => ReferenceEquals(PSValue.Unwrap(given.Source), PSValue.Unwrap(InputObject));

    /// <summary>Reads the journal before anything is sent.</summary>
    private DuplicateGuard NewGuard()
    {
        try
        {
            var policy = new DuplicatePolicy(Force, SkipSubmitted, RetryUnknown, (Session ?? SessionStore.Current)?.DuplicateWindow ?? DuplicatePolicy.DefaultWindow) { IsRestart = TakesFailedTasks };
            var (journal, address) = FindJournal();
            if (SkipSubmitted && journal.Path is null) throw new CommandException(ErrorIds.Of(GatewayErrorKind.JournalUnavailable), Messages.JournalRequired()) { Advice = Messages.JournalRequiredAdvice() };
            var isPreview = Estimate || IsOn("WhatIf");
            if (isPreview || AsksFirst)
            {
                Await(async stopping =>
                {
                    await journal.LoadPricesAsync(stopping).ConfigureAwait(false);
                    return true;
                });
            }
            if (!isPreview) return Await(stopping => Client.GuardAsync(policy, Observer, stopping));
            var (account, ofKey) = (Session ?? SessionStore.Current)?.Client is { } client ? (client.Account, client.FingerprintOfKey) : (SessionEnvironment.Account ?? Keys.AccountIn(journal), Keys.AccountIn(journal));
            return new DuplicateGuard(new GuardContext(journal, address, () => account, () => ofKey, policy, TimeSpan.Zero, Keys.RedactJson));
        }
        catch (Exception e) when (e is GatewayException or CommandException)
        {
            ThrowTerminatingError(ErrorCatalog.Record(e, null));
            throw;
        }
    }

    /// <summary>For -WhatIf.</summary>
    private void Preview(MJSubmission submission)
    {
        var record = Guard.Begin(submission, null, EntryOf(submission));
        var text = Keys.Redact(submission.ToString());
        Forecast.Add(record, submission);
        if (record.Action == DuplicateAction.Submit) ShouldProcess(text, Keys.Redact(PricedActionOf(submission, record)));
        else ShouldProcess(Keys.Redact(Messages.WouldNotPay(record, text)), null, null);
    }

    private string PricedActionOf(MJSubmission submission, CreateRecord record) => Messages.WithPrice(ActionOf(submission), Forecast.PriceOf(record.Kind));

    private void Return(CostForecast forecast)
    {
        if (!IsOn("WhatIf") && (Session ?? SessionStore.Current) is not null)
        {
            var session = CurrentSession;
            if (Await(stopping => forecast.AskAsync(session.Client, Observer, stopping)) is { } problem) WriteWarning(problem);
        }
        // Before the objects: a warning inside a table is easily missed.
        if (forecast.Lines.Where(l => l.UnitCost is null).ToList() is { Count: > 0 } unknown) WriteWarning(Messages.PriceUnknown(unknown));
        if (forecast.NotPaid > 0) WriteWarning(Messages.NotCounted(forecast));
        foreach (var estimate in forecast.Estimates()) WriteObject(estimate);
    }

    /// <summary>The submission with the origin of its job: from the input, otherwise from the session.</summary>
    private MJSubmission WithSource(MJSubmission submission)
    {
        if (submission.SourceJobId is not { } job || submission.SourceTaskId is not null || submission.SourcePrompt is not null) return submission;
        var source = _isOfTask && TaskSnapshot.AsSource(InputObject!) is { } told && told.SourceJobId == job ? told : CurrentSession.Recent.FindMaker(job)?.AsSource();
        return source is null ? submission : submission with { Origin = submission.Origin.Or(source) };
    }

    /// <summary>Whether ShouldProcess asks, which it should only do for what will be billed.</summary>
    private bool AsksFirst => _asksFirst ??= MyInvocation.BoundParameters.TryGetValue("Confirm", out var given) ? given is SwitchParameter { IsPresent: true }
        : LanguagePrimitives.TryConvertTo(GetVariableValue("ConfirmPreference"), out ConfirmImpact preference) && preference is ConfirmImpact.Low or ConfirmImpact.Medium;

    /// <summary>Resolves a record whose action depends on a read, or on another process.</summary>
    private void Settle(CreateRecord record)
    {
        if (record.Action is not (DuplicateAction.Read or DuplicateAction.Wait)) return;
        try { Await(stopping => record.FindAsync((id, reading) => Client.ReadAsync(id, Observer, reading), stopping, stopping)); }
        catch (GatewayException)
        {
            // The submission reports it.
        }
    }

    private void Submit(MJSubmission submission)
    {
        var record = Guard.Begin(submission, Observer, EntryOf(submission));
        if (IsLeftOut(record)) return;
        if (AsksFirst) Settle(record);
        if (record.Action == DuplicateAction.Submit)
        {
            var action = AsksFirst ? PricedActionOf(submission, record) : ActionOf(submission);
            if (!ShouldProcess(Keys.Redact(submission.ToString()), Keys.Redact(action))) return;
        }
        // Accept no more records than can be sent, because each is about to be billed.
        DrainUntil(() => _creates < Client.Options.ThrottleLimit);
        if (IsLeftOut(record)) return;
        _records++;
        if (Wait) _wait ??= new TaskWait(this, TimeoutSec, WaitDefaults.PollIntervalSec, _listening);
        var session = CurrentSession;
        _creates++;
        NewProgress()?.Add();
        Start(async stopping =>
        {
            try
            {
                var task = session.Own(await session.Client.CreateAsync(submission, record, _batch, Observer, stopping).ConfigureAwait(false));
                session.Keep(task);
                Work.Begin(task, session);
                Interlocked.Increment(ref _received);
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

    /// <summary>With -Wait, the wait shows the only progress bar.</summary>
    private StageProgress? NewProgress() =>
        Wait ? null : _progress ??= new StageProgress(this, Messages.SubmitActivity(), p => Messages.SubmitState(p.Done, p.Failed, p.Total));

    private void Accept(MJTask task)
    {
        _creates--;
        _accepted++;
        if (task.IsKnown) _known.Add(task);
        _progress?.End(isGood: true);
        if (_wait is not null)
        {
            _wait.Add(task, CurrentSession);
            return;
        }
        Deliver(task, CurrentSession);
        if (PollOutcome.Of(task).Error is { } error) WriteError(ErrorCatalog.Record(error, task));
    }

    private void Refuse(MJSubmission submission, GatewayException error)
    {
        var record = ErrorCatalog.Record(error, error.Kind == GatewayErrorKind.SubmitOutcomeUnknown ? ErrorTarget.Unknown(submission, error, CurrentSession) : RecordOf(submission));
        if (ErrorKinds.AppliesToAll(error))
        {
            Drop();
            Stop(record);
            return;
        }
        _creates--;
        _progress?.End(isGood: false);
        if (IsShownByInput(submission, error)) _refused++;
        else WriteError(record);
    }

    /// <summary>Whether a record came after the batch was stopped. A task that the journal has is returned nevertheless: it is paid, and needs no request.</summary>
    private bool IsLeftOut(CreateRecord record)
    {
        if (!_isStopped || record.Action == DuplicateAction.Return) return false;
        _records++;
        _notSubmitted++;
        return true;
    }

    private void Drop()
    {
        _creates--;
        _notSubmitted++;
        _progress?.End(isGood: false);
    }

    /// <summary>
    /// Sends nothing more. A terminating error would discard what downstream cmdlets do with accepted tasks, so the error
    /// terminates only if there are none.
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

/// <summary>The defaults of waiting cmdlets.</summary>
internal static class WaitDefaults
{
    public const int TimeoutSec = 900;

    /// <summary>0: the poll schedule decides.</summary>
    public const double PollIntervalSec = 0;
}
