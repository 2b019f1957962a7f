using System.Numerics;
using static MidJourney.Emulator.Pictures.Canvas;

namespace MidJourney.Emulator.Pictures;

/// <summary>Makes a finished scene look as if it was painted, cut or drawn, in the same way in any size.</summary>
internal static class Looks
{
    public static void Apply(Look look, Canvas canvas, ulong seed, bool detailed)
    {
        switch (look)
        {
            case Look.Oil:
                Strokes(canvas, new Dice(seed ^ 1), 0.05f, 0.014f, 1);
                Strokes(canvas, new Dice(seed ^ 2), 0.028f, 0.008f, 0.8f);
                if (detailed)
                    Strokes(canvas, new Dice(seed ^ 3), 0.014f, 0.004f, 0.7f, onlyEdges: true);
                break;
            case Look.Woodcut:
                Woodcut(canvas, detailed);
                break;
            case Look.Watercolor:
                Watercolor(canvas, seed);
                break;
            case Look.Ink:
                Ink(canvas);
                break;
            case Look.Neon:
                canvas.Change((at, all) => Neon(all.At(at), Edge(all, at, 0.004f)));
                break;
            case Look.Pixels:
                float size = detailed ? 1 / 96f : 1 / 64f;
                canvas.Change((at, all) => Steps(all.At(new((MathF.Floor(at.X / size) + 0.5f) * size, (MathF.Floor(at.Y / size) + 0.5f) * size)), 7));
                break;
            case Look.Gray:
                canvas.Change((at, all) => new Vector3(Smooth(0.02f, 0.98f, Luminance(all.At(at)))));
                break;
            default:
                break;
        }
    }

    /// <summary>Brush strokes in the color that they meet, a little lighter or darker, across the fall of the light.</summary>
    private static void Strokes(Canvas canvas, Dice dice, float length, float width, float cover, bool onlyEdges = false)
    {
        int count = (int)(canvas.Width * canvas.Height / (length * width) * 1.6f * cover);
        var source = new Canvas(canvas.Columns, canvas.Rows);
        canvas.Pixels.CopyTo(source.Pixels, 0);
        for (int i = 0; i < count; i++)
        {
            var at = new Vector2(dice.Between(0, canvas.Width), dice.Between(0, canvas.Height));
            var color = source.At(at);
            var fall = new Vector2(
                Luminance(source.At(at + new Vector2(length / 2, 0))) - Luminance(source.At(at - new Vector2(length / 2, 0))),
                Luminance(source.At(at + new Vector2(0, length / 2))) - Luminance(source.At(at - new Vector2(0, length / 2))));
            if (onlyEdges && fall.Length() < 0.05f)
                continue;
            var way = fall.Length() > 0.03f ? Vector2.Normalize(new(-fall.Y, fall.X)) : new(1, MathF.Sin((at.X * 5) + (at.Y * 3)) * 0.35f);
            var along = Vector2.Normalize(way) * length / 2;
            var across = new Vector2(-along.Y, along.X) * (width / length);
            // Shorter where there is more to see.
            along *= Math.Max(0.3f, 1 - (fall.Length() * 2));
            canvas.Fill(Paint.Clear(color * dice.Between(0.9f, 1.12f), 0.85f), at - along, at - (along * 0.6f) + across, at + (along * 0.7f) + across,
                at + along, at + (along * 0.6f) - across, at - (along * 0.7f) - across);
        }
    }

    /// <summary>Black ink and colored blocks on paper; the lines swell where it is darker.</summary>
    private static void Woodcut(Canvas canvas, bool detailed)
    {
        var (paper, ink) = (Color(0xf3e8d0), Color(0x1e1a1c));
        canvas.Change((at, all) =>
        {
            var color = all.At(at);
            float light = Luminance(color);
            float tone = MathF.Round(light * 5) / 5;
            var block = Vector3.Lerp(paper, color * (tone / Math.Max(0.05f, light)), 0.7f);
            float bent = at.Y + (0.012f * MathF.Sin(at.X * 9)) + (light * 0.02f);
            float line = 0.5f + (0.5f * MathF.Sin(bent * 280));
            float share = Smooth(-0.12f, 0.12f, ((0.78f - light) * 1.35f) - line);
            if (detailed)
                share = Math.Max(share, 0.8f * Smooth(-0.1f, 0.1f, ((0.3f - light) * 2) - (0.5f + (0.5f * MathF.Sin(at.X * 420)))));
            share = Math.Max(share, Smooth(0.1f, 0.25f, Edge(all, at, 0.004f)));
            return Vector3.Lerp(block, ink, share);
        });
    }

