using System.Globalization;
using System.Text.RegularExpressions;

namespace MidJourney.Emulator.Pictures;

/// <summary>What an image of a task shows: a scene, and a caption with the prompt and the step. Equal pictures have equal pixels.</summary>
internal sealed partial record Picture(Scene Scene, string Prompt, string Step, int Columns, int Rows)
{
    private const int Side = 512;

    /// <summary>How much wider or higher than a square a picture can be.</summary>
    private const float MaxRatio = 3;

    /// <summary>The image with this number among all images of the task, whatever its outputs.</summary>
    public static Picture Of(EmulatedTask task, int index)
    {
        int imageNo = index % task.Images;
        bool upscaled = task.Model == GatewayModel.Upscale;
        var source = task.Source is { } image ? Of(image.Task, image.Index) : null;
        string prompt = task.Prompt ?? source?.Prompt ?? (task.JobId is { } job ? $"job {job}" : "");
        string step = StepOf(task) + (upscaled && task.Images == 1 ? "" : $" {imageNo}");
        var scene = source is null ? NewScene(prompt, task, index) : Derived(source.Scene, task, index);
        var (columns, rows) = SizeOf(prompt, source);
        int scale = upscaled ? 2 : 1;
        return new(scene, prompt, step, columns * scale, rows * scale);
    }

    public Canvas Draw()
    {
        var canvas = new Canvas(Columns, Rows);
        Scene.Draw(canvas);
        Caption.Draw(canvas, Prompt, Step);
        return canvas;
    }

    private static Scene NewScene(string prompt, EmulatedTask task, int index)
    {
        int imageNo = index % task.Images;
        // The image of an unknown job is the same in all work on it.
        ulong seed = SeededDraw.Hash(prompt);
        int variant = task.JobId is null ? imageNo : task.ImageNo ?? 0;
        var scene = new Scene(prompt, SeededDraw.Bits(seed, (ulong)(index - imageNo + variant)), SeededDraw.Bits(seed, (ulong)(100 + variant)), variant % 4);
        return task.JobId is null ? scene : Derived(scene, task, index);
    }

    private static Scene Derived(Scene source, EmulatedTask task, int index)
    {
        int imageNo = index % task.Images;
        ulong seed = SeededDraw.Bits(source.Mood, (ulong)index + 1);
        var changed = source with { Detailed = false, Prompt = task.Prompt ?? source.Prompt, Mood = seed, Warmth = (imageNo - 1.5f) / 1.5f };
        var moved = changed with { Layout = SeededDraw.Bits(source.Layout, (ulong)index + 1), Variant = (source.Variant + 1 + (imageNo % 3)) % 4 };
        return (task.Model, task.Type ?? ModeOf(task)) switch
        {
            (GatewayModel.Upscale, 1) => source with { Detailed = true, Birds = true },
            (GatewayModel.Upscale, _) => source with { Detailed = true },
            ("midjourney_variation", 1) or ("midjourney_remix", not 1) => moved,
            ("midjourney_outpaint", _) => changed with { Distance = source.Distance * ScaleOf(task), Mood = source.Mood },
            // The first words count for time and look: a retexture has a new look, the others keep that of the source.
            ("midjourney_retexture", _) => changed with { Prompt = $"{task.Prompt} {source.Prompt}" },
            ("midjourney_inpaint" or "midjourney_edit" or "midjourney_uploadpaint", _) => changed with { Prompt = $"{source.Prompt} {task.Prompt}" },
            ("midjourney_pan", _) => changed with { Distance = source.Distance * 1.25f },
            ("midjourney_enhance", _) => changed with { Detailed = true },
            _ => changed,
        };
    }

    private static string StepOf(EmulatedTask task) => task.Model switch
    {
        GatewayModel.Upscale => "upscale " + (task.Type switch { 0 => "Standard", 1 => "Creative", 2 => "V5_2x", _ => "V5_4x" }),
        "midjourney_diffusion" => "grid",
        "midjourney_variation" => "variation " + (task.Type == 1 ? "Strong" : "Subtle"),
        "midjourney_remix" => "remix " + (ModeOf(task) == 1 ? "Subtle" : "Strong"),
        var name => name.Replace("midjourney_", "", StringComparison.Ordinal),
    };

    /// <summary>512 on the shorter side; the longer one follows <c>--ar 16:9</c>, or the source.</summary>
    private static (int Columns, int Rows) SizeOf(string prompt, Picture? source)
    {
        float ratio = source is null ? 1 : (float)source.Columns / source.Rows;
        if (AspectRatio().Match(prompt) is { Success: true } match)
            ratio = Number(match.Groups[1].Value) / Math.Max(0.01f, Number(match.Groups[2].Value));
        ratio = Math.Clamp(ratio, 1 / MaxRatio, MaxRatio);
        return ratio >= 1 ? ((int)MathF.Round(Side * ratio), Side) : (Side, (int)MathF.Round(Side / ratio));
    }

    private static float Number(string digits) => float.Parse(digits, CultureInfo.InvariantCulture);

    private static int? ModeOf(EmulatedTask task) => ParameterOf(task, "mode") is { } mode ? (int)mode : null;

    private static float ScaleOf(EmulatedTask task) => (float)(ParameterOf(task, "scale") ?? 1.5);

    private static double? ParameterOf(EmulatedTask task, string name)
    {
        if (task.Key.Parameters is not { } parameters)
            return null;
        using var json = System.Text.Json.JsonDocument.Parse(parameters);
        return json.RootElement.TryGetProperty(name, out var value) && value.TryGetDouble(out double number) ? number : null;
    }

    [GeneratedRegex(@"--(?:ar|aspect)\s+([0-9]{1,4}(?:\.[0-9]+)?):([0-9]{1,4}(?:\.[0-9]+)?)")]
    private static partial Regex AspectRatio();
}
