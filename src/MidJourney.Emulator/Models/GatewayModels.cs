namespace MidJourney.Emulator;

/// <summary>The models with documented parameters.</summary>
internal static class GatewayModels
{
    private static readonly GatewayModel[] Documented =
    [
        new UpscaleModel(),
        new DiffusionModel(),
        new VariationModel(),
        new RemixModel(),
        new OutpaintModel(),
        new InpaintModel(),
        new EditModel(),
        new UploadPaintModel(),
        new RetextureModel(),
    ];

    /// <summary>The model of that name, if it is documented or one of the others that are let in.</summary>
    public static GatewayModel? Find(string name, IReadOnlyCollection<string> others) =>
        Array.Find(Documented, model => model.Name == name)
        ?? (others.Contains(name) ? new UndocumentedModel(name) : null);
}
