using System.Text.Json;

namespace MidJourney.Emulator;

internal sealed class DiffusionModel() : GatewayModel("midjourney_diffusion",
    ParameterRule.Text("text", 8192).WithCodes(8004001001, 8004001002))
{
    private static readonly CreateProblem TooMany = new(8004001002, $"text must not have more than {Permutations.Most} permutations");

    /// <summary>A grid for each permutation of the prompt.</summary>
    public override int Outputs(JsonElement parameters) => Permutations.Count(Parameter.Text(parameters, "text"u8)!);

    protected override CreateProblem? CheckMore(JsonElement parameters) =>
        Outputs(parameters) > Permutations.Most ? TooMany : null;
}
