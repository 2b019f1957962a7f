using System.Management.Automation;
using MidJourney.Parameters;

namespace MidJourney.Commands.Shared;

/// <summary>A cmdlet that takes tasks: ids, live task objects, or tasks from a file or another process.</summary>
public abstract class TaskInputCmdlet : GatewayCmdlet
{
    /// <summary>The parameter set of tasks that are given, rather than looked up.</summary>
    internal const string ById = "Id";

    private readonly JobIdHint _hint;

    internal TaskInputCmdlet() => _hint = new JobIdHint(this);

    // With nothing to read, as after a dry run, none is missed.
    private protected override bool NeedsSessionAtOnce => false;

    /// <summary>Tasks, which keep their origin, or task ids, by value or as the property Id or TaskId.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [Alias("TaskId")]
    [TextArgument("Id", "TaskId", IsList = true)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string?[]? Id { get; set; }

    /// <summary>Takes in the tasks of this record; an error for each that is none, or belongs where no session leads.</summary>
    private protected void TakeTasks()
    {
        foreach (var id in Id ?? [null])
        {
            var given = GivenText.SourceOf(id);
            var task = given is null ? FromId(id) : FromObject(given);
            // The key of the session that it is read at is known only when that is.
            if (task is null || !CanBeId(task) || FindSession(task) is not { } session || !CanBeId(task)) continue;
            if (given?.Source.BaseObject is not MJTask) _hint.Check(task.Id, session);
            Take(task, session);
        }
    }

    /// <summary>Takes in a task. From now on its session holds it, so that it is not lost if the pipeline ends before the task has come out.</summary>
    private protected abstract void Take(MJTask task, MJSession session);

    private MJSession? FindSession(MJTask task)
    {
        try { return SessionOf(task); }
        catch (CommandException e)
        {
            WriteError(ErrorCatalog.Record(e, task));
            return null;
        }
    }

    /// <summary>An ID is a part of the address that is read, which proxies may write down.</summary>
    private bool CanBeId(MJTask task)
    {
        var problem = task.Id.Length > MJTask.MaxIdLength ? CommandMessages.TextTooLong(nameof(Id), task.Id.Length, MJTask.MaxIdLength)
            : Keys.IsIn(task.Id) ? CommandMessages.HoldsKey(nameof(Id))
            : task.Id.IndexOf('\n') >= 0 ? CommandMessages.IdHasInvisible(nameof(Id)) : null;
        if (problem is null) return true;
        WriteError(ErrorCatalog.Record(new CommandException(ErrorIds.InvalidTaskId, problem), task.Id));
        return false;
    }

    private MJTask? FromObject(TextSource given)
    {
        if (given.Source.BaseObject is MJTask task) return task.Id.Length > 0 ? task : RefuseUnknown(task);
        // An Id that is not text is not an ID either.
        return given is { IsRefused: true } ? Refuse(given.Source) : TaskSeed.From(given.Source) ?? Refuse(given.Source);
    }

    internal override void Explain(MJTask task, GatewayException error)
    {
        base.Explain(task, error);
        _hint.Explain(task, error);
    }

    private MJTask? FromId(string? id) => string.IsNullOrWhiteSpace(id) ? Refuse(id) : new MJTask { Id = id!.Trim() };

    /// <summary>The journal lists creates whose answer was lost; there is nothing to ask the gateway for.</summary>
    private MJTask? RefuseUnknown(MJTask task)
    {
        WriteError(ErrorCatalog.Record(new GatewayException(GatewayErrorKind.SubmitOutcomeUnknown, CommandMessages.TaskWithoutId(task)), task));
        return null;
    }

    private MJTask? Refuse(object? given)
    {
        var message = given switch
        {
            null => CommandMessages.NothingNamesNoTask(),
            string => CommandMessages.TextNamesNoTask(),
            _ => CommandMessages.ObjectNamesNoTask((PSObject)given),
        };
        WriteError(ErrorCatalog.Record(new CommandException(ErrorIds.InvalidTaskId, message), given));
        return null;
    }
}
