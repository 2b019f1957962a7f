using System.Management.Automation;
using MidJourney.Downloads;
using MidJourney.Parameters;

namespace MidJourney.Commands.Shared;

/// <summary>A saved file as Save-MJOutput returns it: the file, with what is known of its task. The next steps and Export-MJGallery take it as input.</summary>
internal static class SavedFileObject
{
    // For CSV and JSON: the object itself has all properties of a file, and of its folder.
    private static readonly string[] ListProperties =
        ["Name", "FullName", "Length", "State", "Prompt", "Model", "UpscaleType", "TaskId", "Index", "JobId", "ImageNo", "SourceTaskId", "SourceJobId", "SourceImageNo", "CreatedAt", "Cost", "Currency", "Url"];

    /// <param name="info">The file.</param>
    /// <param name="file">How it was saved.</param>
    /// <param name="task">The task that made it, without the API key in its texts.</param>
    /// <param name="content">The task's output.</param>
    /// <param name="index">The output's number in the task.</param>
    /// <param name="url">The output's address, without the API key.</param>
    public static PSObject Of(FileInfo info, DownloadedFile file, MJTask task, MJContent content, int index, string url)
    {
        var item = new PSObject(info);
        item.TypeNames.Insert(0, "MidJourney.SavedFile");
        // Get-Content and other cmdlets of files bind it.
        Add("PSPath", FilePath.WithProvider(info.FullName));
        item.Members.Add(new PSPropertySet("SavedFile", ListProperties));
        Add("TaskId", task.Id);
        Add("BaseUri", task.BaseUri);
        Add("Prompt", task.RootPrompt());
        Add("Model", task.Model);
        Add("UpscaleType", task.UpscaleType);
        // The job and the number of this image, as the next step takes them.
        Add("JobId", content.JobId ?? task.JobId);
        Add("ImageNo", content.ImageNo);
        Add("SourceTaskId", task.SourceTaskId);
        Add("SourceJobId", task.SourceJobId);
        Add("SourceImageNo", task.SourceImageNo);
        Add("Index", index);
        Add("CreatedAt", task.CreatedAt);
        Add("Cost", task.Cost);
        Add("Currency", task.Currency);
        Add("Url", url);
        // Text is the same in Clixml, JSON and CSV.
        Add("State", file.State.ToString());
        Add("WasThere", file.WasThere);
        return item;

        void Add(string name, object? value) => item.Properties.Add(new PSNoteProperty(name, value));
    }
}
