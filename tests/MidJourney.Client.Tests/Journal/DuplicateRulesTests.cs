namespace MidJourney.Client.Tests;

/// <summary>The table of the rules, row by row: what to do with a record that has an entry in the journal.</summary>
public sealed class DuplicateRulesTests
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>State of the entry, whether its process runs, age, window; then the action with no switch, -SkipSubmitted, -RetryUnknown, and both.</summary>
    private static readonly (EntryState State, bool IsAlive, TimeSpan Age, TimeSpan Window, DuplicateAction None, DuplicateAction Skip, DuplicateAction Retry, DuplicateAction Both)[] Rows =
    [
        // No entry, or only refused, withdrawn, failed or gone ones.
        Row(EntryState.None, Tick, DuplicateAction.Submit),
        Row(EntryState.Failed, Tick, DuplicateAction.Submit),
        Row(EntryState.Gone, Tick, DuplicateAction.Submit),
        // Failed because the content was refused.
        Row(EntryState.ContentRefused, Tick, DuplicateAction.ReportRefused),
        Row(EntryState.ContentRefused, Window * 100, DuplicateAction.ReportRefused),
        // Being sent by a living process.
        (EntryState.Sending, true, Tick, Window, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait),
        (EntryState.Sending, true, Window * 100, Window, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait),
        // Outcome unknown: its process exited, or recorded it.
        (EntryState.Sending, false, Tick, Window, DuplicateAction.ReportUnknown, DuplicateAction.ReportUnknown, DuplicateAction.Submit, DuplicateAction.Submit),
        (EntryState.Unknown, false, Tick, Window, DuplicateAction.ReportUnknown, DuplicateAction.ReportUnknown, DuplicateAction.Submit, DuplicateAction.Submit),
        (EntryState.Unknown, false, Window * 100, Window, DuplicateAction.ReportUnknown, DuplicateAction.ReportUnknown, DuplicateAction.Submit, DuplicateAction.Submit),
        (EntryState.Unknown, false, Tick, TimeSpan.Zero, DuplicateAction.ReportUnknown, DuplicateAction.ReportUnknown, DuplicateAction.Submit, DuplicateAction.Submit),
        // Accepted within the window, end not recorded; a time in the future counts as now.
        Row(EntryState.Accepted, TimeSpan.Zero, DuplicateAction.Return),
        Row(EntryState.Accepted, Window - Tick, DuplicateAction.Return),
        Row(EntryState.Accepted, -Window * 100, DuplicateAction.Return),
        // Accepted before the window, end not recorded.
        Row(EntryState.Accepted, Window, DuplicateAction.Read),
        Row(EntryState.Accepted, Window * 100, DuplicateAction.Read),
        // Completed within the window.
        Row(EntryState.Completed, TimeSpan.Zero, DuplicateAction.Return),
        Row(EntryState.Completed, Window - Tick, DuplicateAction.Return),
        Row(EntryState.Completed, -Window * 100, DuplicateAction.Return),
        // Completed before the window.
        (EntryState.Completed, false, Window, Window, DuplicateAction.Submit, DuplicateAction.Return, DuplicateAction.Submit, DuplicateAction.Return),
        (EntryState.Completed, false, Window * 100, Window, DuplicateAction.Submit, DuplicateAction.Return, DuplicateAction.Submit, DuplicateAction.Return),
        // -DuplicateWindow 0: only running and unknown work is guarded.
        (EntryState.Sending, true, Tick, TimeSpan.Zero, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait, DuplicateAction.Wait),
        (EntryState.Accepted, false, TimeSpan.Zero, TimeSpan.Zero, DuplicateAction.Read, DuplicateAction.Read, DuplicateAction.Read, DuplicateAction.Read),
        (EntryState.Accepted, false, -Tick, TimeSpan.Zero, DuplicateAction.Read, DuplicateAction.Read, DuplicateAction.Read, DuplicateAction.Read),
        (EntryState.Completed, false, TimeSpan.Zero, TimeSpan.Zero, DuplicateAction.Submit, DuplicateAction.Return, DuplicateAction.Submit, DuplicateAction.Return),
        (EntryState.Completed, false, -Tick, TimeSpan.Zero, DuplicateAction.Submit, DuplicateAction.Return, DuplicateAction.Submit, DuplicateAction.Return),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Rows.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Rules_give_the_action_of_each_row(int number)
    {
        var row = Rows[number];
        Assert.Equal((row.None, row.Skip, row.Retry, row.Both), (Of(false, false, false), Of(false, true, false), Of(false, false, true), Of(false, true, true)));
        // -Force submits everything.
        foreach (var (skip, retry) in new[] { (false, false), (true, false), (false, true), (true, true) }) Assert.Equal(DuplicateAction.Submit, Of(true, skip, retry));

        DuplicateAction Of(bool force, bool skip, bool retry) => DuplicateRules.Of(row.State, row.IsAlive, row.Age, new DuplicatePolicy(force, skip, retry, row.Window));
    }

    [Fact]
    public void Each_state_has_a_row() => Assert.Equal(Enum.GetValues<EntryState>(), Rows.Select(r => r.State).Distinct().Order());

    private static (EntryState, bool, TimeSpan, TimeSpan, DuplicateAction, DuplicateAction, DuplicateAction, DuplicateAction) Row(EntryState state, TimeSpan age, DuplicateAction always) =>
        (state, false, age, Window, always, always, always, always);
}
