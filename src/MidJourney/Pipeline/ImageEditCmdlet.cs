using System.Management.Automation;

namespace MidJourney;

/// <summary>A cmdlet of a model that works on images of a finished job ("secondary editing"). A model declares what it takes beside job and image.</summary>
public abstract class ImageEditCmdlet : SubmitCmdlet
{
    internal ImageEditCmdlet()
    {
    }

    /// <summary>The job id of the finished MidJourney job whose image is worked on.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [PropertyOfObject(nameof(JobId))]
    public string? JobId { get; set; }

    /// <summary>Which of its images: 0 to 3; several make a task each. A text may hold several, as in "0,2".</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ImageNumberCompleter))]
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
        if (string.IsNullOrWhiteSpace(JobId)) throw new GatewayException(GatewayErrorKind.JobIdMissing, CommandMessages.JobIdMissing());
        var jobId = JobId!.Trim();
        var more = WithCallback(ReadParameters());
        var type = ReadUpscaleType();
        var prompt = more.FirstOrDefault(p => p.Key == ParameterText.RemixPrompt).Value as string;
        return [.. ImageNumbers.Parse(ImageNo).Select(imageNo => new MJSubmission
        {
            Model = ModelId,
            Parameters = [new("jobId", jobId), new("imageNo", imageNo), .. more],
            SourceJobId = jobId,
            SourceImageNo = imageNo,
            UpscaleType = type,
            Prompt = prompt,
        })];
    }
}
