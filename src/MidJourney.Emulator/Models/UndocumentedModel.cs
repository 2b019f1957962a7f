namespace MidJourney.Emulator;

/// <summary>A model whose parameters nobody has published: all are taken.</summary>
internal sealed class UndocumentedModel(string name) : GatewayModel(name);
