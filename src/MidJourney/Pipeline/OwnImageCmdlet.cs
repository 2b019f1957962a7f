using System.Management.Automation;

namespace MidJourney;

/// <summary>A cmdlet of a model that works on an image of the user's own and a prompt. A model declares what it takes beside the two.</summary>
public abstract class OwnImageCmdlet : SubmitCmdlet
{
    internal OwnImageCmdlet()
    {
    }

    /// <summary>The address of the image: http or https, at most 1024 characters.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(nameof(ImgUrl), Also = typeof(Uri))]
    public string? ImgUrl { get; set; }

    /// <summary>What the result is to show: 1 to 8192 characters, sent exactly as given.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt { get; set; }

    /// <summary>The gateway's model.</summary>
    internal abstract string ModelId { get; }

    /// <summary>The model's own parameters, by their wire names, in wire order.</summary>
    /// <exception cref="GatewayException">One of them is not what the model takes.</exception>
    internal virtual IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() => [];

    internal sealed override IReadOnlyList<MJSubmission> ReadRecord()
    {
        var image = ParameterText.Address(nameof(ImgUrl), ImgUrl);
        var prompt = ParameterText.Prompt(nameof(RemixPrompt), RemixPrompt);
        return [new() { Model = ModelId, Parameters = WithCallback([new("imgUrl", image), .. ReadParameters(), new(ParameterText.RemixPrompt, prompt)]), Prompt = prompt }];
    }
}
