using System.Management.Automation;

namespace MidJourney.Commands;

/// <summary>Upscales images of finished MidJourney jobs (contract: <c>midjourney_upscale</c>). Every task made is paid.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJUpscale", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask))]
public sealed class InvokeMJUpscaleCommand : SubmitCmdlet
{
    private const string Model = "midjourney_upscale";

    /// <summary>The job id of the finished MidJourney job whose image is upscaled.</summary>
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
    public string?[]? ImageNo { get; set; }

    /// <summary>How: Standard, Creative, V5_2x or V5_4x, or 0 to 3.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(UpscaleTypeCompleter))]
    public string? Type { get; set; }

    internal override IReadOnlyList<MJSubmission> ReadRecord()
    {
        if (string.IsNullOrWhiteSpace(JobId)) throw new GatewayException(GatewayErrorKind.JobIdMissing, CommandMessages.JobIdMissing());
        var jobId = JobId!.Trim();
        var type = UpscaleTypeName.Parse(Type);
        var callback = CallbackUrl.Parse(Callback);
        return ImageNumbers.Parse(ImageNo).Select(imageNo => new MJSubmission
        {
            Model = Model,
            Parameters = callback is null
                ? [new("jobId", jobId), new("imageNo", imageNo), new("type", (int)type)]
                : [new("jobId", jobId), new("imageNo", imageNo), new("type", (int)type), new("callback", callback)],
            SourceJobId = jobId,
            SourceImageNo = imageNo,
            UpscaleType = type,
        }).ToList();
    }

    internal override PSObject DescribeRecord()
    {
        var record = new PSObject();
        record.Properties.Add(new PSNoteProperty(nameof(JobId), JobId));
        record.Properties.Add(new PSNoteProperty(nameof(ImageNo), ImageNo));
        record.Properties.Add(new PSNoteProperty(nameof(Type), Type));
        record.Properties.Add(new PSNoteProperty(nameof(Callback), Callback));
        return record;
    }

    internal override string ActionOf(MJSubmission submission) => CommandMessages.CreateUpscale();
}
