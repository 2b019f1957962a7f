namespace MidJourney;

/// <summary>A line on its way into the journal.</summary>
internal sealed class JournalAppend(byte[] line, string? key, DuplicatePolicy duplicates)
{
    private readonly TaskCompletionSource<JournalAppended> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public byte[] Line { get; } = line;

    /// <summary>What it would create, if that must not be there yet.</summary>
    public string? Key { get; } = key;

    public DuplicatePolicy Duplicates { get; } = duplicates;

    /// <summary>What was there already, so that the line was not written.</summary>
    public SubmittedBefore? Before { get; set; }

    public Task<JournalAppended> Done => _done.Task;

    public void Complete(Exception? fault) => _done.SetResult(new JournalAppended(Before, fault));
}

/// <summary>What came of appending a line.</summary>
/// <param name="Before">The create of the same thing that stands there already; null when the line was appended.</param>
/// <param name="Fault">Why it could not be written; null when it was.</param>
internal readonly record struct JournalAppended(SubmittedBefore? Before, Exception? Fault);
