using System.Management.Automation;
using MidJourney.Parameters;

namespace MidJourney.Commands.Shared;

/// <summary>A cmdlet of a model that works on images of a finished job ("secondary editing"). The model declares its other parameters.</summary>
public abstract class ImageEditCmdlet : SubmitCmdlet
{
    internal ImageEditCmdlet()
    {
    }

    /// <summary>The job ids of finished MidJourney jobs. A completed task supplies the job id of its result.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [TextArgument(nameof(JobId), IsList = true)]
    public string?[]? JobId { get; set; }

    /// <summary>The images of the job to use: 0 to 3. One task per image is created. A string can contain several numbers, such as "0,2".</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ImageNumberCompleter))]
    [TextArgument(IsList = true)]
    public string?[]? ImageNo { get; set; }

    internal abstract override string ModelId { get; }

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
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(nameof(ImgUrl), Also = typeof(Uri))]
    public string? ImgUrl { get; set; }

    /// <summary>A description of the result: 1 to 8192 characters, sent exactly as given.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt { get; set; }

    internal abstract override string ModelId { get; }

    /// <summary>The model's own parameters, by their wire names, in wire order.</summary>
    internal virtual IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() => [];

    internal sealed override IReadOnlyList<MJSubmission> ReadRecord()
    {
        var image = ParameterText.Address(nameof(ImgUrl), ImgUrl);
        var prompt = ParameterText.Prompt(nameof(RemixPrompt), RemixPrompt);
        return [new() { Model = ModelId, Parameters = WithCallback([new("imgUrl", image), .. ReadParameters(), new(ParameterText.RemixPrompt, prompt)]), Prompt = prompt }];
    }
}
