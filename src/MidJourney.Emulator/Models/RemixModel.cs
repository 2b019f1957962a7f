namespace MidJourney.Emulator;

internal sealed class RemixModel() : GatewayModel("midjourney_remix",
    ParameterRule.JobId().WithCode("004011001"),
    ParameterRule.ImageNo().WithMissingCode("004011002"),
    ParameterRule.RemixPrompt(),
    ParameterRule.WholeNumber("mode", 0, 1).OrNone());
