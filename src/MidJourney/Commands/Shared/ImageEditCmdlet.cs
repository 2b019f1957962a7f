using System.Management.Automation;
using MidJourney.Parameters;

namespace MidJourney.Commands.Shared;

/// <summary>A cmdlet of a model that works on images of a finished job ("secondary editing"). A model declares what it takes beside job and image.</summary>
public abstract class ImageEditCmdlet : SubmitCmdlet
{
    internal ImageEditCmdlet()
    {
    }

    /// <summary>The job IDs of finished MidJourney jobs whose images are worked on; each makes tasks of its own. A completed task stands for its job.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [TextArgument(nameof(JobId), IsList = true)]
    public string?[]? JobId { get; set; }

    /// <summary>Which of the job's images: 0 to 3; several make a task each. A text may hold several, as in "0,2".</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ImageNumberCompleter))]
    [TextArgument(IsList = true)]
    public string?[]? ImageNo { get; set; }

    /// <summary>The gateway's model.</summary>
    internal abstract string ModelId { get; }

    /// <summary>The model's own parameters, by their wire names, in wire order.</summary>
    /// <exception cref="GatewayException">One of them is not what the model takes.</exception>
    internal abstract IReadOnlyList<KeyValuePair<string, object?>> ReadParameters();

    /// <summary>For an upscale, which kind.</summary>
    /// <exception cref="GatewayException">It is none.</exception>
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

/// <summary>A cmdlet of a model that works on an image of the user's own and a prompt. A model declares what it takes beside the two.</summary>
public abstract class OwnImageCmdlet : SubmitCmdlet
{
    internal OwnImageCmdlet()
    {
    }

    /// <summary>The address of the image: http or https, at most 1024 characters.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(nameof(ImgUrl), Also = typeof(Uri))]
    public string? ImgUrl { get; set; }

    /// <summary>What the result is to show: 1 to 8192 characters, sent exactly as given.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt { get; set; }

    /// <summary>The gateway's model.</summary>
    internal abstract string ModelId { get; }

    /// <summary>The model's own parameters, by their wire names, in wire order.</summary>
    /// <exception cref="GatewayException">One of them is not what the model takes.</exception>
    internal virtual IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() => [];

    internal sealed override IReadOnlyList<MJSubmission> ReadRecord()
    {
        var image = ParameterText.Address(nameof(ImgUrl), ImgUrl);
        var prompt = ParameterText.Prompt(nameof(RemixPrompt), RemixPrompt);
        return [new() { Model = ModelId, Parameters = WithCallback([new("imgUrl", image), .. ReadParameters(), new(ParameterText.RemixPrompt, prompt)]), Prompt = prompt }];
    }
}
