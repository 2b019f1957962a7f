namespace MidJourney.Emulator;

internal sealed class RetextureModel() : GatewayModel("midjourney_retexture",
    ParameterRule.ImgUrl(),
    ParameterRule.RemixPrompt())
{
    public override bool CanBeEdited => false;
}
