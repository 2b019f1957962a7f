using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Generates a grid of four images from a prompt (models page: <c>midjourney_diffusion</c>). Each task is billed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJDiffusion", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask), typeof(MJEstimate))]
public sealed class InvokeMJDiffusionCommand : SubmitCmdlet
{
    /// <summary>The prompt, including MidJourney's flags: 1 to 8192 characters, sent exactly as given.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "What to generate, including MidJourney's flags, such as: a lighthouse at dusk --ar 16:9")]
    [Alias(FieldNames.Prompt)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(nameof(Prompt), FieldNames.Prompt, NotOfTask = nameof(Prompt), Also = typeof(Uri))]
    public string? Prompt { get; set; }

    /// <summary>The number of grids to generate from each prompt, from 1 to 100. Each grid is a separate task, and is billed.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Count { get; set; } = 1;

    internal override string ModelId => ModelIds.Diffusion;

    internal override IReadOnlyList<MJSubmission> ReadRecord()
    {
        var text = ParameterText.Prompt(nameof(Prompt), Prompt);
        return [.. Enumerable.Repeat(new MJSubmission { Model = ModelId, Parameters = WithCallback([new("text", text)]), Prompt = text }, Count)];
    }

    internal override string ActionOf(MJSubmission submission) =>
        Messages.CreateGrids(submission.Model, PromptPermutations.Count(submission.Prompt!));
}
