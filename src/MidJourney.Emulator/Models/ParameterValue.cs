using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>The kinds of values that the models' pages name.</summary>
internal static class ParameterValue
{
    private const int LeastMaskSide = 500;
    private const int MostMaskSide = 4096;
    private const int LeastMaskNumbers = 6;

    /// <summary>Counts code points, so that no way of counting characters finds fewer of them.</summary>
    public static bool IsText(JsonElement value, int most) =>
        value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
        && (text.Length <= most || text.EnumerateRunes().Count() <= most);

    public static bool IsWhole(JsonElement value, int least, int most) =>
        Parameter.Integer(value) is { } number && number >= least && number <= most;

    public static bool IsWebAddress(JsonElement value, int most) =>
        value.ValueKind == JsonValueKind.String
        && value.GetString() is { } text
        && text.Length <= most
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);

    public static bool IsSize(JsonElement value) =>
        Parameter.Integer(value, "width"u8) > 0 && Parameter.Integer(value, "height"u8) > 0;

    public static bool IsPosition(JsonElement value) =>
        IsSize(value) && Parameter.Integer(value, "x"u8) is not null && Parameter.Integer(value, "y"u8) is not null;

    public static bool IsMask(JsonElement value)
    {
        bool hasAreas = Parameter.TryGet(value, "areas"u8, out var areas);
        bool hasUrl = Parameter.TryGet(value, "url"u8, out var url);
        return (hasAreas || hasUrl)
            && (!hasAreas || IsListOf(areas, 1, IsArea))
            && (!hasUrl || IsWebAddress(url, int.MaxValue));
    }

    private static bool IsArea(JsonElement area) =>
        Parameter.Integer(area, "width"u8) is >= LeastMaskSide and <= MostMaskSide
        && Parameter.Integer(area, "height"u8) is >= LeastMaskSide and <= MostMaskSide
        && Parameter.TryGet(area, "points"u8, out var points)
        && IsListOf(points, LeastMaskNumbers, point => Parameter.Integer(point) is not null)
        && points.GetArrayLength() % 2 == 0;

    private static bool IsListOf(JsonElement list, int least, Func<JsonElement, bool> isValid) =>
        list.ValueKind == JsonValueKind.Array && list.GetArrayLength() >= least && list.EnumerateArray().All(isValid);
}
