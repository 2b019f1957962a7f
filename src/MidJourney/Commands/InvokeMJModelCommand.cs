using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Creates a task of any model, with the parameters exactly as specified, for undocumented and future models. Each task is billed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJModel", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask), typeof(MJEstimate))]
public sealed class InvokeMJModelCommand : SubmitCmdlet
{
    private const string JobIdName = "jobId", ImageNoName = "imageNo", CallbackName = "callback", TypeName = "type", TextName = "text";

    // Not by property name: a task from the pipeline has the model that created it.

    /// <summary>The model's id, such as midjourney_pan.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The model's ID, such as midjourney_pan.")]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(ModelIdCompleter))]
    [TextArgument]
    public string? Model { get; set; }

    /// <summary>The parameters, by the gateway's field names, sent exactly as specified: a hashtable, or an object from ConvertFrom-Json, with plain JSON values.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public PSObject? Parameter { get; set; }

    /// <summary>The job ids of finished MidJourney jobs, sent as jobId. A completed task supplies the job id of its result.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.JobId)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [TextArgument(nameof(JobId), FieldNames.JobId, IsList = true)]
    public string?[]? JobId { get; set; }

    /// <summary>The images of the job to use, 0 to 3 or U1 to U4, sent as imageNo. One task per image is created. A string can contain several, such as "0,2", "0-3" or "all".</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.ImageNo, FieldNames.ImageNumber, FieldNames.ImageNumberOfWire)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ImageNumberCompleter))]
    [TextArgument(IsList = true)]
    public string?[]? ImageNo { get; set; }

    internal override IReadOnlyList<MJSubmission> ReadRecord()
    {
        var model = ModelIds.Read(nameof(Model), Model);
        var given = PlainValues.Read(nameof(Parameter), Parameter);
        var images = ImageNo is null || ImageNo.All(string.IsNullOrWhiteSpace) ? [null] : ImageNumbers.Parse(ImageNo).Select(i => (int?)i).ToList();
        if (Value(given, CallbackName) is string address) _ = CallbackUrl.Parse(address);
        given = With(given, nameof(Callback), CallbackName, CallbackUrl.Parse(Callback));
        return [.. Jobs().SelectMany(job => images.Select(image => Submission(model, With(With(given, nameof(JobId), JobIdName, job.SourceJobId), nameof(ImageNo), ImageNoName, image), job)))];
    }

    /// <summary>A model may need no job, and a record without a job id may have the parameters.</summary>
    private IReadOnlyList<MJOrigin> Jobs()
    {
        var isNone = JobId is null or [] || (JobId is [var id] && string.IsNullOrWhiteSpace(id) && (TextSource.Of(id) is not { } given || IsInputWithoutJob(given)));
        return isNone ? [MJOrigin.Unknown] : ReadJobs(JobId);
    }

    private bool IsInputWithoutJob(TextSource given) =>
        (given.Value is null || given.IsObject) && IsInput(given);

    internal override string ActionOf(MJSubmission submission) => submission.Model == ModelIds.Diffusion && submission.Prompt is { } text
        ? Messages.CreateGrids(submission.Model, PromptPermutations.Count(text)) : base.ActionOf(submission);

    internal override PSObject RecordOf(MJSubmission submission)
    {
        var record = new PSObject();
        record.Properties.Add(new PSNoteProperty(nameof(Model), submission.Model));
        record.Properties.Add(new PSNoteProperty(nameof(Parameter), PlainValues.Table(submission.Parameters)));
        ErrorTarget.AddSource(record, submission);
        return record;
    }

    private static MJSubmission Submission(string model, IReadOnlyList<KeyValuePair<string, object?>> parameters, MJOrigin job) => new()
    {
        Origin = job,
        Model = model,
        Parameters = parameters,
        SourceJobId = Value(parameters, JobIdName) as string,
        SourceImageNo = Value(parameters, ImageNoName) as int?,
        UpscaleType = model == ModelIds.Upscale ? UpscaleType.Find($"{Value(parameters, TypeName)}") : null,
        Prompt = (Value(parameters, TextName) ?? Value(parameters, ParameterText.RemixPrompt)) as string,
    };

    /// <summary>The parameters with one that has a parameter of its own here, after the others.</summary>
    private static IReadOnlyList<KeyValuePair<string, object?>> With(IReadOnlyList<KeyValuePair<string, object?>> given, string name, string wireName, object? value)
    {
        if (value is null) return given;
        if (!given.Any(p => p.Key == wireName)) return [.. given, new(wireName, value)];
        return $"{Value(given, wireName)}" == $"{value}" ? given : throw ParameterText.Invalid(Messages.ConflictingValues(name, wireName));
    }

    private static object? Value(IEnumerable<KeyValuePair<string, object?>> parameters, string wireName) => parameters.FirstOrDefault(p => p.Key == wireName).Value;
}

/// <summary>Offers the ids of the gateway's models, found by any part of them.</summary>
public sealed class ModelIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var part = wordToComplete.Trim('\'', '"');
        return OfCmdlets().Concat(ModelIds.WithoutCmdlet.Select(id => (Id: id, Cmdlet: (string?)null))).OrderBy(m => m.Id, StringComparer.Ordinal)
            .Where(m => m.Id.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0)
            .Select(m => new CompletionResult(m.Id, m.Id, CompletionResultType.ParameterValue, Messages.ModelHint(m.Cmdlet)));
    }

    private static IEnumerable<(string Id, string? Cmdlet)> OfCmdlets()
    {
        foreach (var type in typeof(SubmitCmdlet).Assembly.GetTypes().Where(t => !t.IsAbstract && typeof(SubmitCmdlet).IsAssignableFrom(t)))
        {
            using var cmdlet = (SubmitCmdlet)Activator.CreateInstance(type)!;
            var name = type.GetCustomAttribute<CmdletAttribute>()!;
            if (cmdlet.ModelId is { } id) yield return (id, $"{name.VerbName}-{name.NounName}");
        }
    }
}
