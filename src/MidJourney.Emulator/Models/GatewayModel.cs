using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>A model: what its parameters must be, and what it makes of them. A new one is one small class and its row in <see cref="GatewayModels"/>.</summary>
internal abstract class GatewayModel(string name, params ParameterRule[] rules)
{
    private static readonly ParameterRule Callback = ParameterRule.WebAddress("callback").OrNone();

    public string Name => name;

    /// <summary>How many images each output has.</summary>
    public virtual int Images => 4;

    /// <summary>Whether secondary editing other than an upscale takes its results.</summary>
    public virtual bool CanBeEdited => true;

    /// <summary>Checks the parameters in the order of the rules, the callback last.</summary>
    public CreateProblem? Check(JsonElement parameters)
    {
        foreach (var rule in rules)
        {
            if (rule.Check(parameters) is { } problem)
                return problem;
        }
        return (RuleOf(Callback.Name) is null ? Callback.Check(parameters) : null) ?? CheckMore(parameters);
    }

    public ParameterRule? RuleOf(string parameter) => Array.Find(rules, rule => rule.Name == parameter);

    /// <summary>How many outputs, each of them billed, the checked parameters ask for.</summary>
    public virtual int Outputs(JsonElement parameters) => 1;

    /// <summary>What makes two creates of this model the same work.</summary>
    public virtual JobKey KeyOf(JsonElement parameters) => JobKey.OfAll(Name, parameters);

    /// <summary>Why the results of another model cannot be worked on by this one; null if they can.</summary>
    public virtual string? WhyNotAfter(GatewayModel source) =>
        source.CanBeEdited ? null : $"an image made by {source.Name} can only be upscaled";

    protected virtual CreateProblem? CheckMore(JsonElement parameters) => null;
}
