using System.Management.Automation;

namespace MidJourney;

/// <summary>A submission as an object whose properties are the cmdlet's parameters, so that it can be piped in again.</summary>
internal static class SubmissionTarget
{
    /// <param name="submission">What was submitted.</param>
    /// <param name="isUnknown">It may have been made: then nothing of the target binds to the cmdlet that would pay again.</param>
    /// <param name="probableTaskId">The task, if its id is known.</param>
    public static PSObject Of(MJSubmission submission, bool isUnknown, string? probableTaskId)
    {
        var target = new PSObject();
        if (isUnknown) return Unknown(target, submission, probableTaskId);
        foreach (var parameter in submission.Parameters)
            target.Properties.Add(new PSNoteProperty(Capitalised(parameter.Key), parameter.Value));
        if (submission.UpscaleType is { } type) target.Properties["Type"].Value = type;
        return target;
    }

    private static PSObject Unknown(PSObject target, MJSubmission submission, string? probableTaskId)
    {
        target.Properties.Add(new PSNoteProperty("TaskId", probableTaskId));
        target.Properties.Add(new PSNoteProperty(nameof(MJTask.Model), submission.Model));
        target.Properties.Add(new PSNoteProperty(nameof(MJTask.SourceJobId), submission.SourceJobId));
        target.Properties.Add(new PSNoteProperty(nameof(MJTask.SourceImageNo), submission.SourceImageNo));
        target.Properties.Add(new PSNoteProperty(nameof(MJTask.UpscaleType), submission.UpscaleType));
        if (submission.Prompt is { } prompt) target.Properties.Add(new PSNoteProperty(nameof(MJTask.Prompt), prompt));
        return target;
    }

    private static string Capitalised(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
