using System.Globalization;

namespace MidJourney;

/// <summary>
/// Where a task stands. The values are text, not an enumeration, because text is the same in Clixml, JSON, CSV, a job and another process, so that
/// a filter passes the same tasks everywhere. The gateway's set is open: its own word is in <see cref="MJTask.RawStatus"/>.
/// </summary>
public static class MJTaskStatus
{
    /// <summary>A status that this module does not know, or none at all; the task counts as still running.</summary>
    public const string Unknown = nameof(Unknown);

    /// <summary><c>pending</c>, <c>queued</c> or the like: accepted, not started.</summary>
    public const string Pending = nameof(Pending);

    /// <summary><c>in_progress</c>, <c>processing</c> or the like.</summary>
    public const string InProgress = nameof(InProgress);

    /// <summary><c>completed</c>, <c>success</c> or the like: the output is there, or about to be.</summary>
    public const string Completed = nameof(Completed);

    /// <summary><c>failed</c>, <c>rejected</c>, <c>timeout</c> or the like: <see cref="MJTask.Error"/> says why.</summary>
    public const string Failed = nameof(Failed);

    /// <summary><c>cancelled</c>: ended by the gateway without a result.</summary>
    public const string Cancelled = nameof(Cancelled);

    /// <summary>Only in the journal: the create's answer was lost, so the task may or may not have been made and paid.</summary>
    public const string OutcomeUnknown = nameof(OutcomeUnknown);

    private static readonly string[] All = [Unknown, Pending, InProgress, Completed, Failed, Cancelled, OutcomeUnknown];

    /// <summary>The status of that name, in any letter case; null when there is none.</summary>
    /// <param name="name">The name, or its place in the list, as files of version 0.1.0 have it.</param>
    public static string? Find(string? name) => WireNames.Find(All, name);
}

/// <summary>How an image is upscaled. The values are text, as those of <see cref="MJTaskStatus"/>; the wire has their numbers (contract: <c>midjourney_upscale</c>, field <c>type</c>).</summary>
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

    /// <summary>All of them; the place of each is the wire's number.</summary>
    public static IReadOnlyList<string> All { get; } = [Standard, Creative, V5_2x, V5_4x];

    /// <summary>The type of that name, in any letter case, or of the wire's number; null when there is none.</summary>
    /// <param name="nameOrNumber">A name or a number.</param>
    public static string? Find(string? nameOrNumber) => WireNames.Find(All, nameOrNumber);

    /// <summary>The wire's number of one of them.</summary>
    /// <param name="type">A name as it is in <see cref="All"/>.</param>
    public static int NumberOf(string type) => All.TakeWhile(t => t != type).Count();
}

/// <summary>Finds a value in a list of names.</summary>
internal static class WireNames
{
    /// <summary>The name, in any letter case, or the one at the place that is given as a number; null when there is none.</summary>
    public static string? Find(IReadOnlyList<string> names, string? nameOrPlace) =>
        names.FirstOrDefault(n => string.Equals(n, nameOrPlace, StringComparison.OrdinalIgnoreCase))
        ?? (int.TryParse(nameOrPlace, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < names.Count ? names[place] : null);
}
