using System.Diagnostics;

namespace MidJourney.Journal;

/// <summary>The lock that every writer of a journal takes, in this process and in others: only one can have <c>journal.jsonl.lock</c> open.</summary>
internal sealed class JournalLock(string path, Func<IDisposable> open)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>A process that has held the lock for the full timeout may hold it forever.</summary>
    private static readonly TimeSpan TimeoutOfRetry = TimeSpan.FromMilliseconds(100);

    private TimeSpan _timeout = Timeout;

    /// <summary>Waits until no other writer has the lock.</summary>
    /// <exception cref="IOException">Another writer held it for too long, or its file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to its file is denied.</exception>
    public async Task<IDisposable> TakeAsync()
    {
        var waited = Stopwatch.StartNew();
        for (var pause = 1; ; pause = Math.Min(pause * 2, 20))
        {
            try
            {
                var held = open();
                _timeout = Timeout;
                return held;
            }
            catch (IOException e) when (IsHeld(e) && waited.Elapsed < _timeout)
            {
            }
            catch (IOException e) when (IsHeld(e))
            {
                _timeout = TimeoutOfRetry;
                throw new IOException(ClientMessages.JournalLocked(path), e);
            }
            await Task.Delay(pause).ConfigureAwait(false);
        }
    }

    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows; EAGAIN of Linux and of macOS.
    public static bool IsHeld(IOException e) => e.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021) or 11 or 35;
}
