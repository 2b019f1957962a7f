namespace MidJourney.Emulator;

/// <summary>What a request asks of the gateway.</summary>
public enum Operation
{
    /// <summary>In a fault: every operation. In a record: a path the gateway does not have.</summary>
    Any,

    /// <summary><c>POST /model/v1/generation</c>.</summary>
    Create,

    /// <summary><c>GET /model/v1/generation/task/{id}</c>.</summary>
    Read,

    /// <summary>The download of a result.</summary>
    File,
}
