using System.Globalization;

namespace MidJourney;

/// <summary>
/// The status of a task. The values are text, not an enumeration, because text is the same in Clixml, JSON, CSV, a job and another process, so that
/// a filter selects the same tasks everywhere. The gateway may use other words: its own is in <see cref="MJTask.RawStatus"/>.
/// </summary>
public static class MJTaskStatus
{
    /// <summary>A status that this module does not know, or no status; the task counts as running.</summary>
    public const string Unknown = nameof(Unknown);

    /// <summary><c>pending</c>, <c>queued</c> or similar: accepted, not started.</summary>
    public const string Pending = nameof(Pending);

    /// <summary><c>in_progress</c>, <c>processing</c> or similar.</summary>
    public const string InProgress = nameof(InProgress);

    /// <summary><c>completed</c>, <c>success</c> or similar: the output is available, or will be soon.</summary>
    public const string Completed = nameof(Completed);

    /// <summary><c>failed</c>, <c>rejected</c>, <c>timeout</c> or similar: <see cref="MJTask.Error"/> says why.</summary>
    public const string Failed = nameof(Failed);

    /// <summary><c>cancelled</c>: ended by the gateway without a result.</summary>
    public const string Cancelled = nameof(Cancelled);

    /// <summary>Only in the journal: the response to the create was lost, so the task may or may not have been created and billed.</summary>
    public const string OutcomeUnknown = nameof(OutcomeUnknown);

    private static readonly string[] All = [Unknown, Pending, InProgress, Completed, Failed, Cancelled, OutcomeUnknown];

    /// <summary>The status with this name, in any letter case; null if there is none.</summary>
    /// <param name="name">The name, or its position in the list, as in files of version 0.1.0.</param>
    public static string? Find(string? name) => WireNames.Find(All, name);
}

/// <summary>How an image is upscaled. The values are text, like those of <see cref="MJTaskStatus"/>; the gateway uses their numbers (contract: <c>midjourney_upscale</c>, field <c>type</c>).</summary>
public static class UpscaleType
{
    /// <summary>0: keeps the image as it is.</summary>
    public const string Standard = nameof(Standard);

    /// <summary>1: lets the model add detail.</summary>
    public const string Creative = nameof(Creative);

    /// <summary>2: the 2x upscaler of version 5 (<c>v5_2x</c>).</summary>
    public const string V5_2x = nameof(V5_2x);

    /// <summary>3: the 4x upscaler of version 5 (<c>v5_4x</c>).</summary>
    public const string V5_4x = nameof(V5_4x);

    /// <summary>All types; the position of each is the gateway's number.</summary>
    public static IReadOnlyList<string> All { get; } = [Standard, Creative, V5_2x, V5_4x];

    /// <summary>The type with this name, in any letter case, or with this gateway number; null if there is none.</summary>
    /// <param name="nameOrNumber">A name or a number.</param>
    public static string? Find(string? nameOrNumber) => WireNames.Find(All, nameOrNumber);

    /// <summary>The gateway's number of a type.</summary>
    /// <param name="type">A name in <see cref="All"/>.</param>
    public static int NumberOf(string type) => All.TakeWhile(t => t != type).Count();
}

internal static class WireNames
{
    /// <summary>Finds a name in any letter case, or by its position; null if there is none.</summary>
    public static string? Find(IReadOnlyList<string> names, string? nameOrPosition) =>
        names.FirstOrDefault(n => string.Equals(n, nameOrPosition, StringComparison.OrdinalIgnoreCase))
        ?? (int.TryParse(nameOrPosition, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position < names.Count ? names[position] : null);
}
