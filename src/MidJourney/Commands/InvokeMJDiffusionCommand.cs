using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Makes images of a prompt (models page: <c>midjourney_diffusion</c>): a grid of four. Every task made is paid.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJDiffusion", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask))]
public sealed class InvokeMJDiffusionCommand : SubmitCmdlet
{
    /// <summary>The prompt, with MidJourney's flags in it: 1 to 8192 characters, sent exactly as given.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(nameof(Text), Also = typeof(Uri))]
    public string? Text { get; set; }

    /// <summary>How many grids to make of each prompt: 1 to 100. Each is a task of its own, and paid.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Count { get; set; } = 1;

    internal override IReadOnlyList<MJSubmission> ReadRecord()
    {
        var text = ParameterText.Prompt(nameof(Text), Text);
        return [.. Enumerable.Repeat(new MJSubmission { Model = ModelIds.Diffusion, Parameters = WithCallback([new("text", text)]), Prompt = text }, Count)];
    }

    internal override string ActionOf(MJSubmission submission) =>
        Messages.CreateGrids(submission.Model, PromptPermutations.Count(submission.Prompt!));
}
