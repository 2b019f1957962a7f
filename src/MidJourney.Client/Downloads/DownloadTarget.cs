namespace MidJourney;

/// <summary>What is to be downloaded, and what it is to be called.</summary>
public sealed class DownloadTarget
{
    /// <summary>An http or https address.</summary>
    public required Uri Url { get; init; }

    /// <summary>The folder, which must be there.</summary>
    public required string Folder { get; init; }

    /// <summary>The file's name without its extension; see <see cref="FileNames.Safe"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The name, also without extension, that no other task can have: taken where <see cref="Name"/> is another's.</summary>
    public required string OwnName { get; init; }

    /// <summary>The task whose output it is; a file whose metadata names another one is never replaced. Null to go by names and lengths alone.</summary>
    public string? TaskId { get; init; }

    /// <summary>Which of the task's outputs, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Replace a file that is there instead of keeping it.</summary>
    public bool Force { get; init; }
}
