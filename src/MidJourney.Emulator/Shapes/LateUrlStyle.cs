namespace MidJourney.Emulator;

/// <summary>What a completed task shows while its URL is not there yet.</summary>
public enum LateUrlStyle
{
    /// <summary><c>"output":[]</c></summary>
    EmptyOutput,

    /// <summary>No <c>output</c>.</summary>
    MissingOutput,

    /// <summary>The content without its <c>url</c>.</summary>
    MissingUrl,

    /// <summary>The content with <c>"url":""</c>.</summary>
    EmptyUrl,
}
