using System.Management.Automation;

namespace MidJourney;

/// <summary>A submission as an object whose properties are the cmdlet's parameters, so that it can be piped in again.</summary>
internal static class SubmissionTarget
{
    public static PSObject Of(MJSubmission submission, string? probableTaskId)
    {
        var target = new PSObject();
        foreach (var parameter in submission.Parameters)
            target.Properties.Add(new PSNoteProperty(Capitalised(parameter.Key), parameter.Value));
        if (submission.UpscaleType is { } type) target.Properties["Type"].Value = type;
        if (probableTaskId is not null) target.Properties.Add(new PSNoteProperty("TaskId", probableTaskId));
        return target;
    }

    private static string Capitalised(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
