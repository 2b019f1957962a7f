using System.Globalization;
using System.Security.Cryptography;

namespace MidJourney;

/// <summary>One spelling for what .NET and .NET Framework name differently.</summary>
internal static class FrameworkCompat
{
    /// <summary>Waits at least this long. Timers count whole milliseconds, and a wait that ended too early would be repeated again and again.</summary>
    public static Task Delay(this TimeProvider time, TimeSpan delay, CancellationToken cancellationToken) =>
#if NET
        Task.Delay(RoundUp(delay), time, cancellationToken);
#else
        TimeProviderTaskExtensions.Delay(time, RoundUp(delay), cancellationToken);
#endif

    public static CancellationTokenSource CancelAfter(this TimeProvider time, TimeSpan delay) =>
#if NET
        new(RoundUp(delay), time);
#else
        TimeProviderTaskExtensions.CreateCancellationTokenSource(time, RoundUp(delay));
#endif

    /// <summary>Waits for work that continues even if the wait is cancelled.</summary>
    public static async Task<T> OrCancelled<T>(this Task<T> work, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(work, Task.Delay(Timeout.Infinite, ended.Token)).ConfigureAwait(false);
        ended.Cancel();
        if (!work.IsCompleted) cancellationToken.ThrowIfCancellationRequested();
        return await work.ConfigureAwait(false);
    }

    /// <summary>Reads until the buffer is full or the stream ends.</summary>
    /// <returns>The number of bytes read.</returns>
    public static int Fill(this Stream stream, byte[] buffer)
    {
        var count = 0;
        while (count < buffer.Length && stream.Read(buffer, count, buffer.Length - count) is > 0 and var read) count += read;
        return count;
    }

    /// <inheritdoc cref="Fill"/>
    public static async Task<int> FillAsync(this Stream stream, byte[] buffer, Action<int>? onRead, CancellationToken cancellationToken)
    {
        var count = 0;
        while (count < buffer.Length)
        {
#if NET
            var read = await stream.ReadAsync(buffer.AsMemory(count), cancellationToken).ConfigureAwait(false);
#else
            var read = await stream.ReadAsync(buffer, count, buffer.Length - count, cancellationToken).ConfigureAwait(false);
#endif
            if (read == 0) break;
            count += read;
            onRead?.Invoke(read);
        }
        return count;
    }

    public static byte[] Sha256(byte[] data)
    {
#if NET
        return SHA256.HashData(data);
#else
        using var algorithm = SHA256.Create();
        return algorithm.ComputeHash(data);
#endif
    }

    /// <summary>Lower-case hexadecimal digits.</summary>
    public static string ToHex(byte[] bytes) => string.Concat(bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    private static TimeSpan RoundUp(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}

/// <summary>Tells exceptions about a file from others.</summary>
internal static class FileErrors
{
    // .NET reports a file that would exceed the system's limit (EFBIG) as an argument out of range.
    public static bool Is(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException or ArgumentOutOfRangeException;
}

/// <summary>Looks at a file before it is opened.</summary>
internal static class FileLength
{
    /// <summary>The length of the file that a path or a link leads to. It is 0 for a pipe and for a device, which must not be opened: nothing may ever come.</summary>
    public static long Of(string path)
    {
#if NET
        // The length of a link is that of its text.
        if (File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target) return new FileInfo(target.FullName).Length;
#endif
        return new FileInfo(path).Length;
    }
}
