namespace MidJourney.Emulator;

internal sealed class UploadPaintModel() : GatewayModel("midjourney_uploadpaint",
    ParameterRule.ImgUrl(),
    ParameterRule.Canvas(),
    ParameterRule.ImgPos(),
    ParameterRule.Mask(),
    ParameterRule.RemixPrompt())
{
    public override bool CanBeEdited => false;
}
