using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>What one parameter of a model must be. Without codes of its own it is refused with the emulator's guess.</summary>
internal sealed class ParameterRule(string name, string mustBe, Func<JsonElement, bool> isValid)
{
    private readonly byte[] _utf8Name = Encoding.UTF8.GetBytes(name);
    private CreateProblem? _missing = new(CreateProblem.UnnamedCode, $"{name} is required");

    public string Name => name;

    public CreateProblem Invalid { get; private set; } = new(CreateProblem.UnnamedCode, $"{name} must be {mustBe}");

    public static ParameterRule Text(string name, int most) =>
        new(name, most < int.MaxValue ? $"a text of 1 to {most} characters" : "a text", value => ParameterValue.IsText(value, most));

    public static ParameterRule WholeNumber(string name, int least, int most) =>
        new(name, $"a whole number from {least} to {most}", value => ParameterValue.IsWhole(value, least, most));

    public static ParameterRule Number(string name, double least, double most) =>
        new(name, FormattableString.Invariant($"a number from {least} to {most}"),
            value => value.ValueKind == JsonValueKind.Number && value.GetDouble() >= least && value.GetDouble() <= most);

    public static ParameterRule WebAddress(string name, int most = int.MaxValue) =>
        new(name, "an absolute http or https URL" + (most < int.MaxValue ? $" of at most {most} characters" : ""),
            value => ParameterValue.IsWebAddress(value, most));

    public static ParameterRule JobId() => Text("jobId", int.MaxValue);

    public static ParameterRule ImageNo() => WholeNumber("imageNo", 0, 3);

    public static ParameterRule RemixPrompt() => Text("remixPrompt", 8192);

    public static ParameterRule ImgUrl() => WebAddress("imgUrl", 1024);

    public static ParameterRule Canvas() =>
        new("canvas", "an object with a width and a height above 0", ParameterValue.IsSize);

    public static ParameterRule ImgPos() =>
        new("imgPos", "an object with a width and a height above 0, and with x and y", ParameterValue.IsPosition);

    public static ParameterRule Mask() =>
        new("mask", "an object with areas (width and height 500 to 4096, points of at least 3 pairs) or a url", ParameterValue.IsMask);

    public ParameterRule OrNone()
    {
        _missing = null;
        return this;
    }

    public ParameterRule WithMissingCode(JsonNode code)
    {
        _missing = _missing! with { Code = code };
        return this;
    }

    public ParameterRule WithInvalidCode(JsonNode code)
    {
        Invalid = Invalid with { Code = code };
        return this;
    }

    public ParameterRule WithCodes(JsonNode missing, JsonNode invalid) => WithMissingCode(missing).WithInvalidCode(invalid);

    /// <summary>A wrong value is refused as if it were missing.</summary>
    public ParameterRule WithCode(JsonNode missing)
    {
        Invalid = WithMissingCode(missing)._missing!;
        return this;
    }

    public CreateProblem? Check(JsonElement parameters)
    {
        if (!Parameter.TryGet(parameters, _utf8Name, out var value))
            return _missing;
        return isValid(value) ? null : Invalid;
    }
}
