using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>A model and the check of its parameters. A new model is one more row here and one more file of checks.</summary>
internal sealed record ModelRules(string Name, Func<JsonElement, ParameterProblem?> Check)
{
    private static readonly ModelRules[] All =
    [
        new("midjourney_upscale", UpscaleRules.Check),
    ];

    public static ModelRules? Find(JsonElement name)
    {
        if (name.ValueKind == JsonValueKind.String)
        {
            foreach (var model in All)
            {
                if (name.ValueEquals(model.Name))
                    return model;
            }
        }
        return null;
    }
}
