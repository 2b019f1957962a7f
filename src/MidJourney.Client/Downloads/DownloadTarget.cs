namespace MidJourney.Downloads;

/// <summary>What is to be downloaded, and what it is to be called.</summary>
internal sealed class DownloadTarget
{
    /// <summary>The longest file unless told otherwise, in bytes; images of this gateway have at most some 60 MB, videos less than 100 MB.</summary>
    public const long DefaultMaxBytes = 256 * 1024 * 1024;

    /// <summary>An http or https address without user info; see <see cref="FileUrl"/>.</summary>
    public required Uri Url { get; init; }

    /// <summary>The folder, which must be there.</summary>
    public required OutputFolder Folder { get; init; }

    /// <summary>The file's name without its extension; see <see cref="FileNames.Safe"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The name, also without extension, that no other task can have: taken where <see cref="Name"/> is another's.</summary>
    public required string OwnName { get; init; }

    /// <summary>Whether another output of the same run has <see cref="Name"/>, so that this one may only have had it before.</summary>
    public bool IsNameTaken { get; init; }

    /// <summary>The task whose output it is.</summary>
    public required string TaskId { get; init; }

    /// <summary>Which of the task's outputs, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Download it anew, and replace a file that is there, unless that is known to be of another task.</summary>
    public bool Force { get; init; }

    /// <summary>The longest file that is taken, in bytes.</summary>
    public long MaxBytes { get; init; } = DefaultMaxBytes;

    /// <summary>Reads the task again, and gives the address that it has now; null when that cannot be told. Null where nobody can read it.</summary>
    public Func<CancellationToken, Task<Uri?>>? Renew { get; init; }

    /// <summary>How long addresses that lead nowhere are tried, and whether the proxy has refused; shared by the downloads of one run.</summary>
    public GonePatience Patience { get; init; } = new();

    /// <summary>Every name it may have, the best first.</summary>
    internal IEnumerable<string> Names
    {
        get
        {
            if (!IsNameTaken) yield return Name;
            if (IsNameTaken || OwnName != Name) yield return OwnName;
            for (var n = 2; ; n++) yield return FileNames.Safe($"{OwnName}_{n}");
        }
    }
}

/// <summary>A file that is complete.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="State">How it came to be there.</param>
internal sealed record Downloaded(string Path, SavedState State)
{
    /// <summary>It was there before, and nothing was written.</summary>
    public bool WasThere => State != SavedState.Saved;
}
