using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Journal;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Submits tasks of any model again with their original parameters: tasks that failed, were cancelled, or no longer exist. Each new task is billed.</summary>
[Cmdlet(VerbsLifecycle.Restart, "MJTask", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask), typeof(MJEstimate))]
public sealed class RestartMJTaskCommand : SubmitCmdlet
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> _attempts = [];

    /// <summary>What each submission repeats, by its parameter list, whose identity never changes.</summary>
    private readonly Dictionary<object, Repeated> _repeated = [];

    private protected override bool TakesFailedTasks => true;

    /// <summary>Tasks or task ids, by value or as the property Id or TaskId. Duplicate tasks are submitted once.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The Id of a task. An empty line ends the list.")]
    [Alias(FieldNames.TaskId, FieldNames.TaskIdOfWire)]
    [TextArgument(nameof(Id), FieldNames.TaskId, FieldNames.TaskIdOfWire, IsList = true)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string?[]? Id { get; set; }

    // A submission without a task id has a blank Id, but is complete input.
    private protected override bool SaysNothing(RecordParameter parameter) => parameter.Name != nameof(Id) && base.SaysNothing(parameter);

    internal override IReadOnlyList<MJSubmission> ReadRecord()
    {
        _ = CallbackUrl.Parse(Callback);
        var submissions = new List<MJSubmission>();
        foreach (var id in Id ?? [null])
        {
            try
            {
                var task = TaskInput.Read(id, takesSubmissions: true);
                TaskInput.CheckId(task.Id, nameof(Id), Keys, isStrict: true);
                if (Read(task, TextSource.Of(id) is { } given && TaskSnapshot.ShowsFailure(given.Source)) is { } submission) submissions.Add(submission);
            }
            catch (Exception e) when (e is CommandException or GatewayException)
            {
                WriteError(ErrorCatalog.Record(e, TextSource.Of(id)?.Source ?? (object?)id));
            }
        }
        return submissions;
    }

    /// <summary>The task, which can be piped in again.</summary>
    internal override PSObject RecordOf(MJSubmission submission) => PSObject.AsPSObject(_repeated[submission.Parameters].Task);

    private protected override Guid? EntryOf(MJSubmission submission) => _repeated[submission.Parameters].Entry;

    // Without an HTTP status, it is the journal that knows of the refusal.
    private protected override bool IsShownByInput(MJSubmission submission, GatewayException error) =>
        error is { Kind: GatewayErrorKind.ContentRefused, HttpStatus: null } && _repeated[submission.Parameters].ShowsFailure;

    internal override string ActionOf(MJSubmission submission) => submission.Model switch
    {
        ModelIds.Upscale => Messages.CreateUpscale(),
        ModelIds.Diffusion when submission.Prompt is { } text => Messages.CreateGrids(submission.Model, PromptPermutations.Count(text)),
        _ => base.ActionOf(submission),
    };

    /// <summary>The submission that repeats the task; null if the input repeats it already.</summary>
    private MJSubmission? Read(MJTask task, bool showsFailure)
    {
        if (!_seen.Add(task.Id.Length > 0 ? task.Id : task.SubmissionId!)) return null;
        var (journal, here) = (Guard.Journal, SubmissionKey.AddressOf(FindJournal().Address));
        if (TaskAddress.Of(task) is { } other && other != here)
            throw new CommandException(ErrorIds.InvalidTask, Messages.RestartAtOtherGateway(NameOf(task), other, here)) { Advice = Messages.RestartAtOtherGatewayAdvice(other) };
        var known = Await(stopping => journal.FindAsync(index => Find(index, task, here), stopping));
        var submission = known is null ? FromTask(task) : known.Submission();
        if (submission is null)
        {
            var message = known is null ? Messages.OriginUnknown(NameOf(task), journal, here) : Messages.OriginIncomplete(NameOf(task), journal);
            throw new CommandException(ErrorIds.InvalidTask, message) { Advice = Messages.OriginAdvice() };
        }
        // A task that failed repeatedly is in the journal several times.
        if (known is not null && !Force)
        {
            if (known.Attempts.Any(_attempts.Contains))
            {
                WriteVerbose(Messages.SubmittedOnce(NameOf(task)));
                return null;
            }
            _attempts.UnionWith(known.Attempts);
        }
        CheckKey(submission);
        submission = submission with { Parameters = WithCallback(submission.Parameters), Origin = submission.Origin.Or(task.Origin) };
        _repeated[submission.Parameters] = new Repeated(task, known?.Attempts[0], showsFailure);
        return submission;
    }

    private static int Find(JournalIndex index, MJTask task, string address)
    {
        if (task.Id.Length > 0 && index.Find(address, task.Id) is >= 0 and var made) return made;
        return Guid.TryParseExact(task.SubmissionId, "N", out var name) ? index.FindByName(name) : -1;
    }

    /// <summary>The submission if the task itself has all its parameters; null otherwise.</summary>
    private MJSubmission? FromTask(MJTask task) => task switch
    {
        { Model: ModelIds.Upscale, SourceJobId: { } job, SourceImageNo: { } image, UpscaleType: { } type } => Submission(task,
            [new("jobId", ReadJob(job).SourceJobId), new("imageNo", ImageNumbers.Parse([FormattableString.Invariant($"{image}")])[0]), new("type", UpscaleType.NumberOf(type))]),
        { Model: ModelIds.Diffusion, Prompt: { } prompt } => Submission(task, [new("text", ParameterText.Prompt(nameof(MJTask.Prompt), prompt))]),
        _ => null,
    };

    private static MJSubmission Submission(MJTask task, IReadOnlyList<KeyValuePair<string, object?>> parameters) =>
        new() { Origin = task.Origin, Model = task.Model!, Parameters = parameters };

    private static string NameOf(MJTask task) => task.Id.Length > 0 ? task.Id : task.SubmissionId!;

    /// <param name="Task">The task.</param>
    /// <param name="Entry">Its entry in the journal; null for none.</param>
    /// <param name="ShowsFailure">Whether the input shows that it failed.</param>
    private sealed record Repeated(MJTask Task, Guid? Entry, bool ShowsFailure);
}
