namespace MidJourney.Emulator;

/// <summary>What goes wrong. "Made" says whether a create that meets the fault leaves a task behind.</summary>
public enum FaultKind
{
    /// <summary>An HTTP status with a chosen body. Not made.</summary>
    Status,

    /// <summary>Waits, then goes on to the next rule and to the normal answer. Made.</summary>
    Delay,

    /// <summary>Takes the request and never answers, until the client leaves. Not made.</summary>
    Stall,

    /// <summary>Cuts the connection before anything took effect. Not made.</summary>
    CutBefore,

    /// <summary>Does the work, then cuts the connection without an answer. Made.</summary>
    CutAfter,

    /// <summary>The full Content-Length, half of the body, then a cut. Made.</summary>
    HalfBody,

    /// <summary>HTTP 200 with an HTML page. Made.</summary>
    NotJson,

    /// <summary>HTTP 200 without an id, with an <c>error</c> object when a code or a message is given. Not made.</summary>
    NoId,

    /// <summary>The normal answer byte by byte, with <see cref="Fault.Delay"/> between two bytes. Made.</summary>
    SlowDrip,

    /// <summary>
    /// An answer of <see cref="Fault.Bytes"/> bytes: the normal one padded, or an error when the status is one. Made unless
    /// it is an error.
    /// </summary>
    HugeBody,

    /// <summary>A redirect to <see cref="Fault.Location"/>. Not made.</summary>
    Redirect,
}
