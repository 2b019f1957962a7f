using System.Text.Json;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>Why a create is refused. The code is written as it is: a number, or a text such as "004011001".</summary>
internal sealed record CreateProblem(JsonNode Code, string Message, int Status = 400)
{
    /// <summary>The emulator's guess where the model's page names no code.</summary>
    public static JsonNode UnnamedCode { get; } = 400;
}

/// <summary>What one parameter of a model must be, and the codes that a wrong one is refused with.</summary>
internal sealed record ParameterRule(string Name, string MustBe, Func<JsonElement, bool> IsValid)
{
    private const int MaxPrompt = 8192;
    private const int MaxImgUrl = 1024;
    private const int MinMaskSide = 500;
    private const int MaxMaskSide = 4096;
    private const int MinMaskNumbers = 6;

    public static ParameterRule JobId { get; } = new("jobId", "a text", value => IsText(value, int.MaxValue));

    public static ParameterRule ImageNo { get; } = Whole("imageNo", 0, 3);

    public static ParameterRule Text { get; } = Prompt("text");

    public static ParameterRule RemixPrompt { get; } = Prompt("remixPrompt");

    public static ParameterRule Callback { get; } = new ParameterRule("callback", "an absolute http or https URL", value => IsWebAddress(value)).OrNone;

    public static ParameterRule ImgUrl { get; } =
        new("imgUrl", $"an absolute http or https URL of at most {MaxImgUrl} characters", value => IsWebAddress(value, MaxImgUrl));

    public static ParameterRule Canvas { get; } = new("canvas", "an object with a width and a height above 0", IsSize);

    public static ParameterRule ImgPos { get; } =
        new("imgPos", "an object with a width and a height above 0, and with x and y",
            value => IsSize(value) && Parameter.Whole(value, "x") is not null && Parameter.Whole(value, "y") is not null);

    public static ParameterRule Mask { get; } =
        new("mask", $"an object with areas (width and height {MinMaskSide} to {MaxMaskSide}, points of at least {MinMaskNumbers / 2} pairs) or a url", IsMask);

    public ParameterRule OrNone => this with { IsRequired = false };

    public CreateProblem Invalid => new(InvalidCode, InvalidIsMissing ? $"{Name} is required" : $"{Name} must be {MustBe}");

    public JsonNode MissingCode { get; init; } = CreateProblem.UnnamedCode;

    public JsonNode InvalidCode { get; init; } = CreateProblem.UnnamedCode;

    private bool IsRequired { get; init; } = true;

    private bool InvalidIsMissing { get; init; }

    public static ParameterRule Whole(string name, int min, int max) =>
        new(name, $"a whole number from {min} to {max}", value => Parameter.Whole(value) is { } number && number >= min && number <= max);

    public static ParameterRule Number(string name, double min, double max) =>
        new(name, FormattableString.Invariant($"a number from {min} to {max}"),
            value => value.ValueKind == JsonValueKind.Number && value.GetDouble() >= min && value.GetDouble() <= max);

    public ParameterRule WithCodes(JsonNode missing, JsonNode invalid) => this with { MissingCode = missing, InvalidCode = invalid };

    /// <summary>An invalid value is refused as if it were missing.</summary>
    public ParameterRule WithCode(JsonNode missing) => WithCodes(missing, missing) with { InvalidIsMissing = true };

    public CreateProblem? Check(JsonElement parameters)
    {
        if (!Parameter.TryGet(parameters, Name, out var value))
            return IsRequired ? new CreateProblem(MissingCode, $"{Name} is required") : null;
        return IsValid(value) ? null : Invalid;
    }

    private static ParameterRule Prompt(string name) => new(name, $"a text of 1 to {MaxPrompt} characters", value => IsText(value, MaxPrompt));

    /// <summary>Counts code points, so that no way of counting characters finds fewer of them.</summary>
    private static bool IsText(JsonElement value, int max) =>
        value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
        && (text.Length <= max || text.EnumerateRunes().Count() <= max);

    private static bool IsWebAddress(JsonElement value, int max = int.MaxValue) =>
        value.ValueKind == JsonValueKind.String
        && value.GetString() is { } text
        && text.Length <= max
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);

    private static bool IsSize(JsonElement value) => Parameter.Whole(value, "width") > 0 && Parameter.Whole(value, "height") > 0;

    private static bool IsMask(JsonElement value)
    {
        bool hasAreas = Parameter.TryGet(value, "areas", out var areas);
        bool hasUrl = Parameter.TryGet(value, "url", out var url);
        return (hasAreas || hasUrl) && (!hasAreas || IsListOf(areas, 1, IsArea)) && (!hasUrl || IsWebAddress(url));
    }

    private static bool IsArea(JsonElement area) =>
        Parameter.Whole(area, "width") is >= MinMaskSide and <= MaxMaskSide
        && Parameter.Whole(area, "height") is >= MinMaskSide and <= MaxMaskSide
        && Parameter.TryGet(area, "points", out var points)
        && IsListOf(points, MinMaskNumbers, point => Parameter.Whole(point) is not null)
        && points.GetArrayLength() % 2 == 0;

    private static bool IsListOf(JsonElement list, int min, Func<JsonElement, bool> isValid) =>
        list.ValueKind == JsonValueKind.Array && list.GetArrayLength() >= min && list.EnumerateArray().All(isValid);
}

/// <summary>Reads parameters. Null counts as absent.</summary>
internal static class Parameter
{
    public static bool TryGet(JsonElement parameters, string name, out JsonElement value)
    {
        value = default;
        return parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    public static string? Text(JsonElement parameters, string name) =>
        TryGet(parameters, name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static int? Whole(JsonElement parameters, string name) => TryGet(parameters, name, out var value) ? Whole(value) : null;

    public static int? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;
}
