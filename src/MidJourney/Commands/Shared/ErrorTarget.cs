using System.Management.Automation;

namespace MidJourney.Commands.Shared;

/// <summary>Creates the TargetObject of an error from a submission.</summary>
internal static class ErrorTarget
{
    /// <summary>For a submission that created no task: its properties are the parameters of the model's cmdlet.</summary>
    public static PSObject Refused(MJSubmission submission, IReadOnlyList<RecordParameter> parameters)
    {
        var target = new PSObject();
        foreach (var field in submission.Parameters)
            target.Properties.Add(new PSNoteProperty(parameters.First(p => p.Binds(field.Key)).Name, field.Value));
        if (submission.UpscaleType is { } type) target.Properties["Type"].Value = type;
        AddSource(target, submission);
        return target;
    }

    /// <summary>For a submission that may have created a task: no property binds to the cmdlet that would pay again.</summary>
    /// <param name="submission">What was submitted.</param>
    /// <param name="error">Holds the task ID, if it is known, and the submission's ID in the journal.</param>
    /// <param name="session">The session that submitted it.</param>
    public static PSObject Unknown(MJSubmission submission, GatewayException error, MJSession session)
    {
        var target = new PSObject();
        Add("TaskId", error.ProbableTaskId);
        Add(nameof(MJTask.SubmissionId), error.SubmissionId);
        Add(nameof(MJTask.BaseUri), session.Address);
        Add(nameof(MJTask.Account), session.Account);
        Add(nameof(MJTask.Model), submission.Model);
        Add(nameof(MJTask.SourceJobId), submission.SourceJobId);
        Add(nameof(MJTask.SourceImageNo), submission.SourceImageNo);
        Add(nameof(MJTask.UpscaleType), submission.UpscaleType);
        if (submission.Prompt is { } prompt) Add(nameof(MJTask.Prompt), prompt);
        AddSource(target, submission);
        return target;

        void Add(string name, object? value) => target.Properties.Add(new PSNoteProperty(name, value));
    }

    /// <summary>Adds the origin of its job, as far as it is known.</summary>
    public static void AddSource(PSObject target, MJSubmission submission)
    {
        if (submission.SourceTaskId is { } id) target.Properties.Add(new PSNoteProperty(nameof(MJTask.SourceTaskId), id));
        if (submission.SourcePrompt is { } prompt) target.Properties.Add(new PSNoteProperty(nameof(MJTask.SourcePrompt), prompt));
    }
}
