namespace MidJourney.Journal;

/// <summary>The user's switches for work that was paid before.</summary>
/// <param name="Force">Pay again, whatever is known.</param>
/// <param name="SkipSubmitted">Return completed work of any age.</param>
/// <param name="RetryUnknown">Pay again if the outcome is unknown.</param>
/// <param name="Window">How long completed work is returned; zero for not at all.</param>
internal readonly record struct DuplicatePolicy(bool Force, bool SkipSubmitted, bool RetryUnknown, TimeSpan Window)
{
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(24);
}

/// <summary>What to do with a record.</summary>
internal enum DuplicateAction
{
    /// <summary>Send it, and pay.</summary>
    Submit,

    /// <summary>Return the known task.</summary>
    Return,

    /// <summary>Read the known task once, which is free, and decide again.</summary>
    Read,

    /// <summary>Wait for the next line of the process that is sending it.</summary>
    Wait,

    /// <summary>Report that the outcome is unknown; send nothing.</summary>
    ReportUnknown,

    /// <summary>Report that the content was refused; send nothing.</summary>
    ReportRefused,
}

/// <summary>Judges duplicates: decides what to do with a record that has an entry in the journal. Nothing else does.</summary>
internal static class DuplicateRules
{
    /// <param name="state">The state of the entry.</param>
    /// <param name="isAlive">Whether the process that sends it may still run.</param>
    /// <param name="age">The time since <see cref="JournalEntry.WindowStart"/>.</param>
    /// <param name="policy">The user's switches.</param>
    public static DuplicateAction Of(EntryState state, bool isAlive, TimeSpan age, DuplicatePolicy policy)
    {
        if (policy.Force) return DuplicateAction.Submit;
        // A time in the future is from another clock, and counts as now.
        var isInWindow = (age > TimeSpan.Zero ? age : TimeSpan.Zero) < policy.Window;
        return state switch
        {
            EntryState.Sending when isAlive => DuplicateAction.Wait,
            EntryState.Sending or EntryState.Unknown => policy.RetryUnknown ? DuplicateAction.Submit : DuplicateAction.ReportUnknown,
            EntryState.Accepted => isInWindow ? DuplicateAction.Return : DuplicateAction.Read,
            EntryState.Completed => isInWindow || policy.SkipSubmitted ? DuplicateAction.Return : DuplicateAction.Submit,
            EntryState.ContentRefused => DuplicateAction.ReportRefused,
            _ => DuplicateAction.Submit,
        };
    }
}
