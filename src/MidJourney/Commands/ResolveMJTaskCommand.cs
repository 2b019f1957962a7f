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

    /// <summary>The gateway's clock and this machine's need not agree.</summary>
    private static readonly TimeSpan ClockAllowance = TimeSpan.FromHours(1);

    private readonly JobIdHint _hint;
    private string? _taskId;
    private string? _firstSubmission;
    private readonly HashSet<MJSession> _refused = [];
    private bool _isReading;
    private int _notRead;

    /// <summary>Makes the cmdlet.</summary>
    public ResolveMJTaskCommand() => _hint = new JobIdHint(this);

    private protected override bool NeedsSessionAtOnce => false;

    private protected override bool IsAwaited => _isReading;

    /// <summary>Submissions whose outcome is unknown, from Get-MJTask -Status OutcomeUnknown, or their submission ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TextArgument(nameof(SubmissionId), IsList = true)]
    [ArgumentCompleter(typeof(SubmissionIdCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string?[]? SubmissionId { get; set; }

    /// <summary>The task that was created. The default is the task that the input names, if any.</summary>
    [Parameter(ParameterSetName = Made)]
    [TextArgument("Id", "TaskId")]
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
            var given = GivenText.SourceOf(item)?.Source;
            try { Settle(ReadName(item, given), given); }
            catch (Exception e) when (e is CommandException or GatewayException) { WriteError(ErrorCatalog.Record(e, given ?? (object?)item)); }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_notRead > 0) WriteWarning(CommandMessages.NotRead(_notRead));
    }

    private static Guid ReadName(string? item, PSObject? given)
    {
        var text = given is null ? item : TaskSeed.Text(given, nameof(SubmissionId));
        if (!string.IsNullOrWhiteSpace(text)) return Guid.TryParseExact(text!.Trim(), "N", out var name) ? name : throw NotASubmission(CommandMessages.NotASubmissionId(text));
        throw NotASubmission(given is null ? CommandMessages.NotASubmissionId(text ?? "")
            : TaskSeed.Text(given, "Id") is { } id ? CommandMessages.TaskNotUnknown(id) : CommandMessages.SubmissionIdMissing(given));
    }

    private void Settle(Guid name, PSObject? given)
    {
        var journal = FindJournal().Journal;
        var known = Await(stopping => journal.FindAsync(index => index.FindByName(name), stopping));
        string? taskId = null;
        Check(journal.CanSettle(name, null));
        if (!NeverMade) taskId = TaskOf(known!, given);
        Check(journal.CanSettle(name, taskId));
        if (!ShouldProcess(Keys.Redact(CommandMessages.SubmittedAt(known!)), Keys.Redact(taskId is null ? CommandMessages.SettleNeverMade() : CommandMessages.SettleMade(taskId)))) return;
        if (taskId is null) Write(JournalLineWriter.NotCreated(known!.Create.Ref, null, journal.Time.GetUtcNow()));
        else if (Read(known!, taskId) is { } task)
        {
            Write(JournalLineWriter.Created(known!.Create, task, journal.Time.GetUtcNow()));
            Put(task);
        }

        void Write(byte[] line) => Check(Await(_ => journal.SettleAsync(name, taskId, line)));

        void Check(SettleResult result)
        {
            if (result == SettleResult.Settled) return;
            var message = CommandMessages.NotSettled(result, name.ToString("N"), known, taskId ?? _taskId, journal);
            throw result == SettleResult.TaskTaken ? ParameterText.Invalid(message) : NotASubmission(message);
        }
    }

    /// <summary>The task that is to be recorded: as the user says, or else as the input or the journal has it.</summary>
    private string TaskOf(KnownCreate known, PSObject? given)
    {
        if (_taskId is null)
        {
            var probable = (given is null ? null : TaskSeed.Text(given, "Id") ?? TaskSeed.Text(given, "TaskId")) ?? (known.Task.Id.Length > 0 ? known.Task.Id : null);
            return probable is null ? throw new GatewayException(GatewayErrorKind.SubmitOutcomeUnknown, CommandMessages.SubmissionWithoutTask(known)) : CheckTaskId(probable);
        }
        _firstSubmission ??= known.Create.Ref;
        return _firstSubmission == known.Create.Ref ? _taskId : throw ParameterText.Invalid(CommandMessages.OneTaskPerSubmission(_taskId));
    }

    /// <summary>Reads the task at the gateway, which is free, and checks that the submission can have made it.</summary>
    /// <returns>The task with its origin; null where it was not read, because the gateway refuses every read.</returns>
    private MJTask? Read(KnownCreate known, string taskId)
    {
        var asked = new MJTask { Id = taskId, BaseUri = known.Create.BaseUri, Account = known.Create.Account };
        var session = SessionOf(asked);
        // The key of the session that it is read at is known only now.
        CheckTaskId(taskId);
        if (_refused.Contains(session))
        {
            _notRead++;
            return null;
        }
        _hint.Check(taskId, session);
        var task = Read(asked, session);
        if (task.Model is { } model && !string.Equals(model, known.Create.Model, StringComparison.OrdinalIgnoreCase)) throw ParameterText.Invalid(CommandMessages.TaskOfOtherModel(task, known));
        if (task.CreatedAt < known.CreatedAt - ClockAllowance) throw ParameterText.Invalid(CommandMessages.TaskTooOld(task, known));
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
            // The journal knows no such task, so nothing is written down.
            _hint.Explain(session.Own(asked), e);
            throw;
        }
        finally
        {
            _isReading = false;
        }
    }

    private void Put(MJTask task)
    {
        var session = (MJSession)task.Owner.Session!;
        session.Keep(task);
        Deliver(task, session);
        if (TaskImages.Warning(task) is { } warning) WriteWarning(warning);
        if (PollOutcome.Of(task).Error is { } error) WriteError(ErrorCatalog.Record(error, task));
    }

    /// <summary>An ID is a part of the address that is read, which proxies may write down.</summary>
    private string CheckTaskId(string? text)
    {
        var id = text?.Trim() ?? "";
        var problem = id.Length == 0 ? GivenText.SourceOf(text) is { } given ? CommandMessages.ObjectNamesNoTask(given.Source) : CommandMessages.TextNamesNoTask()
            : id.Length > MJTask.MaxIdLength ? CommandMessages.TextTooLong(nameof(TaskId), id.Length, MJTask.MaxIdLength)
            : ParameterText.HasInvisible(id) ? CommandMessages.IdHasInvisible(nameof(TaskId))
            : Keys.IsIn(id) ? CommandMessages.HoldsKey(nameof(TaskId)) : null;
        return problem is null ? id : throw new CommandException(ErrorIds.InvalidTaskId, problem);
    }

    private static CommandException NotASubmission(string message) => new(ErrorIds.InvalidTask, message) { Advice = CommandMessages.NotSettledAdvice() };
}
