namespace MidJourney.Client.Tests;

/// <summary>Returns its bytes, then waits until the read is cancelled.</summary>
internal sealed class HangingStream(byte[] bytes) : MemoryStream(bytes)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = base.Read(buffer.Span);
        if (read == 0) await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        return read;
    }
}
