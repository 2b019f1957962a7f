using System.Management.Automation;
using System.Reflection;
using MidJourney.Commands.Shared;
using MidJourney.Journal;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Submits tasks of any model again with their original parameters: tasks that failed, were cancelled, or no longer exist. Each new task is billed.</summary>
[Cmdlet(VerbsLifecycle.Restart, "MJTask", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask))]
public sealed class RestartMJTaskCommand : SubmitCmdlet
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> _attempts = [];

    /// <summary>What each submission makes again, by its parameters, which stay the same object whatever is added to it.</summary>
    private readonly Dictionary<object, MJTask> _origins = [];

    private protected override bool TakesFailedTasks => true;

    /// <summary>Tasks or task ids, by value or as the property Id or TaskId. Duplicate tasks are submitted once.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("TaskId")]
    [TextArgument("Id", "TaskId", IsList = true)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string?[]? Id { get; set; }

    // The input of a submission without a task ID is blank, and yet says all.
    private protected override bool SaysNothing(PropertyInfo parameter) => parameter.Name != nameof(Id) && base.SaysNothing(parameter);

    internal override IReadOnlyList<MJSubmission> ReadRecord()
    {
        _ = CallbackUrl.Parse(Callback);
        var submissions = new List<MJSubmission>();
        foreach (var id in Id ?? [null])
        {
            var given = GivenText.SourceOf(id)?.Source;
            try
            {
                if (Read(ReadTask(id, given)) is { } submission) submissions.Add(submission);
            }
            catch (Exception e) when (e is CommandException or GatewayException)
            {
                WriteError(ErrorCatalog.Record(e, given ?? (object?)id));
            }
        }
        return submissions;
    }

    /// <summary>One that was refused is piped in again as the task that it was to make again.</summary>
    internal override PSObject RecordOf(MJSubmission submission) => PSObject.AsPSObject(_origins[submission.Parameters]);

    internal override string ActionOf(MJSubmission submission) => submission.Model switch
    {
        ModelIds.Upscale => CommandMessages.CreateUpscale(),
        ModelIds.Diffusion when submission.Prompt is { } text => CommandMessages.CreateGrids(submission.Model, PromptPermutations.Count(text)),
        _ => base.ActionOf(submission),
    };

    /// <summary>The task of one item; its ID is empty where only its submission is known.</summary>
    private MJTask ReadTask(string? id, PSObject? given)
    {
        var task = given switch
        {
            null => new MJTask { Id = id?.Trim() ?? "" },
            { BaseObject: MJTask live } => live,
            _ => TaskSeed.From(given) ?? new MJTask { Id = "", BaseUri = TaskSeed.Text(given, nameof(MJTask.BaseUri)), SubmissionId = TaskSeed.Text(given, nameof(MJTask.SubmissionId)) },
        };
        var problem = task is { Id: "", SubmissionId: null } ? given is not null ? CommandMessages.ObjectNamesNoTask(given) : id is null ? CommandMessages.NothingNamesNoTask() : CommandMessages.TextNamesNoTask()
            : task.Id.Length > MJTask.MaxIdLength ? CommandMessages.TextTooLong(nameof(Id), task.Id.Length, MJTask.MaxIdLength)
            : ParameterText.HasInvisible(task.Id) ? CommandMessages.IdHasInvisible(nameof(Id))
            : Keys.IsIn(task.Id) ? CommandMessages.HoldsKey(nameof(Id)) : null;
        return problem is null ? task : throw new CommandException(ErrorIds.InvalidTaskId, problem);
    }

    /// <summary>The submission that makes the task again; null where another item of the input does that already.</summary>
    private MJSubmission? Read(MJTask task)
    {
        if (!_seen.Add(task.Id.Length > 0 ? task.Id : task.SubmissionId!)) return null;
        var (journal, here) = (Guard.Journal, SubmissionKey.AddressOf(FindJournal().Address));
        if (TaskAddress.Of(task) is { } other && other != here)
            throw new CommandException(ErrorIds.InvalidTask, CommandMessages.RestartOfOtherGateway(NameOf(task), other, here)) { Advice = CommandMessages.RestartOfOtherGatewayAdvice(other) };
        var known = Await(stopping => journal.FindAsync(index => Find(index, task, here), stopping));
        var submission = known is null ? FromTask(task) : known.Submission();
        if (submission is null)
        {
            var message = known is null ? CommandMessages.OriginNotKnown(NameOf(task), journal, here) : CommandMessages.OriginNotWhole(NameOf(task), journal);
            throw new CommandException(ErrorIds.InvalidTask, message) { Advice = CommandMessages.OriginAdvice() };
        }
        // A task that failed again and again is in the journal several times.
        if (known is not null && !Force)
        {
            if (known.Attempts.Any(_attempts.Contains))
            {
                WriteVerbose(CommandMessages.RestartedOnce(NameOf(task)));
                return null;
            }
            _attempts.UnionWith(known.Attempts);
        }
        CheckKey(submission);
        submission = submission with
        {
            Parameters = WithCallback(submission.Parameters),
            SourceTaskId = submission.SourceTaskId ?? task.SourceTaskId,
            SourcePrompt = submission.SourcePrompt ?? task.SourcePrompt,
        };
        _origins[submission.Parameters] = task;
        return submission;
    }

    private static int Find(JournalIndex index, MJTask task, string address)
    {
        if (task.Id.Length > 0 && index.Find(address, task.Id) is >= 0 and var made) return made;
        return Guid.TryParseExact(task.SubmissionId, "N", out var name) ? index.FindByName(name) : -1;
    }

    /// <summary>The submission where the task itself tells all parameters of it; null otherwise.</summary>
    private MJSubmission? FromTask(MJTask task)
    {
        switch (task)
        {
            case { Model: ModelIds.Upscale, SourceJobId: { } job, SourceImageNo: { } image, UpscaleType: { } type }:
                var imageNo = ImageNumbers.Parse([FormattableString.Invariant($"{image}")])[0];
                return Submission([new("jobId", ReadJob(job).JobId), new("imageNo", imageNo), new("type", UpscaleType.NumberOf(type))]) with { SourceJobId = job.Trim(), SourceImageNo = imageNo, UpscaleType = type };
            case { Model: ModelIds.Diffusion, Prompt: { } prompt }:
                return Submission([new("text", ParameterText.Prompt(nameof(MJTask.Prompt), prompt))]) with { Prompt = prompt };
            default:
                return null;
        }

        MJSubmission Submission(IReadOnlyList<KeyValuePair<string, object?>> parameters) => new() { Model = task.Model!, Parameters = parameters };
    }

    private static string NameOf(MJTask task) => task.Id.Length > 0 ? task.Id : task.SubmissionId!;
}
