using System.Collections;
using System.Management.Automation;

namespace MidJourney;

/// <summary>A cmdlet that takes tasks: ids, live task objects, or what became of those in a file or another process.</summary>
public abstract class TaskInputCmdlet : GatewayCmdlet
{
    /// <summary>The parameter set of tasks that are given, rather than looked up.</summary>
    internal const string ById = "Id";

    private readonly JobIdHint _hint;

    internal TaskInputCmdlet() => _hint = new JobIdHint(this);

    // With nothing to read, as after a dry run, none is missed.
    private protected override bool NeedsSessionAtOnce => false;

    /// <summary>Task ids, by value or as property Id or TaskId.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [Alias("TaskId")]
    [PropertyOfObject("Id", "TaskId")]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string?[]? Id { get; set; }

    /// <summary>The whole object that came down the pipeline, which knows more than its id.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true, ParameterSetName = ById)]
    public PSObject? InputObject { get; set; }

    /// <summary>The tasks of this record; an error for each that is none.</summary>
    internal IEnumerable<MJTask> ReadTasks()
    {
        if (InputObject?.BaseObject is MJTask task) return task.Id.Length > 0 ? [task] : RefuseUnknown(task);
        if (InputObject is null || IsPlain(InputObject.BaseObject)) return (Id ?? [null]).Select(FromId).OfType<MJTask>();
        if (TaskSeed.From(InputObject) is { } seed) return [Checked(seed)];
        return Id is { Length: > 1 } several ? several.Select(FromId).OfType<MJTask>() : Refuse(InputObject);
    }

    /// <summary>Text, a number, or a list of them, rather than an object with properties.</summary>
    private static bool IsPlain(object value) => value is string or ValueType || (value is IEnumerable and not IDictionary);

    internal override void Explain(string id, GatewayException error) => _hint.Explain(id, error);

    private MJTask Checked(MJTask task)
    {
        _hint.Check(task.Id);
        return task;
    }

    private MJTask? FromId(string? id)
    {
        if (!string.IsNullOrWhiteSpace(id)) return Checked(new MJTask { Id = id!.Trim() });
        Refuse(id);
        return null;
    }

    /// <summary>The journal lists creates whose answer was lost; there is nothing to ask the gateway for.</summary>
    private MJTask[] RefuseUnknown(MJTask task)
    {
        WriteError(ErrorCatalog.Record(new GatewayException(GatewayErrorKind.SubmitOutcomeUnknown, CommandMessages.TaskWithoutId(task)), task));
        return [];
    }

    private MJTask[] Refuse(object? given)
    {
        var message = given switch
        {
            null => CommandMessages.NothingNamesNoTask(),
            string => CommandMessages.TextNamesNoTask(),
            _ => CommandMessages.ObjectNamesNoTask((PSObject)given),
        };
        WriteError(ErrorCatalog.Record(new CommandException(ErrorIds.InvalidTaskId, message), given));
        return [];
    }
}
