namespace MidJourney.Emulator;

/// <summary>How <c>created_at</c> is written.</summary>
public enum CreatedAtStyle
{
    /// <summary>Unix seconds.</summary>
    Unix,

    /// <summary>An ISO 8601 string.</summary>
    Iso8601,

    /// <summary>Not at all.</summary>
    Missing,
}
