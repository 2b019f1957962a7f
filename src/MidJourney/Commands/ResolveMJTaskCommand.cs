using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Journal;
using MidJourney.Parameters;
using MidJourney.Polling;

namespace MidJourney.Commands;

/// <summary>Settles submissions whose outcome is unknown: records which task was created, or that none was. Nothing is billed.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "MJTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = Made)]
[OutputType(typeof(MJTask))]
public sealed class ResolveMJTaskCommand : GatewayCmdlet
{
    private const string Made = "Made", NotMade = "NeverMade";

    /// <summary>The clocks of the gateway and of this machine may differ.</summary>
    private static readonly TimeSpan ClockAllowance = TimeSpan.FromHours(1);

    private readonly JobIdHint _hint;
    private string? _taskId;
    private string? _firstSubmission;
    private readonly HashSet<MJSession> _refused = [];
    private bool _isReading;
    private int _notRead;

    /// <summary>Creates the cmdlet.</summary>
    public ResolveMJTaskCommand() => _hint = new JobIdHint(this);

    private protected override bool NeedsSessionAtOnce => false;

    private protected override bool IsAwaited => _isReading;

    /// <summary>Submissions whose outcome is unknown, from Get-MJTask -Status OutcomeUnknown, or their submission ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "A SubmissionId from Get-MJTask -Status OutcomeUnknown. An empty line ends the list.")]
    [TextArgument(nameof(SubmissionId), IsList = true)]
    [ArgumentCompleter(typeof(SubmissionIdCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string?[]? SubmissionId { get; set; }

    /// <summary>The task that was created. The default is the task that the input names, if any.</summary>
    [Parameter(ParameterSetName = Made)]
    [TextArgument("Id", FieldNames.TaskId, FieldNames.TaskIdOfWire)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    [AllowNull]
    [AllowEmptyString]
    public string? TaskId { get; set; }

    /// <summary>Record that no task was created. The same work can then be submitted again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NotMade)]
    public SwitchParameter NeverMade { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(TaskId))) return;
        try { _taskId = CheckTaskId(TaskId); }
        catch (CommandException e) { ThrowTerminatingError(ErrorCatalog.Record(e, TaskId)); }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var item in SubmissionId ?? [null])
        {
            var given = TextSource.Of(item)?.Source;
            try { Settle(ReadName(item, given), given); }
            catch (Exception e) when (e is CommandException or GatewayException) { WriteError(ErrorCatalog.Record(e, given ?? (object?)item)); }
        }
    }

    private protected override void Complete()
    {
        if (_notRead > 0) WriteWarning(Messages.NotRead(_notRead));
    }

    private static Guid ReadName(string? item, PSObject? given)
    {
        var text = given is null ? item : PSValue.Text(given, nameof(SubmissionId));
        if (!string.IsNullOrWhiteSpace(text)) return Guid.TryParseExact(text!.Trim(), "N", out var name) ? name : throw NotASubmission(Messages.InvalidSubmissionId(text));
        throw NotASubmission(given is null ? Messages.InvalidSubmissionId(text ?? "")
            : PSValue.Text(given, "Id") is { } id ? Messages.OutcomeKnown(id) : Messages.SubmissionIdMissing(given));
    }

    private void Settle(Guid name, PSObject? given)
    {
        var journal = FindJournal().Journal;
        var known = Await(stopping => journal.FindAsync(index => index.FindByName(name), stopping));
        string? taskId = null;
        Check(journal.CanSettle(name, null));
        if (!NeverMade) taskId = TaskOf(known!, given);
        Check(journal.CanSettle(name, taskId));
        if (!ShouldProcess(Keys.Redact(Messages.SubmittedAt(known!)), Keys.Redact(taskId is null ? Messages.RecordNotCreated() : Messages.RecordCreated(taskId)))) return;
        if (taskId is null) Write(JournalLineWriter.NotCreated(known!.Create.Ref, null, journal.Time.GetUtcNow()));
        else if (Read(known!, taskId) is { } task)
        {
            Write(JournalLineWriter.Created(known!.Create, task, journal.Time.GetUtcNow()));
            Return(task);
        }

        void Write(byte[] line) => Check(Await(_ => journal.SettleAsync(name, taskId, line)));

        void Check(SettleResult result)
        {
            if (result == SettleResult.Settled) return;
            var message = Messages.NotSettled(result, name.ToString("N"), known, taskId ?? _taskId, journal);
            throw result == SettleResult.TaskTaken ? ParameterText.Invalid(message) : NotASubmission(message);
        }
    }

    /// <summary>The task to record: from -TaskId, otherwise from the input or the journal.</summary>
    private string TaskOf(KnownCreate known, PSObject? given)
    {
        if (_taskId is null)
        {
            var probable = (given is null ? null : PSValue.Text(given, "Id") ?? PSValue.Text(given, "TaskId")) ?? (known.Task.Id.Length > 0 ? known.Task.Id : null);
            return probable is null ? throw new GatewayException(GatewayErrorKind.SubmitOutcomeUnknown, Messages.SubmissionWithoutTask(known)) : CheckTaskId(probable);
        }
        _firstSubmission ??= known.Create.Ref;
        return _firstSubmission == known.Create.Ref ? _taskId : throw ParameterText.Invalid(Messages.OneTaskPerSubmission(_taskId));
    }

    /// <summary>Reads the task, which costs nothing, and checks that the submission can have created it.</summary>
    /// <returns>The task with its origin; null if it was not read, because the gateway refuses all reads.</returns>
    private MJTask? Read(KnownCreate known, string taskId)
    {
        var asked = new MJTask { Id = taskId, BaseUri = known.Create.BaseUri, Account = known.Create.Account };
        var session = SessionOf(asked);
        // The session, and so its key, is known only now.
        CheckTaskId(taskId);
        if (_refused.Contains(session))
        {
            _notRead++;
            return null;
        }
        _hint.Check(taskId, session);
        var task = Read(asked, session);
        if (task.Model is { } model && !string.Equals(model, known.Create.Model, StringComparison.OrdinalIgnoreCase)) throw ParameterText.Invalid(Messages.TaskOfOtherModel(task, known));
        if (task.CreatedAt < known.CreatedAt - ClockAllowance) throw ParameterText.Invalid(Messages.TaskTooOld(task, known));
        return session.Own(task.WithOriginOf(known.Task));
    }

    private MJTask Read(MJTask asked, MJSession session)
    {
        _isReading = true;
        try
        {
            var task = Await(stopping => session.Client.ReadAsync(asked.Id, Observer, stopping));
            session.IsRefused = false;
            return task;
        }
        catch (GatewayException e)
        {
            if (e.Kind is GatewayErrorKind.Unauthorized or GatewayErrorKind.ProxyAuthenticationRequired) session.IsRefused = _refused.Add(session);
            // The journal does not have this task, so there is nothing to record.
            _hint.Explain(session.Own(asked), e);
            throw;
        }
        finally
        {
            _isReading = false;
        }
    }

    private void Return(MJTask task)
    {
        var session = (MJSession)task.Owner.Session!;
        session.Keep(task);
        Deliver(task, session);
        if (TaskImages.Warning(task) is { } warning) WriteWarning(warning);
        if (PollOutcome.Of(task).Error is { } error) WriteError(ErrorCatalog.Record(error, task));
    }

    private string CheckTaskId(string? text)
    {
        var id = text?.Trim() ?? "";
        if (id.Length == 0) throw new CommandException(ErrorIds.InvalidTaskId, TextSource.Of(text) is { } given ? Messages.TaskIdNotInObject(given.Source, PSValue.Text(given.Source, nameof(MJTask.JobId))) : Messages.TaskIdEmpty());
        TaskInput.CheckId(id, nameof(TaskId), Keys, isStrict: true);
        return id;
    }

    private static CommandException NotASubmission(string message) => new(ErrorIds.InvalidTask, message) { Advice = Messages.NotSettledAdvice() };
}
