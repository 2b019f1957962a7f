namespace MidJourney.Emulator;

internal sealed class InpaintModel() : GatewayModel("midjourney_inpaint",
    ParameterRule.JobId(),
    ParameterRule.ImageNo(),
    ParameterRule.Mask(),
    ParameterRule.RemixPrompt().OrNone());
