using System.Numerics;
using static MidJourney.Emulator.Pictures.Canvas;

namespace MidJourney.Emulator.Pictures;

internal sealed partial class SceneDrawing
{
    /// <summary>The scene is outside; a cat sits inside, in front of it.</summary>
    private void Windowsill()
    {
        float sill = Height - 0.3f, left = Width * Choose(_scene.Variant, 0.1f, 0.16f, 0.06f, 0.2f),
            right = Width - (Width * Choose(_scene.Variant, 0.14f, 0.08f, 0.18f, 0.1f)), top = 0.08f;
        var wall = _palette.Lit(Choose(_scene.Variant, 0xb98f74, 0x8fa0a8, 0xa9a07c, 0xa98a9c));
        var frame = _palette.Lit(0xf2e9da);
        Band(wall, -1, top);
        _canvas.FillBox(wall, -2, -1, left, Height + 1);
        _canvas.FillBox(wall, right, -1, Width + 2, Height + 1);
        Band(new Paint(wall * 0.75f, wall * 0.55f), sill, Height + 1);
        float bar = 0.028f, middle = (left + right) / 2, across = top + ((sill - top) * 0.36f);
        ReadOnlySpan<(float, float, float, float)> bars =
        [
            (left, top, right, top + bar), (left, top, left + bar, sill), (right - bar, top, right, sill),
            (middle - (bar / 2), top, middle + (bar / 2), sill), (left, across, right, across + bar),
        ];
        foreach (var (x0, y0, x1, y1) in bars)
        {
            _canvas.FillBox(frame, x0, y0, x1, y1);
            _canvas.FillBox(Paint.Clear(_palette.Top * 0.3f, 0.28f), x1 - 0.007f, y0, x1, y1);
        }
        Curtain(left, 1);
        Curtain(right, -1);
        _canvas.Fill(new Paint(frame, frame * 0.85f), new(left - 0.06f, sill), new(right + 0.06f, sill), new(right + 0.1f, sill + 0.055f),
            new(left - 0.1f, sill + 0.055f));
        _canvas.FillBox(frame * 0.65f, left - 0.1f, sill + 0.055f, right + 0.1f, sill + 0.075f);
        Pot(At(_main > Width / 2 ? left + 0.2f : right - 0.2f, sill + 0.03f, 0.2f));
        float cat = Math.Clamp(_main, left + 0.2f, right - 0.2f);
        At(cat, sill + 0.035f, 0.36f).Oval(Paint.Clear(_palette.Top * 0.2f, 0.35f), 0.06f, 0, 0.8f, 0.08f);
        _props.Cat(At(cat, sill + 0.035f, 0.34f * (0.6f + (_closeness * 0.4f)), _toTheLeft), _layout);
    }

    private void Curtain(float x, float side)
    {
        var cloth = _palette.Lit(Choose(_scene.Variant, 0xc2564a, 0xd8c27a, 0x5f8a86, 0x8a6aa6));
        float sill = Height - 0.27f;
        _canvas.Fill(new Paint(cloth, cloth * 0.8f), new(x - (side * 0.09f), 0.03f), new(x + (side * 0.15f), 0.03f), new(x + (side * 0.12f), 0.3f),
            new(x + (side * 0.02f), sill), new(x - (side * 0.09f), sill));
        for (int fold = 0; fold < 4; fold++)
            _canvas.Fill(Paint.Clear(cloth * 0.6f, 0.5f), new(x + (side * ((fold * 0.05f) - 0.07f)), 0.03f),
                new(x + (side * ((fold * 0.05f) - 0.05f)), 0.03f), new(x + (side * ((fold * 0.025f) - 0.075f)), sill));
        _canvas.FillBox(_palette.Lit(0x5a4030), -1, 0.02f, Width + 1, 0.035f);
    }

    private void Pot(Pen pen)
    {
        for (int i = 0; i < 7; i++)
            pen.Curve(_palette.Lit(i % 2 == 0 ? 0x4d8a4a : 0x3d7440), (0, 0.4f), ((i - 3) * 0.06f, 0.8f), ((i - 3) * 0.17f, 0.72f + (i % 3 * 0.12f)),
                0.07f);
        pen.Shape(_palette.Lit(0xb8603c), (-0.2f, 0), (0.2f, 0), (0.26f, 0.42f), (-0.26f, 0.42f));
        pen.Box(_palette.Lit(0xcf7248), -0.29f, 0.36f, 0.58f, 0.1f);
    }

    private void Space()
    {
        Band(new Paint(Color(0x070a1c), Vector3.Lerp(Color(0x101436), _palette.Top, 0.35f)), -1, Height + 1);
        foreach (int color in (ReadOnlySpan<int>)[0x5a2f8f, 0x1f5f9a, 0x9a2f6a, 0x1f8a86])
            _canvas.Glow(new(_mood.Between(0, Width), _mood.Between(0, Height)), _mood.Between(0.3f, 0.7f), Color(color), 0.5f);
        for (int i = 0; i < 220; i++)
            At(_mood.Between(-0.3f, Width + 0.3f), _mood.Between(-0.3f, Height + 0.3f), _mood.Between(0.002f, 0.008f))
                .Oval(Paint.Clear(Color(0xffffff), _mood.Between(0.3f, 1)), 0, 0, 1, 1);
        int[] planets = [0xd98a4a, 0x4a8fc0, 0xb05a7a, 0x6aa86a];
        Planet(At(_sun.X, Height * Choose(_scene.Variant, 0.3f, 0.24f, 0.55f, 0.36f), 0.34f * _closeness), Color(Choose(_scene.Variant, planets)),
            _scene.Variant % 2 == 0);
        Planet(At(Width - _sun.X, Height * 0.2f, 0.1f), Color(Choose(_scene.Variant + 1, planets)), false);
        if (Any(Things.Rocket))
            _props.Rocket(At(_main, Height * Choose(_scene.Variant, 0.66f, 0.7f, 0.62f, 0.64f), 0.42f * (0.6f + (_closeness * 0.4f))));
    }

    private void Planet(Pen pen, Vector3 color, bool ringed)
    {
        pen.Glow(color, 0, 0, 0.85f, 0.4f);
        pen.Oval(new Paint(color * 1.2f, color * 0.5f), 0, 0, 1, 1);
        for (int i = 0; i < (_scene.Detailed ? 9 : 5); i++)
        {
            float y = 0.36f - (i % 5 * 0.17f) - (i / 5 * 0.08f), half = MathF.Sqrt(0.25f - (y * y)) * 0.95f;
            pen.Oval(Paint.Clear(color * (i % 2 == 0 ? 0.6f : 1.3f), 0.35f), 0, y, half * 2, i < 5 ? 0.06f : 0.02f);
        }
        if (ringed)
        {
            pen.Curve(Paint.Clear(Color(0xf0dcb8), 0.75f), (-0.85f, 0.14f), (0, -0.36f), (0.85f, 0.14f), 0.05f);
            pen.Curve(Paint.Clear(Color(0xc8a878), 0.6f), (-0.75f, 0.13f), (0, -0.26f), (0.75f, 0.13f), 0.03f);
        }
    }
}
