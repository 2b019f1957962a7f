namespace MidJourney.Journal;

/// <summary>What the user said about work that was paid before.</summary>
/// <param name="Force">Pay again, whatever is known.</param>
/// <param name="SkipSubmitted">Return completed work however old it is.</param>
/// <param name="RetryUnknown">Pay again where the outcome is unknown.</param>
/// <param name="Window">For how long work counts as just paid; zero for not at all.</param>
internal readonly record struct DuplicatePolicy(bool Force, bool SkipSubmitted, bool RetryUnknown, TimeSpan Window)
{
    /// <summary>The window unless told otherwise.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(24);
}

/// <summary>What is done with a record.</summary>
internal enum DuplicateAction
{
    /// <summary>It is sent, and paid.</summary>
    Make,

    /// <summary>The known task is returned.</summary>
    Return,

    /// <summary>The known task is read once, which is free, and then decided on again.</summary>
    Read,

    /// <summary>A living process sends it just now; its next line decides.</summary>
    Wait,

    /// <summary>Its outcome is not known: an error, and nothing is sent.</summary>
    ReportUnknown,

    /// <summary>Its content was refused: an error, and nothing is sent.</summary>
    ReportRefused,
}

/// <summary>Decides what is done with a record for which the journal has an entry. The only place that does.</summary>
internal static class DuplicateRules
{
    /// <param name="state">What the entry says.</param>
    /// <param name="isAlive">Whether the process that sends it may still live.</param>
    /// <param name="age">Since when it is there: since its end if it has one, else since its create.</param>
    /// <param name="policy">What the user said.</param>
    public static DuplicateAction Of(EntryState state, bool isAlive, TimeSpan age, DuplicatePolicy policy)
    {
        if (policy.Force) return DuplicateAction.Make;
        // A time in the future is one by another clock, and counts as now.
        var isYoung = (age > TimeSpan.Zero ? age : TimeSpan.Zero) < policy.Window;
        return state switch
        {
            EntryState.Sending when isAlive => DuplicateAction.Wait,
            EntryState.Sending or EntryState.Unknown => policy.RetryUnknown ? DuplicateAction.Make : DuplicateAction.ReportUnknown,
            EntryState.Made => isYoung ? DuplicateAction.Return : DuplicateAction.Read,
            EntryState.Completed => isYoung || policy.SkipSubmitted ? DuplicateAction.Return : DuplicateAction.Make,
            EntryState.ContentRefused => DuplicateAction.ReportRefused,
            _ => DuplicateAction.Make,
        };
    }
}
