using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>Why a task fails. The code is written as it is: a number, or a string such as <c>"004011001"</c>.</summary>
public sealed record TaskFailure(JsonNode? Code, string? Message)
{
    /// <summary>8004005098.</summary>
    public static TaskFailure GenerationFailed { get; } = new(8004005098, "the generation process failed");

    /// <summary>8004005099.</summary>
    public static TaskFailure ProviderUnavailable { get; } = new(8004005099, "provider unavailable");
}
