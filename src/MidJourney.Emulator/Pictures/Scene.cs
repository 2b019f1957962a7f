namespace MidJourney.Emulator.Pictures;

/// <summary>A view of what a prompt names. Equal scenes look the same, in any size.</summary>
/// <param name="Prompt">Its words choose what there is.</param>
/// <param name="Layout">Where everything is.</param>
/// <param name="Mood">Clouds, small things and their colors.</param>
/// <param name="Variant">0 to 3: the side of the main thing, the height of the horizon, the light.</param>
internal sealed record Scene(string Prompt, ulong Layout, ulong Mood, int Variant)
{
    /// <summary>-1 to 1: cooler or warmer light.</summary>
    public float Warmth { get; init; }

    public float Distance { get; init; } = 1;

    /// <summary>Finer lines, as an upscale has them. Everything else stays where it is.</summary>
    public bool Detailed { get; init; }

    public bool Birds { get; init; }

    public void Draw(Canvas canvas)
    {
        var words = SceneWords.Of(Prompt);
        canvas.Distance = Distance;
        new SceneDrawing(this, words, canvas).All();
        canvas.Distance = 1;
        Looks.Apply(words.Look, canvas, Layout, Detailed);
    }
}
