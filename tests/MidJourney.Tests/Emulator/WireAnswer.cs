using System.Net;
using System.Text.Json;

namespace MidJourney.Tests;

/// <summary>An answer of the emulator.</summary>
internal sealed record WireAnswer(HttpStatusCode Status, JsonElement Json)
{
    private JsonElement Error => Json.GetProperty("error");

    /// <summary>The error's code as it is written, quotes and all.</summary>
    public string Code => Error.GetProperty("code").GetRawText();

    public string Message => Error.GetProperty("message").GetString()!;
}
