using System.Text.RegularExpressions;

namespace MidJourney.Parameters;

/// <summary>The ids of the gateway's models (models page). The gateway may add others, so any valid id is accepted.</summary>
internal static class ModelIds
{
    public const string Diffusion = "midjourney_diffusion", Upscale = "midjourney_upscale";

    /// <summary>Models whose parameters the gateway does not publish.</summary>
    public static readonly string[] WithoutCmdlet = ["midjourney_enhance", "midjourney_pan"];

    private static readonly Regex Form = new(@"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$", RegexOptions.CultureInvariant);

    /// <exception cref="GatewayException">The id is missing or invalid.</exception>
    public static string Read(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw ParameterText.Invalid(Messages.ParameterMissing(name));
        var given = text!.Trim();
        return Form.IsMatch(given) ? given : throw ParameterText.Invalid(Messages.NotAModel(name, given));
    }
}
