namespace MidJourney.Emulator;

/// <summary>The bodies that errors are seen with.</summary>
public enum BodyStyle
{
    /// <summary><c>{"error":{"code":…,"message":"…"}}</c></summary>
    Error,

    /// <summary><c>{"error":{"code":…,"error_message":"…"}}</c></summary>
    ErrorMessage,

    /// <summary><c>{"error":"…"}</c></summary>
    ErrorText,

    /// <summary><c>{"message":"…"}</c></summary>
    Message,

    /// <summary><c>{"detail":"…"}</c></summary>
    Detail,

    /// <summary><c>{"status":{"code":402,"message":"…","error_code":40201},"data":null}</c></summary>
    StatusData,

    /// <summary>A page, as a proxy writes it.</summary>
    Html,

    /// <summary>No body.</summary>
    Empty,
}
