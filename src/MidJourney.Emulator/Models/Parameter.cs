using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>Reads parameters. Null counts as absent.</summary>
internal static class Parameter
{
    public static bool TryGet(JsonElement parameters, ReadOnlySpan<byte> name, out JsonElement value)
    {
        value = default;
        return parameters.ValueKind == JsonValueKind.Object
            && parameters.TryGetProperty(name, out value)
            && value.ValueKind != JsonValueKind.Null;
    }

    public static string? Text(JsonElement parameters, ReadOnlySpan<byte> name) =>
        TryGet(parameters, name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static int? Integer(JsonElement parameters, ReadOnlySpan<byte> name) =>
        TryGet(parameters, name, out var value) ? Integer(value) : null;

    public static int? Integer(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;
}
