namespace MidJourney.Client.Tests;

/// <summary>Returns its bytes, then fails instead of ending.</summary>
internal sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
{
    public override int Read(byte[] buffer, int offset, int count) => OrBreak(base.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => OrBreak(base.Read(buffer));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer, offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    private static int OrBreak(int read) => read > 0 ? read : throw new IOException("The connection was reset.");
}
