using System.Text.Json;
using static MidJourney.Emulator.ParameterRule;

namespace MidJourney.Emulator;

/// <summary>A model: the parameters it accepts, and what it makes of them.</summary>
internal sealed record GatewayModel(string Name, params ParameterRule[] Rules)
{
    public const string Upscale = "midjourney_upscale";

    /// <summary>The models with documented parameters. A new model is one more row.</summary>
    private static readonly GatewayModel[] Documented =
    [
        new(Upscale, JobId.WithCode(8004005001), ImageNo.WithCodes(8004005002, 8004005003),
            Whole("type", 0, 3).WithCodes(8004005004, 8004005005), Callback with { InvalidCode = 8004005006 }) { Images = 1 },
        new("midjourney_diffusion", Text.WithCodes(8004001001, 8004001002)),
        new("midjourney_variation", JobId, ImageNo, Whole("type", 0, 1), RemixPrompt.OrNone),
        new("midjourney_remix", JobId.WithCode("004011001"), ImageNo with { MissingCode = "004011002" }, RemixPrompt, Whole("mode", 0, 1).OrNone),
        new("midjourney_outpaint", JobId, ImageNo, Number("scale", 1.1, 2.0), RemixPrompt.OrNone),
        new("midjourney_inpaint", JobId, ImageNo, Mask, RemixPrompt.OrNone),
        new("midjourney_edit", JobId, ImageNo, Canvas, ImgPos, RemixPrompt, Mask.OrNone),
        new("midjourney_uploadpaint", ImgUrl, Canvas, ImgPos, Mask, RemixPrompt) { OnlyUpscaled = true },
        new("midjourney_retexture", ImgUrl, RemixPrompt) { OnlyUpscaled = true },
    ];

    /// <summary>How many images each output has.</summary>
    public int Images { get; init; } = 4;

    /// <summary>Whether an upscale is the only step that its results allow.</summary>
    public bool OnlyUpscaled { get; init; }

    private bool IsUpscale => Name == Upscale;

    /// <summary>The documented model of that name, or one of the others, which accept any parameters.</summary>
    public static GatewayModel? Find(string name, IReadOnlyCollection<string> others) =>
        Array.Find(Documented, model => model.Name == name) ?? (others.Contains(name) ? new GatewayModel(name) : null);

    public ParameterRule? RuleOf(string parameter) => Array.Find(Rules, rule => rule.Name == parameter);

    /// <summary>Checks the parameters in the order of the rules, then the callback, then the number of permutations.</summary>
    public CreateProblem? Check(JsonElement parameters)
    {
        var rules = RuleOf(Callback.Name) is null ? Rules.Append(Callback) : Rules;
        return rules.Select(rule => rule.Check(parameters)).FirstOrDefault(problem => problem is not null)
            ?? (Outputs(parameters) > Permutations.Max
                ? RuleOf(Text.Name)!.Invalid with { Message = $"text must not have more than {Permutations.Max} permutations" }
                : null);
    }

    /// <summary>How many outputs, each of them billed, the checked parameters ask for: one for each permutation of a text.</summary>
    public int Outputs(JsonElement parameters) =>
        RuleOf(Text.Name) is not null ? Permutations.Count(Parameter.Text(parameters, Text.Name)!) : 1;

    /// <summary>What makes two creates of this model the same work. For an upscale, job, image and type are enough.</summary>
    public JobKey KeyOf(JsonElement parameters) => IsUpscale ? JobKey.OfJob(Name, parameters) : JobKey.OfAll(Name, parameters);

    /// <summary>Why this model does not work on the results of another one; null if it does.</summary>
    public string? WhyNotAfter(GatewayModel source) => (IsUpscale, source) switch
    {
        (true, { IsUpscale: true }) => "Job_ReUpscale_Not_Support: an upscaled image cannot be upscaled again",
        (false, { OnlyUpscaled: true }) => $"an image made by {source.Name} can only be upscaled",
        _ => null,
    };
}

/// <summary>
/// How many prompts a text stands for: <c>a {red, blue {cat, dog}} house</c> is three. A backslash makes the next character plain text;
/// so is an unmatched brace.
/// </summary>
internal static class Permutations
{
    /// <summary>The maximum that MidJourney makes of one text; the count stops at one more.</summary>
    public const int Max = 40;

    public static int Count(string text)
    {
        var open = new Stack<Group>();
        var current = Group.Empty;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '{':
                    open.Push(current);
                    current = Group.Empty;
                    break;
                case ',':
                    current = current.Next();
                    break;
                case '}' when open.TryPop(out var outer):
                    current = outer.Times(current.Choices);
                    break;
            }
        }
        while (open.TryPop(out var outer))
            current = outer.Times(current.AsText);
        return current.AsText;
    }

    /// <param name="Before">The choices before the last comma.</param>
    /// <param name="Here">The choices since then.</param>
    /// <param name="AsText">The count if its brace is unmatched.</param>
    private readonly record struct Group(int Before, int Here, int AsText)
    {
        public static readonly Group Empty = new(0, 1, 1);

        public int Choices => Math.Min(Before + Here, Max + 1);

        public Group Next() => new(Choices, 1, AsText);

        public Group Times(int choices) => new(Before, Math.Min(Here * choices, Max + 1), Math.Min(AsText * choices, Max + 1));
    }
}
