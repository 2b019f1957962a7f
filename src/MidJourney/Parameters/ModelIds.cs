using System.Text.RegularExpressions;

namespace MidJourney.Parameters;

/// <summary>The ids of the gateway's models (models page). Others may come, so any id is taken.</summary>
internal static class ModelIds
{
    public const string Diffusion = "midjourney_diffusion", Upscale = "midjourney_upscale";

    /// <summary>Those that are listed, each with the cmdlet that makes its tasks; null where its parameters are not published.</summary>
    public static readonly (string Id, string? Cmdlet)[] Listed =
    [
        (Diffusion, "Invoke-MJDiffusion"),
        ("midjourney_edit", "Invoke-MJEdit"),
        ("midjourney_enhance", null),
        ("midjourney_inpaint", "Invoke-MJInpaint"),
        ("midjourney_outpaint", "Invoke-MJOutpaint"),
        ("midjourney_pan", null),
        ("midjourney_remix", "Invoke-MJRemix"),
        ("midjourney_retexture", "Invoke-MJRetexture"),
        ("midjourney_uploadpaint", "Invoke-MJUploadPaint"),
        (Upscale, "Invoke-MJUpscale"),
        ("midjourney_variation", "Invoke-MJVariation"),
    ];

    private static readonly Regex Form = new(@"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$", RegexOptions.CultureInvariant);

    /// <exception cref="GatewayException">There is none, or it is no id.</exception>
    public static string Read(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw ParameterText.Invalid(Messages.ParameterMissing(name));
        var given = text!.Trim();
        return Form.IsMatch(given) ? given : throw ParameterText.Invalid(Messages.NotAModel(name, given));
    }
}
