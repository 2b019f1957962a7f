using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>
/// What may be shown of an exception of the framework. Those of the operating system and of TLS are; those about a malformed answer quote it, in forms that
/// hide the key from a redactor, and what they say is said here in words of this module.
/// </summary>
internal static class WireFault
{
    /// <summary>The exception itself, where its texts are harmless, else one that says as much without them.</summary>
    public static Exception Harmless(Exception fault, KeyRedactor key)
    {
        var deepest = fault;
        for (var e = fault; e is not null; e = e.InnerException)
        {
            if (!SafeText.IsPrintable(e.Message) || key.Redact(e.Message) != e.Message) return Own(fault);
            deepest = e;
        }
        return deepest is SocketException or AuthenticationException or OperationCanceledException or OwnException ? fault : Own(fault);
    }

    public static Exception TooLong(int limit) => new OwnException(ClientMessages.ResponseTooLong(limit));

    private static OwnException Own(Exception fault)
    {
        for (var e = fault; e is not null; e = e.InnerException)
            if (IsEarlyEnd(e)) return new OwnException(ClientMessages.ResponseIncomplete());
        return new OwnException(ClientMessages.TransportFault(fault is WebException web ? $"{nameof(WebException)}, {web.Status}" : fault.GetType().Name));
    }

    private static bool IsEarlyEnd(Exception e) =>
#if NET
        e is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or EndOfStreamException;
#else
        e is WebException { Status: WebExceptionStatus.ConnectionClosed or WebExceptionStatus.KeepAliveFailure or WebExceptionStatus.ReceiveFailure } or EndOfStreamException;
#endif

    private sealed class OwnException(string message) : IOException(message);
}
