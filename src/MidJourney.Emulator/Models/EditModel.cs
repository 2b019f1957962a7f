namespace MidJourney.Emulator;

internal sealed class EditModel() : GatewayModel("midjourney_edit",
    ParameterRule.JobId(),
    ParameterRule.ImageNo(),
    ParameterRule.Canvas(),
    ParameterRule.ImgPos(),
    ParameterRule.RemixPrompt(),
    ParameterRule.Mask().OrNone());
