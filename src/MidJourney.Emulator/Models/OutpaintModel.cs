namespace MidJourney.Emulator;

internal sealed class OutpaintModel() : GatewayModel("midjourney_outpaint",
    ParameterRule.JobId(),
    ParameterRule.ImageNo(),
    ParameterRule.Number("scale", 1.1, 2.0),
    ParameterRule.RemixPrompt().OrNone());
