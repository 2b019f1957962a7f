using System.Text.Json;

namespace MidJourney.Emulator;

internal sealed class UpscaleModel() : GatewayModel("midjourney_upscale",
    ParameterRule.JobId().WithCode(8004005001),
    ParameterRule.ImageNo().WithCodes(8004005002, 8004005003),
    ParameterRule.WholeNumber("type", 0, 3).WithCodes(8004005004, 8004005005),
    ParameterRule.WebAddress("callback").OrNone().WithInvalidCode(8004005006))
{
    public override int Images => 1;

    // Job, image and type say it all, and nobody wants the same upscale twice.
    public override JobKey KeyOf(JsonElement parameters) => JobKey.OfJob(Name, parameters);

    public override string? WhyNotAfter(GatewayModel source) =>
        source is UpscaleModel ? "an upscaled image cannot be upscaled again" : null;
}