    /// <summary>Thin color that runs a little, with darker rims, on rough paper.</summary>
    private static void Watercolor(Canvas canvas, ulong seed)
    {
        var paper = Color(0xfbf7ee);
        Func<float, float> runX = new Dice(seed ^ 4).Curve(0.008f, 0.1f, 2), runY = new Dice(seed ^ 5).Curve(0.008f, 0.1f, 2),
            wash = new Dice(seed ^ 6).Curve(0.12f, 0.5f, 3);
        canvas.Change((at, all) =>
        {
            var from = at + new Vector2(runX(at.Y + (at.X * 0.4f)), runY(at.X - (at.Y * 0.3f)));
            var color = (all.At(from) + all.At(from + new Vector2(0.006f, 0)) + all.At(from + new Vector2(0, 0.006f))
                + all.At(from - new Vector2(0.005f, 0.005f))) / 4;
            float grain = (float)SeededDraw.Unit(seed, (ulong)(((int)(at.X * 300) * 4096) + (int)(at.Y * 300)));
            float margin = Math.Min(Math.Min(at.X, all.Width - at.X), Math.Min(at.Y, all.Height - at.Y)) + (0.6f * (runX(at.X * 2) + runY(at.Y * 2)));
            float thickness = Smooth(0.015f, 0.03f, margin) * (0.72f + wash(at.X + at.Y) + (grain * 0.08f) + Math.Min(0.2f, Edge(all, from, 0.006f)));
            return Vector3.Lerp(paper, color, Math.Clamp(thickness, 0, 1));
        });
    }

    private static void Ink(Canvas canvas)
    {
        var (paper, ink) = (Color(0xf6f2e8), Color(0x22242c));
        canvas.Change((at, all) =>
        {
            float light = Luminance(all.At(at));
            float share = Smooth(0.03f, 0.16f, Edge(all, at, 0.003f));
            for (int layer = 0; layer < 3; layer++)
            {
                float hatch = MathF.Sin((at.X * (layer == 1 ? -260 : 260)) + (at.Y * (layer == 2 ? 40 : 260)));
                share = Math.Max(share, 0.75f * Smooth(0.25f, 0.75f, hatch) * Smooth(0, 0.12f, 0.62f - (layer * 0.2f) - light));
            }
            return Vector3.Lerp(Vector3.Lerp(paper, all.At(at), 0.12f), ink, share);
        });
    }

    private static Vector3 Neon(Vector3 color, float edge)
    {
        float light = Luminance(color);
        var dark = Vector3.Lerp(Color(0x0a0420), Color(0x5a1a8a), Smooth(0, 0.6f, light));
        var glow = Vector3.Lerp(dark, Color(0xff4fa8), Smooth(0.5f, 1, light));
        return Vector3.Lerp(glow, color.X > color.Z ? Color(0xff5fd0) : Color(0x3ff0ff), Smooth(0.04f, 0.2f, edge));
    }

    private static float Edge(Canvas canvas, Vector2 at, float reach)
    {
        var (x, y) = (new Vector2(reach, 0), new Vector2(0, reach));
        return Vector3.Distance(canvas.At(at + x), canvas.At(at - x)) * 0.5f + (Vector3.Distance(canvas.At(at + y), canvas.At(at - y)) * 0.5f);
    }

    private static Vector3 Steps(Vector3 color, int steps) =>
        new Vector3(MathF.Round(color.X * steps), MathF.Round(color.Y * steps), MathF.Round(color.Z * steps)) / steps;

    private static float Smooth(float from, float to, float value)
    {
        float t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }
}
