using System.Management.Automation;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>A cmdlet that accepts tasks: ids, task objects, or tasks from a file or another process.</summary>
public abstract class TaskInputCmdlet : GatewayCmdlet
{
    internal const string ById = "Id";

    private readonly JobIdHint _hint;

    internal TaskInputCmdlet() => _hint = new JobIdHint(this);

    private protected OriginLookup Origins { get; } = new();

    // No session is required until there is input.
    private protected override bool NeedsSessionAtOnce => false;

    /// <summary>Tasks, which keep their origin, or task ids, by value or as the property Id or TaskId.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ById, HelpMessage = "The Id of a task. An empty line ends the list.")]
    [Alias(FieldNames.TaskId, FieldNames.TaskIdOfWire)]
    [TextArgument(nameof(Id), FieldNames.TaskId, FieldNames.TaskIdOfWire, IsList = true)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string?[]? Id { get; set; }

    /// <summary>Adds the tasks of the current record. An invalid task, or one without a session for its gateway, is an error; the others continue.</summary>
    private protected void TakeTasks()
    {
        foreach (var id in Id ?? [null])
            if (FindTask(id) is var (task, session)) Take(task, session, TextSource.Of(id) is { } given && TaskSnapshot.ShowsFailure(given.Source));
    }

    /// <summary>
    /// Adds a task. Its session holds it from now on, so that it is not lost if the pipeline ends before the task is returned. A failure that the input
    /// shows is not reported again: the cmdlet that saw the task end did so.
    /// </summary>
    private protected abstract void Take(MJTask task, MJSession session, bool showsFailure);

    internal override void Explain(MJTask task, GatewayException error)
    {
        base.Explain(task, error);
        _hint.Explain(task, error);
    }

    private (MJTask Task, MJSession Session)? FindTask(string? id)
    {
        var given = TextSource.Of(id)?.Source;
        object? target = given ?? (object?)id;
        try
        {
            var task = TaskInput.Read(id);
            TaskInput.CheckId(task.Id, nameof(Id), Keys);
            target = task;
            var session = SessionOf(task);
            // The session, and so its key, is known only now.
            TaskInput.CheckId(task.Id, nameof(Id), Keys);
            if (given?.BaseObject is not MJTask) _hint.Check(task.Id, session);
            return (task, session);
        }
        catch (Exception e) when (e is CommandException or GatewayException)
        {
            WriteError(ErrorCatalog.Record(e, target));
            return null;
        }
    }
}

/// <summary>Reads an item of a parameter that takes tasks or their IDs.</summary>
internal static class TaskInput
{
    /// <param name="id">The item, as <see cref="TextArgumentAttribute"/> passes it.</param>
    /// <param name="takesSubmissions">Whether a submission without a task ID, such as one whose outcome is unknown, is enough; its ID is empty then.</param>
    /// <exception cref="CommandException">It names no task.</exception>
    /// <exception cref="GatewayException">It is a submission whose task ID is not known.</exception>
    public static MJTask Read(string? id, bool takesSubmissions = false)
    {
        var given = TextSource.Of(id);
        var live = given?.Source.BaseObject as MJTask;
        var task = live ?? (given is null ? new MJTask { Id = id?.Trim() ?? "" } : Read(given));
        if (task.Id.Length > 0 || (takesSubmissions && task.SubmissionId is not null)) return task;
        if (live is not null && !takesSubmissions) throw new GatewayException(GatewayErrorKind.SubmitOutcomeUnknown, Messages.TaskWithoutId(live));
        throw new CommandException(ErrorIds.InvalidTaskId,
            given is not null ? Messages.TaskIdNotInObject(given.Source, PSValue.Text(given.Source, nameof(MJTask.JobId))) : id is null ? Messages.TaskIdNull() : Messages.TaskIdEmpty());
    }

    /// <summary>Checks an ID: it is a part of the address that is read, which proxies may write down.</summary>
    /// <param name="id">The ID.</param>
    /// <param name="parameter">The parameter it was given to.</param>
    /// <param name="keys">Finds the API key in it.</param>
    /// <param name="isStrict">Whether no invisible character is allowed at all; otherwise, as the gateway's own IDs may contain some, only a line break is refused.</param>
    /// <exception cref="CommandException">It is not an ID.</exception>
    public static void CheckId(string id, string parameter, KeyGuard keys, bool isStrict = false)
    {
        var problem = id.Length > MJTask.MaxIdLength ? Messages.TextTooLong(parameter, id.Length, MJTask.MaxIdLength)
            : (isStrict ? ParameterText.HasInvisible(id) : id.IndexOf('\n') >= 0) ? Messages.IdHasInvisible(parameter)
            : keys.IsIn(id) ? Messages.ContainsApiKey(parameter) : null;
        if (problem is not null) throw new CommandException(ErrorIds.InvalidTaskId, problem);
    }

    // An Id that is not text is not an ID either.
    private static MJTask Read(TextSource given) => (given is { IsRefused: true, Value: not null } ? null : TaskSnapshot.Read(given.Source)) ?? new MJTask
    {
        Id = "",
        BaseUri = PSValue.Text(given.Source, nameof(MJTask.BaseUri)),
        SubmissionId = PSValue.Text(given.Source, nameof(MJTask.SubmissionId)),
    };
}

/// <summary>
/// Warns about a job ID where a task ID is expected (contract: they are different). It never keeps an ID from being read, because IDs are opaque: if this session
/// knows the job, it warns at once; the journal and the shape of the ID are consulted only after the gateway did not find the task.
/// </summary>
internal sealed class JobIdHint(GatewayCmdlet cmdlet)
{
    /// <summary>A whole column of job IDs should not cause a thousand warnings.</summary>
    private const int MaxWarnings = 5;

    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private readonly Dictionary<MJSession, RecentTasks> _journals = [];

    /// <summary>Called before the task is read.</summary>
    public void Check(string id, MJSession session)
    {
        if (session.Recent.TryFindOfJob(id, out var task)) Warn(id, Messages.JobIdOfTask(id, task));
    }

    /// <summary>Called after the read failed.</summary>
    public void Explain(MJTask asked, GatewayException error)
    {
        var id = asked.Id;
        if (error.Kind != GatewayErrorKind.TaskNotFound || IsEnough(id)) return;
        var session = asked.Owner.Session as MJSession ?? cmdlet.CurrentSession;
        if (!_journals.TryGetValue(session, out var journal)) _journals[session] = journal = ReadJournal(session);
        if (journal.TryFindOfJob(id, out var task)) Warn(id, Messages.JobIdOfTask(id, task));
        else if (Guid.TryParse(id, out _)) Warn(id, Messages.LooksLikeJobId(id));
    }

    private void Warn(string id, string message)
    {
        if (IsEnough(id)) return;
        _warned.Add(id);
        cmdlet.WriteWarning(message);
    }

    private bool IsEnough(string id) => _warned.Count >= MaxWarnings || _warned.Contains(id);

    private RecentTasks ReadJournal(MJSession session)
    {
        var known = new RecentTasks(int.MaxValue);
        try
        {
            foreach (var task in cmdlet.Await(stopping => session.Client.Options.Journal!.ReadAsync(session.BaseUri, stopping)).Tasks) known.Note(task);
        }
        catch (GatewayException)
        {
            // Without the journal there is no hint.
        }
        return known;
    }
}
