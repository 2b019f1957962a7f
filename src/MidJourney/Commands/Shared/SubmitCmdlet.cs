using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;
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
    private const int ProgressId = 3;

    private readonly RequestBatch _batch = new();
    private readonly List<MJTask> _known = [];
    private DuplicateGuard? _guard;
    private TaskWait? _wait;
    private StageProgress? _progress;
    private PropertyInfo[]? _ofInput;
    private int _creates;
    private bool _isStopped;
    private int _accepted;
    private int _notSubmitted;
    private int _blanks;
    private int _records;
    private int _failed;
    private bool? _asksFirst;

    internal SubmitCmdlet()
    {
    }

    /// <summary>The URL that the gateway calls when the task has finished: http or https.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
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

    /// <summary>Submit and pay, regardless of the journal.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Return completed work from the journal, however old it is. Without this switch, work that was completed before the duplicate window is billed again.</summary>
    [Parameter]
    public SwitchParameter SkipSubmitted { get; set; }

    /// <summary>Submit again if the outcome of an earlier submission is unknown. May pay twice.</summary>
    [Parameter]
    public SwitchParameter RetryUnknown { get; set; }

    /// <summary>The object from the pipeline. A task supplies the origin of its job.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Whether a failed task from the pipeline is what it works on, rather than one to leave out.</summary>
    private protected virtual bool TakesFailedTasks => false;

    private protected DuplicateGuard Guard => _guard ??= NewGuard();

    private protected override bool IsAwaited => _creates > 0 || _wait is { IsAwaited: true };

    /// <summary>What the record asks for.</summary>
    /// <exception cref="GatewayException">The record cannot be what it should be; nothing of it is sent.</exception>
    internal abstract IReadOnlyList<MJSubmission> ReadRecord();

    /// <summary>The jobs of a record, each once. An ID that cannot be right is an error of its own; the others go on.</summary>
    /// <exception cref="GatewayException">There is none.</exception>
    private protected IReadOnlyList<JobSource> ReadJobs(string?[]? ids)
    {
        var jobs = new List<JobSource>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var isRefused = false;
        foreach (var id in ids ?? [])
        {
            if (ids!.Length > 1 && IsBlank(id))
            {
                _blanks++;
                continue;
            }
            try
            {
                // The same job twice would be paid twice.
                if (ReadJob(id) is var job && known.Add(job.JobId!)) jobs.Add(job);
            }
            catch (GatewayException e)
            {
                isRefused = true;
                WriteError(ErrorCatalog.Record(e, DescribeRecord([id])));
            }
        }
        return jobs.Count > 0 || isRefused ? jobs : throw new GatewayException(GatewayErrorKind.JobIdMissing, CommandMessages.JobIdMissing());
    }

    private protected JobSource ReadJob(string? id)
    {
        var given = GivenText.SourceOf(id);
        if (given is { IsRefused: true, Value: not null, IsObject: false })
            throw ParameterText.Invalid(CommandMessages.NotText(nameof(MJTask.JobId), given.Value));
        if (string.IsNullOrWhiteSpace(id))
            throw new GatewayException(GatewayErrorKind.JobIdMissing, given is { IsObject: true } ? CommandMessages.JobIdNotInObject(given.Source) : CommandMessages.JobIdMissing());
        var jobId = id!.Trim();
        if (jobId.Length > MJTask.MaxIdLength) throw ParameterText.Invalid(CommandMessages.TextTooLong(nameof(MJTask.JobId), jobId.Length, MJTask.MaxIdLength));
        if (ParameterText.HasInvisible(jobId)) throw ParameterText.Invalid(CommandMessages.IdHasInvisible(nameof(MJTask.JobId)));
        if (Keys.IsIn(jobId)) throw ParameterText.Invalid(CommandMessages.HoldsKey(nameof(MJTask.JobId)));
        return given is not null && JobSource.From(given.Source) is { } source && source.JobId == jobId ? source : new JobSource(jobId, null, null);
    }

    /// <summary>An empty line of a file, rather than a value that is missing.</summary>
    private static bool IsBlank(string? text) => text is not null && string.IsNullOrWhiteSpace(text) && GivenText.SourceOf(text) is null;

    /// <summary>The record as it was given, so that it can be corrected and piped in again.</summary>
    /// <param name="jobIds">Those of its job IDs that are meant; null for all.</param>
    private PSObject DescribeRecord(string?[]? jobIds = null)
    {
        var record = new PSObject();
        foreach (var parameter in RecordParameters.Of(GetType()))
        {
            var value = parameter.Name == nameof(MJTask.JobId) && jobIds is not null ? jobIds : parameter.GetValue(this);
            if (parameter.Name == nameof(MJTask.JobId) && value is string?[] { Length: 1 } one) value = one[0];
            record.Properties.Add(new PSNoteProperty(parameter.Name, GivenText.Given(value)));
        }
        return record;
    }

    /// <summary>A submission as a record that this cmdlet takes, so that a refused one can be corrected and piped in again.</summary>
    internal virtual PSObject RecordOf(MJSubmission submission) => ErrorTarget.Refused(submission);

    /// <summary>What is done to the target, for -WhatIf and -Confirm.</summary>
    internal virtual string ActionOf(MJSubmission submission) => CommandMessages.CreateTask(submission.Model);

    /// <summary>The parameters with the callback, which every model takes, where one was given.</summary>
    /// <exception cref="GatewayException">The callback is not a web address.</exception>
    internal IReadOnlyList<KeyValuePair<string, object?>> WithCallback(IEnumerable<KeyValuePair<string, object?>> parameters) =>
        CallbackUrl.Parse(Callback) is { } callback ? [.. parameters, new("callback", callback)] : [.. parameters];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Force && (SkipSubmitted || RetryUnknown))
            ThrowTerminatingError(ErrorCatalog.Record(new GatewayException(GatewayErrorKind.InvalidParameter, CommandMessages.ForceAlone()), null));
        base.BeginProcessing();
        var given = MyInvocation.BoundParameters;
        if (!MyInvocation.ExpectingInput) return;
        // What is bound, but not set yet, is a script block that reads the value from each record.
        _ofInput = [.. RecordParameters.Of(GetType()).Where(p => !given.TryGetValue(p.Name, out var value) || value is not null && p.GetValue(this) is null)];
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (IsBlankLine())
        {
            _blanks++;
            return;
        }
        if (!TakesFailedTasks && InputObject is not null && HasFailed(InputObject))
        {
            _failed++;
            return;
        }
        IReadOnlyList<MJSubmission> submissions;
        try
        {
            CheckTexts();
            submissions = ReadRecord();
            if (submissions.Count > 0) CheckKey(submissions[0]);
            // Each record is paid, so one that has no say in what is made is a mistake.
            if (submissions.Count > 0 && _ofInput?.All(SaysNothing) == true) throw new GatewayException(GatewayErrorKind.InvalidParameter, CommandMessages.InputSaysNothing());
        }
        catch (GatewayException e)
        {
            WriteError(ErrorCatalog.Record(e, DescribeRecord()));
            return;
        }
        foreach (var submission in submissions)
        {
            if (_isStopped) _notSubmitted++;
            else if (IsOn("WhatIf")) Preview(submission);
            else Submit(WithSource(submission));
        }
        DrainReady();
    }

    /// <summary>Whether a record gives a parameter no value.</summary>
    private protected virtual bool SaysNothing(PropertyInfo parameter) => GivenValue.SaysNothing(parameter.GetValue(this));

    /// <summary>The gateway hands on what it is given, so the key must not be among it.</summary>
    /// <exception cref="GatewayException">A value is the key, or holds it.</exception>
    private protected void CheckKey(MJSubmission submission)
    {
        if (Keys.IsIn(submission.Model)) throw ParameterText.Invalid(CommandMessages.HoldsKey(nameof(submission.Model)));
        if (submission.Parameters.Where(p => Keys.IsIn(p)).Select(p => p.Key).FirstOrDefault() is not { } field) return;
        var name = RecordParameters.Of(GetType()).FirstOrDefault(p => string.Equals(p.Name, field, StringComparison.OrdinalIgnoreCase))?.Name;
        throw ParameterText.Invalid(CommandMessages.HoldsKey(name ?? "Parameter"));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _progress?.AllAdded();
        DrainUntil(() => _creates == 0);
        _progress?.Finish();
        WarnOfKnown();
        if (_notSubmitted > 0) WriteWarning(CommandMessages.NotSubmitted(_notSubmitted));
        _wait?.Finish();
        if (_blanks > 0) WriteWarning(CommandMessages.BlankLinesSkipped(_blanks));
        if (_failed > 0) WriteWarning(CommandMessages.FailedTasksSkipped(_failed));
    }

    /// <summary>Repeating a prompt is how people use MidJourney, so they are told at once that nothing new was made. Who asked for that knows.</summary>
    private void WarnOfKnown()
    {
        if (_guard is null || IsOn("WhatIf")) return;
        if (!SkipSubmitted && CurrentSession.KnownTasks.Note(_known, _records, Client.Time) is { } notice) WriteWarning(notice);
        if (_guard.OtherAccount is { } account) WriteWarning(CommandMessages.OtherAccount(account));
    }

    /// <summary>A task that has failed has no image to go on with.</summary>
    private static bool HasFailed(PSObject input) => input.BaseObject is MJTask task
        ? task.Status is MJTaskStatus.Failed or MJTaskStatus.Cancelled
        : TaskSeed.Text(input, nameof(MJTask.RawStatus)) is not null && TaskSeed.Text(input, nameof(MJTask.Status)) is MJTaskStatus.Failed or MJTaskStatus.Cancelled;

    /// <summary>Whether the record is an empty line where a line is a job ID or a prompt.</summary>
    private bool IsBlankLine() =>
        IsBlank(InputObject?.BaseObject as string) && _ofInput is not null && _ofInput.Any(RecordParameters.IsByValue) && _ofInput.All(p => GivenValue.SaysNothing(p.GetValue(this)));

    /// <exception cref="GatewayException">A parameter was given something that is not text.</exception>
    private void CheckTexts()
    {
        foreach (var parameter in RecordParameters.Texts(GetType()))
        {
            foreach (var text in GivenValue.Items(parameter.GetValue(this)))
            {
                if (GivenText.SourceOf(text as string) is not { } given) continue;
                // The text of a record that is piped in is its property; an argument is a text itself.
                if (!given.IsRefused && IsInput(given)) continue;
                var isMissing = given is { IsRefused: true, Value: null };
                throw ParameterText.Invalid(isMissing ? CommandMessages.ParameterMissing(parameter.Name) : CommandMessages.NotText(parameter.Name, given.Value ?? given.Source));
            }
        }
    }

    private protected bool IsInput(TextSource given) => ReferenceEquals(GivenValue.Bare(given.Source), GivenValue.Bare(InputObject));

    /// <summary>What is known is read before anything is sent; what would be paid is asked about.</summary>
    private DuplicateGuard NewGuard()
    {
        try
        {
            var policy = new DuplicatePolicy(Force, SkipSubmitted, RetryUnknown, (Session ?? SessionStore.Current)?.DuplicateWindow ?? DuplicatePolicy.DefaultWindow);
            if (!IsOn("WhatIf")) return Await(stopping => Client.GuardAsync(policy, Observer, stopping));
            var (journal, address) = FindJournal();
            if (SkipSubmitted && journal.Path is null) throw new GatewayException(GatewayErrorKind.JournalUnavailable, CommandMessages.NoJournalToSkip());
            Await(async stopping =>
            {
                await journal.LoadAsync(stopping).ConfigureAwait(false);
                return true;
            });
            var (account, ofKey) = (Session ?? SessionStore.Current)?.Client is { } client ? (client.Account, client.FingerprintOfKey) : (SessionEnvironment.Account ?? Keys.AccountIn(journal), Keys.AccountIn(journal));
            return new DuplicateGuard(new GuardContext(journal, address, () => account, () => ofKey, policy, TimeSpan.Zero, Keys.RedactJson));
        }
        catch (GatewayException e)
        {
            ThrowTerminatingError(ErrorCatalog.Record(e, null));
            throw;
        }
    }

    /// <summary>Says what would be done, and does nothing.</summary>
    private void Preview(MJSubmission submission)
    {
        var record = Guard.Begin(submission, null);
        var text = Keys.Redact(submission.ToString());
        if (record.Action == DuplicateAction.Submit) ShouldProcess(text, Keys.Redact(ActionOf(submission)));
        else ShouldProcess(Keys.Redact(CommandMessages.WouldNotPay(record, text)), null, null);
    }

    /// <summary>With where its job came from: as the input tells, or else this session, which may have seen how the job was made.</summary>
    private MJSubmission WithSource(MJSubmission submission)
    {
        if (submission.SourceJobId is not { } job || submission.SourceTaskId is not null || submission.SourcePrompt is not null) return submission;
        var source = InputObject is not null && JobSource.From(InputObject) is { } told && told.JobId == job ? told : CurrentSession.Recent.FindMaker(job) is { } maker ? JobSource.Of(maker) : null;
        return source is null ? submission : submission with { SourceTaskId = source.TaskId, SourcePrompt = source.Prompt };
    }

    /// <summary>Whether ShouldProcess asks: only what is known to be paid is to be asked about.</summary>
    private bool AsksFirst => _asksFirst ??= MyInvocation.BoundParameters.TryGetValue("Confirm", out var given) ? given is SwitchParameter { IsPresent: true }
        : LanguagePrimitives.TryConvertTo(GetVariableValue("ConfirmPreference"), out ConfirmImpact preference) && preference is ConfirmImpact.Low or ConfirmImpact.Medium;

    /// <summary>Finds out what a record comes to that depends on a read, or on another process.</summary>
    private void Settle(CreateRecord record)
    {
        if (record.Action is not (DuplicateAction.Read or DuplicateAction.Wait)) return;
        try { Await(stopping => record.FindAsync((id, reading) => Client.ReadAsync(id, Observer, reading), stopping)); }
        catch (GatewayException)
        {
            // It comes again when the record is submitted, and is reported there.
        }
    }

    private void Submit(MJSubmission submission)
    {
        var record = Guard.Begin(submission, Observer);
        if (AsksFirst) Settle(record);
        if (record.Action == DuplicateAction.Submit && !ShouldProcess(Keys.Redact(submission.ToString()), Keys.Redact(ActionOf(submission)))) return;
        // Each record held is money about to be spent, so no more are taken in than are being sent.
        DrainUntil(() => _creates < Client.Options.ThrottleLimit);
        if (_isStopped)
        {
            _notSubmitted++;
            return;
        }
        _records++;
        if (Wait) _wait ??= new TaskWait(this, TimeoutSec, WaitDefaults.PollIntervalSec);
        var session = CurrentSession;
        _creates++;
        NewProgress()?.Add();
        Start(async stopping =>
        {
            try
            {
                var task = session.Own(await session.Client.CreateAsync(submission, record, _batch, Observer, stopping).ConfigureAwait(false));
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
        if (ErrorKinds.HoldsForAll(error))
        {
            Drop();
            Stop(record);
            return;
        }
        _creates--;
        _progress?.End(isGood: false);
        WriteError(record);
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

/// <summary>The parameters of a cmdlet that take their value from a record.</summary>
internal static class RecordParameters
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = new(), KnownTexts = new();

    public static IReadOnlyList<PropertyInfo> Of(Type cmdlet) => Known.GetOrAdd(cmdlet, Find);

    /// <summary>All that take text, from a record or not, but for the IDs of jobs and tasks, each of which is checked by itself.</summary>
    public static IReadOnlyList<PropertyInfo> Texts(Type cmdlet) =>
        KnownTexts.GetOrAdd(cmdlet, c => [.. c.GetProperties().Where(p => p.Name is not (nameof(MJTask.JobId) or nameof(MJTask.Id)) && p.GetCustomAttribute<TextArgumentAttribute>() is not null)]);

    /// <summary>Whether a text that is piped in is the parameter's value.</summary>
    public static bool IsByValue(PropertyInfo parameter) => parameter.GetCustomAttributes<ParameterAttribute>().Any(a => a.ValueFromPipeline);

    private static PropertyInfo[] Find(Type cmdlet) =>
        [.. cmdlet.GetProperties().Where(p => p.GetCustomAttributes<ParameterAttribute>().Any(a => !a.DontShow && (a.ValueFromPipelineByPropertyName || a.ValueFromPipeline)))];
}

/// <summary>What waiting does unless told otherwise.</summary>
internal static class WaitDefaults
{
    public const int TimeoutSec = 900;

    /// <summary>The schedule alone decides.</summary>
    public const double PollIntervalSec = 0;
}
