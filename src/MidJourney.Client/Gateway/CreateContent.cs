using System.Net;
using System.Net.Http.Headers;

namespace MidJourney.Gateway;

/// <summary>
/// The body of a create, which tracks whether any of it may have been sent. Until the transport asks for the bytes there is no
/// connection, so a failure before that certainly created no task. It provides the bytes only once, even if the transport asks again.
/// </summary>
internal sealed class CreateContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json") { CharSet = "utf-8" };

    private const int Waiting = 0, Started = 1, Withdrawn = 2;

    private readonly byte[] _body;
    private int _state;

    public CreateContent(byte[] body)
    {
        _body = body;
        Headers.ContentType = Json;
    }

    /// <summary>Whether the transport asked for the bytes: from then on the task may exist.</summary>
    public bool WasStarted => Volatile.Read(ref _state) == Started;

    /// <summary>Ensures that the bytes are never sent; false if it is too late.</summary>
    public bool TryWithdraw() => Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) != Started;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => WriteAsync(stream, default);

#if NET
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        WriteAsync(stream, cancellationToken);
#endif

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }

    private Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        switch (Interlocked.CompareExchange(ref _state, Started, Waiting))
        {
            case Withdrawn: throw new OperationCanceledException("The create was withdrawn before it was sent.");
            // .NET Framework asks again if a kept connection is found closed, or to answer a challenge.
            case Started: throw new InvalidOperationException("The transport wanted to send a create twice.");
        }
        return stream.WriteAsync(_body, 0, _body.Length, cancellationToken);
    }
}
