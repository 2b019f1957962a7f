using System.Globalization;
using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>What has one price: a model, and within it a <c>type</c>, <c>mode</c> or <c>scale</c>.</summary>
internal readonly record struct WorkKind(string Model, string? Variant)
{
    // What a remix without a mode is made with.
    private const string RemixMode = "0";

    public static WorkKind Of(string model, JsonElement parameters) => new(model, VariantOf(parameters) ?? (model == "midjourney_remix" ? RemixMode : null));

    /// <summary><c>midjourney_upscale:1</c>, or the model alone.</summary>
    public override string ToString() => Variant is null ? Model : $"{Model}:{Variant}";

    // As a number, so that 1.50 and 1.5 are the same scale.
    private static string? VariantOf(JsonElement parameters)
    {
        foreach (string name in (ReadOnlySpan<string>)["type", "mode", "scale"])
        {
            if (Parameter.TryGet(parameters, name, out var value) && value.ValueKind == JsonValueKind.Number)
                return value.GetDouble().ToString(CultureInfo.InvariantCulture);
        }
        return null;
    }
}
