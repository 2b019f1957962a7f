namespace MidJourney.Downloads;

/// <summary>What to download, and how to name the file.</summary>
internal sealed record DownloadTarget
{
    /// <summary>Images of this gateway have at most about 60 MB, videos less than 100 MB.</summary>
    public const long DefaultMaxBytes = 256 * 1024 * 1024;

    /// <summary>See <see cref="FileUrl"/>.</summary>
    public required Uri Url { get; init; }

    /// <summary>The folder, which must exist.</summary>
    public required OutputFolder Folder { get; init; }

    /// <summary>The file's name without extension; see <see cref="FileNames.Safe"/>.</summary>
    public required string Name { get; init; }

    /// <summary>A name without extension that is unique to the task, used if <see cref="Name"/> belongs to another output.</summary>
    public required string OwnName { get; init; }

    /// <summary>Another output of the same run has <see cref="Name"/>, so this output must not use it.</summary>
    public bool IsNameTaken { get; init; }

    /// <summary>Names that an earlier version, which kept no record, may have given the output. If its file has one, it is not saved again.</summary>
    public IReadOnlyList<string> EarlierNames { get; init; } = [];

    /// <summary>Whether a run with other input, or an earlier version, may have recorded the output under a name. If so, it is not saved again.</summary>
    public Func<string, bool>? IsRecordedName { get; init; }

    /// <summary>The file's extension if the user named the file, otherwise null. Another is used only if the content is of another format.</summary>
    public string? Extension { get; init; }

    public required string TaskId { get; init; }

    /// <summary>The position among the task's outputs, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Download again, and replace an existing file, unless it is known to belong to another output and the user did not name the file.</summary>
    public bool Force { get; init; }

    public long MaxBytes { get; init; } = DefaultMaxBytes;

    /// <summary>Reads the task again and returns its current URL; null for none. Itself null if the task cannot be read.</summary>
    public Func<CancellationToken, Task<Uri?>>? Renew { get; init; }

    /// <summary>When the task was created; null if unknown. See <see cref="MissingFile"/>.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public DownloadRun Run { get; init; } = new();

    /// <summary>All possible names, in order of preference.</summary>
    internal IEnumerable<string> Names
    {
        get
        {
            if (!IsNameTaken) yield return Name;
            if (IsNameTaken || OwnName != Name) yield return OwnName;
            for (var n = 2; ; n++) yield return FileNames.Safe($"{OwnName}_{n}");
        }
    }

    /// <summary>A file name for content of this format.</summary>
    internal string FileName(string name, string extension) =>
        name + (Extension is not null && FileKind.OfExtension(Extension) == extension ? Extension : extension);
}

/// <summary>A complete file.</summary>
internal sealed record DownloadedFile(string Path, SavedState State)
{
    /// <summary>The file existed before, and nothing was written.</summary>
    public bool WasThere => State != SavedState.Saved;
}
