namespace MidJourney.Emulator;

/// <summary>With <see cref="EmulatorOptions.StrictJobs"/>: whether the job that a create works on is there, and fit for it.</summary>
internal static class SourceJob
{
    private static readonly CreateProblem Unknown = new(CreateProblem.UnnamedCode, "no finished task gave out this jobId");

    public static CreateProblem? Check(in CreateRequest create, TaskStore tasks, long now)
    {
        if (create.Key.JobId is not { } jobId)
            return null;
        if (tasks.FindJob(jobId) is not { Fails: false, Shape.ResultJobIds: true } source || now < source.EndTicks)
            return Unknown;
        var model = create.Model!;
        if (model.WhyNotAfter(source.MadeBy) is { } reason)
            return new CreateProblem(403, reason, Status: 403);
        return create.Key.ImageNo is { } imageNo && imageNo >= source.Images ? NoSuchImage(model, source.Images) : null;
    }

    private static CreateProblem NoSuchImage(GatewayModel model, int images) => new(
        model.RuleOf("imageNo")?.Invalid.Code ?? CreateProblem.UnnamedCode,
        images == 1 ? "imageNo must be 0: the job has one image" : $"imageNo must be below {images}, the number of the job's images");
}
