namespace MidJourney.Gallery;

/// <summary>What a gallery page shows. All texts are plain and without the API key; the page escapes them.</summary>
/// <param name="Title">The heading.</param>
/// <param name="CreatedAt">When the page was written.</param>
/// <param name="SaveFolder">The folder that the copied command saves in, as the user wrote it; null for the current folder.</param>
/// <param name="Groups">The tasks by their first prompt. The page shows the newest first.</param>
internal sealed record GalleryContent(string Title, DateTimeOffset CreatedAt, string? SaveFolder, IReadOnlyList<GalleryGroup> Groups);

/// <summary>All that was made from one prompt.</summary>
/// <param name="Prompt">The prompt; null if it is not known.</param>
/// <param name="JobId">If there is no prompt, the job that all of it was made from; null if that is not known either.</param>
/// <param name="Tasks">The tasks whose source is not in the gallery, such as grids.</param>
internal sealed record GalleryGroup(string? Prompt, string? JobId, IReadOnlyList<GalleryTask> Tasks);

/// <summary>A task, or a file whose task is not known.</summary>
internal sealed record GalleryTask
{
    /// <summary>The task's ID; null if it is not known.</summary>
    public string? Id { get; init; }

    /// <summary>What it made, in a few words: <c>grid</c>, <c>upscale Creative</c>, <c>variation</c>.</summary>
    public required string Step { get; init; }

    /// <summary>One of the names in <see cref="MJTaskStatus"/>.</summary>
    public required string Status { get; init; }

    public string? Model { get; init; }

    /// <summary>The task's own prompt, if it differs from the group's: the text of an edit.</summary>
    public string? Prompt { get; init; }

    /// <summary>Why it failed, in one line.</summary>
    public string? Error { get; init; }

    /// <summary>If it failed, what to do, as the error in the shell says.</summary>
    public string? Advice { get; init; }

    /// <summary>In <see cref="Currency"/>; null if it is not known.</summary>
    public decimal? Cost { get; init; }

    public string? Currency { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its images by number; empty until it has completed.</summary>
    public IReadOnlyList<GalleryImage> Images { get; init; } = [];
}

/// <summary>An image or a video, and what was made of it.</summary>
internal sealed record GalleryImage
{
    /// <summary>Its number in the task, from 0, as in the file's name.</summary>
    public required int Number { get; init; }

    /// <summary>The file's path relative to the page, with <c>/</c> and not escaped, such as <c>train 2.png</c>; null if the image is not saved.</summary>
    public string? Path { get; init; }

    /// <summary>The file's length in bytes.</summary>
    public long Length { get; init; }

    public bool IsVideo { get; init; }

    /// <summary>The job and the image number that the next step takes; null if it cannot be taken further, as an upscale, or if its job is not known or must not be shown. The job has no unprintable characters.</summary>
    public (string JobId, int ImageNo)? Job { get; init; }

    public IReadOnlyList<GalleryTask> Made { get; init; } = [];
}
