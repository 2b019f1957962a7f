using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>What the models' checks have in common. Null counts as absent.</summary>
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
        TryGet(parameters, name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : null;

    public static bool IsGivenText(JsonElement parameters, ReadOnlySpan<byte> name) =>
        TryGet(parameters, name, out var value)
        && value.ValueKind == JsonValueKind.String
        && !value.ValueEquals(ReadOnlySpan<byte>.Empty);

    public static ParameterProblem? CheckRange(
        JsonElement parameters, ReadOnlySpan<byte> name, int least, int most, ParameterProblem missing, ParameterProblem invalid)
    {
        if (!TryGet(parameters, name, out _))
            return missing;
        return Integer(parameters, name) is { } number && number >= least && number <= most ? null : invalid;
    }

    public static bool IsWebAddressOrAbsent(JsonElement parameters, ReadOnlySpan<byte> name) =>
        !TryGet(parameters, name, out var value)
        || (value.ValueKind == JsonValueKind.String
            && Uri.TryCreate(value.GetString(), UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps));
}
