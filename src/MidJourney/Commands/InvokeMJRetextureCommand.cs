using System.Management.Automation;

namespace MidJourney.Commands;

/// <summary>Gives an image of yours another look, and keeps its shapes (models page: <c>midjourney_retexture</c>). Every task made is paid.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJRetexture", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask))]
public sealed class InvokeMJRetextureCommand : SubmitCmdlet
{
    /// <summary>The address of the image: http or https, at most 1024 characters.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? ImgUrl { get; set; }

    /// <summary>What it is to look like: 1 to 8192 characters, sent exactly as given.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? RemixPrompt { get; set; }

    internal override IReadOnlyList<MJSubmission> ReadRecord()
    {
        var image = ParameterText.Address(nameof(ImgUrl), ImgUrl);
        var prompt = ParameterText.Prompt(nameof(RemixPrompt), RemixPrompt);
        return [new() { Model = "midjourney_retexture", Parameters = WithCallback([new("imgUrl", image), new(ParameterText.RemixPrompt, prompt)]), Prompt = prompt }];
    }
}
