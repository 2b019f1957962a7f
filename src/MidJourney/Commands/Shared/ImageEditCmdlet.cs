using System.Management.Automation;
using MidJourney.Parameters;

namespace MidJourney.Commands.Shared;

/// <summary>A cmdlet of a model that works on images of a finished job ("secondary editing"). The model declares its other parameters.</summary>
/// <remarks>
/// PowerShell asks for missing parameters in the order in which it finds them: the properties of the derived class, then those of its base, then the fields. A
/// model's own mandatory parameters are therefore fields, and the job is asked for first.
/// </remarks>
public abstract class ImageEditCmdlet : SubmitCmdlet
{
    internal ImageEditCmdlet()
    {
    }

    /// <summary>The job ids of finished MidJourney jobs. A completed task supplies the job id of its result.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ParameterSets.Arguments, HelpMessage = "The job ID of a finished MidJourney job: the JobId of a completed task. An empty line ends the list.")]
    [Parameter(Position = 0, ParameterSetName = ParameterSets.Pipeline, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.JobId)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [TextArgument(nameof(JobId), FieldNames.JobId, IsList = true)]
    public string?[]? JobId { get; set; }

    /// <summary>The images of the job to use: 0 to 3, or U1 to U4 as MidJourney numbers them. One task per image is created. A string can contain several, such as "0,2", "0-3" or "all".</summary>
    [Parameter(Mandatory = true, ParameterSetName = ParameterSets.Arguments, HelpMessage = "The images of the job: 0 to 3 (U1 to U4), several such as 0,2 or 0-3, or all. An empty line ends the list.")]
    [Parameter(ParameterSetName = ParameterSets.Pipeline, ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.ImageNo, FieldNames.ImageNumber, FieldNames.ImageNumberOfWire)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ImageNumberCompleter))]
    [TextArgument(IsList = true)]
    public string?[]? ImageNo { get; set; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ParameterSets.Pipeline, Mandatory = true, ValueFromPipeline = true, DontShow = true)]
    [AllowNull]
    [AllowEmptyString]
    public override PSObject? InputObject { get; set; }

    internal abstract override string ModelId { get; }

    private protected override string? JobOfRecord => JobId is [var id] && !string.IsNullOrWhiteSpace(id) ? id : null;

    /// <summary>The model's own parameters, by their wire names, in wire order.</summary>
    internal abstract IReadOnlyList<KeyValuePair<string, object?>> ReadParameters();

    /// <summary>The upscale type; null for other models.</summary>
    internal virtual string? ReadUpscaleType() => null;

    internal sealed override IReadOnlyList<MJSubmission> ReadRecord()
    {
        var more = WithCallback(ReadParameters());
        var type = ReadUpscaleType();
        var prompt = more.FirstOrDefault(p => p.Key == ParameterText.RemixPrompt).Value as string;
        var images = ImageNumbers.Parse(ImageNo);
        return [.. ReadJobs(JobId).SelectMany(job => images.Select(imageNo => new MJSubmission
        {
            Origin = job,
            Model = ModelId,
            Parameters = [new("jobId", job.SourceJobId), new("imageNo", imageNo), .. more],
            SourceImageNo = imageNo,
            UpscaleType = type,
            Prompt = prompt,
        }))];
    }
}

/// <summary>A cmdlet of a model that works on the user's own image and a prompt. The model declares its other parameters.</summary>
public abstract class OwnImageCmdlet : SubmitCmdlet
{
    internal OwnImageCmdlet()
    {
    }

    /// <summary>The URL of the image: http or https, at most 1024 characters.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ParameterSets.Arguments, HelpMessage = "The http or https URL of your image.")]
    [Parameter(Position = 0, ParameterSetName = ParameterSets.Pipeline, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.ImageUrl, FieldNames.ImageUrlOfWire, FieldNames.ImgUrlOfWire)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(nameof(ImageUrl), FieldNames.ImageUrl, FieldNames.ImageUrlOfWire, FieldNames.ImgUrlOfWire, Also = typeof(Uri))]
    public string? ImageUrl { get; set; }

    /// <summary>A description of the result: 1 to 8192 characters, sent exactly as given.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ParameterSets.Arguments, HelpMessage = "The prompt that describes the result.")]
    [Parameter(ParameterSetName = ParameterSets.Pipeline, ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.RemixPrompt)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt { get; set; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ParameterSets.Pipeline, Mandatory = true, ValueFromPipeline = true, DontShow = true)]
    [AllowNull]
    [AllowEmptyString]
    public override PSObject? InputObject { get; set; }

    internal abstract override string ModelId { get; }

    /// <summary>The model's own parameters, by their wire names, in wire order.</summary>
    internal virtual IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() => [];

    internal sealed override IReadOnlyList<MJSubmission> ReadRecord()
    {
        var image = ParameterText.Address(nameof(ImageUrl), ImageUrl);
        var prompt = ParameterText.Prompt(nameof(RemixPrompt), RemixPrompt);
        return [new() { Model = ModelId, Parameters = WithCallback([new("imgUrl", image), .. ReadParameters(), new(ParameterText.RemixPrompt, prompt)]), Prompt = prompt }];
    }
}
