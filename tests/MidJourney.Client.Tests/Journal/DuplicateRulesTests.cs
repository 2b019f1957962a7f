namespace MidJourney.Client.Tests;

/// <summary>The table of the rules, row by row: what is done with a record for which the journal has an entry.</summary>
public sealed class DuplicateRulesTests
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>The entry's state, whether its process lives, its age, the window; then what is done with no switch, -SkipSubmitted, -RetryUnknown, and both.</summary>
    private static readonly (EntryState State, bool IsAlive, TimeSpan Age, TimeSpan Window, DuplicateAction None, DuplicateAction Skip, DuplicateAction Retry, DuplicateAction Both)[] Rows =
    [
        // None, or only refused, withdrawn, failed, gone.
        Row(EntryState.None, Tick, DuplicateAction.Make),
        Row(EntryState.Failed, Tick, DuplicateAction.Make),
        Row(EntryState.Gone, Tick, DuplicateAction.Make),
        // Failed because the content was refused.
        Row(EntryState.ContentRefused, Tick, DuplicateAction.ReportRefused),
        Row(EntryState.ContentRefused, Window * 100, DuplicateAction.ReportRefused),
        // Being sent by a living process.
        (EntryState.Sending, true, Tick, Window, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait),
        (EntryState.Sending, true, Window * 100, Window, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait),
        // Outcome unknown: its process died, or it said so.
        (EntryState.Sending, false, Tick, Window, DuplicateAction.ReportUnknown, DuplicateAction.ReportUnknown, DuplicateAction.Make, DuplicateAction.Make),
        (EntryState.Unknown, false, Tick, Window, DuplicateAction.ReportUnknown, DuplicateAction.ReportUnknown, DuplicateAction.Make, DuplicateAction.Make),
        (EntryState.Unknown, false, Window * 100, Window, DuplicateAction.ReportUnknown, DuplicateAction.ReportUnknown, DuplicateAction.Make, DuplicateAction.Make),
        (EntryState.Unknown, false, Tick, TimeSpan.Zero, DuplicateAction.ReportUnknown, DuplicateAction.ReportUnknown, DuplicateAction.Make, DuplicateAction.Make),
        // Made, not seen to end, younger than the window; a time in the future counts as now.
        Row(EntryState.Made, TimeSpan.Zero, DuplicateAction.Return),
        Row(EntryState.Made, Window - Tick, DuplicateAction.Return),
        Row(EntryState.Made, -Window * 100, DuplicateAction.Return),
        // Made, not seen to end, older.
        Row(EntryState.Made, Window, DuplicateAction.Read),
        Row(EntryState.Made, Window * 100, DuplicateAction.Read),
        // Completed within the window.
        Row(EntryState.Completed, TimeSpan.Zero, DuplicateAction.Return),
        Row(EntryState.Completed, Window - Tick, DuplicateAction.Return),
        Row(EntryState.Completed, -Window * 100, DuplicateAction.Return),
        // Completed earlier.
        (EntryState.Completed, false, Window, Window, DuplicateAction.Make, DuplicateAction.Return, DuplicateAction.Make, DuplicateAction.Return),
        (EntryState.Completed, false, Window * 100, Window, DuplicateAction.Make, DuplicateAction.Return, DuplicateAction.Make, DuplicateAction.Return),
        // -DuplicateWindow 0: only what is running or unknown is guarded.
        (EntryState.Sending, true, Tick, TimeSpan.Zero, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait),
        (EntryState.Made, false, TimeSpan.Zero, TimeSpan.Zero, DuplicateAction.Read, DuplicateAction.Read, DuplicateAction.Read, DuplicateAction.Read),
        (EntryState.Made, false, -Tick, TimeSpan.Zero, DuplicateAction.Read, DuplicateAction.Read, DuplicateAction.Read, DuplicateAction.Read),
        (EntryState.Completed, false, TimeSpan.Zero, TimeSpan.Zero, DuplicateAction.Make, DuplicateAction.Return, DuplicateAction.Make, DuplicateAction.Return),
        (EntryState.Completed, false, -Tick, TimeSpan.Zero, DuplicateAction.Make, DuplicateAction.Return, DuplicateAction.Make, DuplicateAction.Return),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Rows.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Each_row_says_what_is_done(int number)
    {
        var row = Rows[number];
        Assert.Equal((row.None, row.Skip, row.Retry, row.Both), (Of(false, false, false), Of(false, true, false), Of(false, false, true), Of(false, true, true)));
        // -Force makes everything.
        foreach (var (skip, retry) in new[] { (false, false), (true, false), (false, true), (true, true) }) Assert.Equal(DuplicateAction.Make, Of(true, skip, retry));

        DuplicateAction Of(bool force, bool skip, bool retry) => DuplicateRules.Of(row.State, row.IsAlive, row.Age, new DuplicatePolicy(force, skip, retry, row.Window));
    }

    [Fact]
    public void Each_state_has_a_row() => Assert.Equal(Enum.GetValues<EntryState>(), Rows.Select(r => r.State).Distinct().Order());

    private static (EntryState, bool, TimeSpan, TimeSpan, DuplicateAction, DuplicateAction, DuplicateAction, DuplicateAction) Row(EntryState state, TimeSpan age, DuplicateAction always) =>
        (state, false, age, Window, always, always, always, always);
}
