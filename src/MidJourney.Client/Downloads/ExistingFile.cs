namespace MidJourney;

/// <summary>A file that is there: how long it was when it came, and whose it is where its metadata tells.</summary>
/// <param name="Length">Its length without the metadata in it; -1 when it is not whole.</param>
/// <param name="Block">The metadata in it; null for none.</param>
/// <param name="Stamp">Whose it is; null when nothing tells.</param>
internal sealed record ExistingFile(long Length, PngBlock? Block, OutputStamp? Stamp)
{
    public static ExistingFile Of(string path)
    {
        var length = new FileInfo(path).Length;
        try
        {
            if (PngText.Find(path) is { } block) return new(block.IsWhole ? block.Stamp.Length : -1, block, block.Stamp);
            // What lies beside may be left of a file that was there before.
            return new(length, null, OutputStamp.Beside(path) is { } beside && beside.Length == length ? beside : null);
        }
        catch (Exception e) when (TaskJournal.IsOfFile(e))
        {
            // What cannot be read tells nothing.
            return new(length, null, null);
        }
    }

    /// <summary>Whether it can be the output's file, rather than certainly being another's.</summary>
    public bool CanBe(DownloadTarget target) =>
        Stamp is null || target.TaskId is null || (Stamp.TaskId == target.TaskId && Stamp.Index == target.Index);
}
