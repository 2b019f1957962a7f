namespace MidJourney.Emulator;

internal sealed class VariationModel() : GatewayModel("midjourney_variation",
    ParameterRule.JobId(),
    ParameterRule.ImageNo(),
    ParameterRule.WholeNumber("type", 0, 1),
    ParameterRule.RemixPrompt().OrNone());
