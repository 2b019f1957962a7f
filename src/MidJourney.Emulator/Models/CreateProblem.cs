using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>Why a create is refused. The code is written as it is: a number, or a text such as "004011001".</summary>
internal sealed record CreateProblem(JsonNode Code, string Message, int Status = 400)
{
    /// <summary>The emulator's guess where the model's page names no code.</summary>
    public static JsonNode UnnamedCode { get; } = 400;
}
