namespace MidJourney.Emulator;

/// <summary>How a failed task carries its error.</summary>
public enum ErrorStyle
{
    /// <summary><c>{"code":…,"error_message":"…"}</c></summary>
    ErrorMessage,

    /// <summary><c>{"code":…,"message":"…"}</c></summary>
    Message,

    /// <summary>The text alone, in place of the object.</summary>
    PlainText,

    /// <summary>No error at all.</summary>
    Missing,
}
