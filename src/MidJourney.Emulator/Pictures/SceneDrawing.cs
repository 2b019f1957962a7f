using System.Numerics;
using static MidJourney.Emulator.Pictures.Canvas;

namespace MidJourney.Emulator.Pictures;

/// <summary>Draws one scene from back to front: the sky, what is far away, sea or land, the weather.</summary>
internal sealed partial class SceneDrawing
{
    private readonly Scene _scene;
    private readonly SceneWords _words;
    private readonly Canvas _canvas;
    private readonly Palette _palette;
    private readonly Props _props;
    private Dice _layout;
    private readonly Dice _mood;
    private readonly bool _dark;
    private readonly bool _snowy;
    private readonly float _horizon;
    private readonly float _middle;
    private readonly float _closeness;
    private readonly float _main;
    private readonly bool _toTheLeft;
    private readonly Vector2 _sun;

    public SceneDrawing(Scene scene, SceneWords words, Canvas canvas)
    {
        (_scene, _words, _canvas) = (scene, words, canvas);
        (_layout, _mood) = (new Dice(scene.Layout), new Dice(scene.Mood));
        _palette = Palette.For(words.Daytime, scene.Variant).Shifted(scene.Warmth);
        _dark = words.Daytime is Daytime.Night or Daytime.Dusk;
        _snowy = words.Has(Things.Snow);
        _props = new Props(_palette, _dark, _snowy, scene.Detailed);
        int v = scene.Variant;
        _horizon = canvas.Height * (Choose(v, 0.6f, 0.66f, 0.54f, 0.7f) + _layout.Between(-0.02f, 0.02f));
        _middle = _horizon + ((canvas.Height - _horizon) * 0.3f);
        _closeness = Choose(v, 1f, 0.78f, 1.3f, 0.62f) * _layout.Between(0.95f, 1.05f);
        _main = canvas.Width * (Choose(v, 0.3f, 0.72f, 0.56f, 0.42f) + _layout.Between(-0.04f, 0.04f));
        _toTheLeft = v % 2 == 1;
        float sunHeight = words.Daytime is Daytime.Dawn or Daytime.Dusk ? Choose(v, 0.14f, 0.06f, 0.2f, 0.1f) : Choose(v, 0.36f, 0.45f, 0.42f, 0.5f);
        _sun = new(canvas.Width * (Choose(v, 0.72f, 0.26f, 0.2f, 0.76f) + _layout.Between(-0.05f, 0.05f)), _horizon - (sunHeight * canvas.Height));
    }

    private float Width => _canvas.Width;

    private float Height => _canvas.Height;

    public void All()
    {
        if (Any(Things.Space))
        {
            Space();
            return;
        }
        Sky();
        if (Any(Things.Mountain))
            Part(Mountains);
        if (Any(Things.City))
            Part(Skyline);
        if (Any(Things.Sea) || (_words.Things & ~Things.Snow & ~Things.Fog) == Things.City)
            Part(Sea);
        else
            Part(Land);
        Weather();
        if (Any(Things.Cat))
            Part(Windowsill);
    }

    /// <summary>Draws with dice of its own, so that a part looks the same whatever else there is.</summary>
    private void Part(Action draw)
    {
        var before = _layout;
        _layout = new Dice(_scene.Layout ^ SeededDraw.Hash(draw.Method.Name));
        draw();
        _layout = before;
    }

    private static T Choose<T>(int variant, params ReadOnlySpan<T> values) => values[variant % values.Length];

    private bool Any(Things thing) => _words.Has(thing);

    private Pen At(float x, float y, float size, bool mirrored = false) => new(_canvas, new(x, y), size, mirrored);

    private void Band(Paint paint, float top, float bottom) => _canvas.FillBox(paint, -2, top, Width + 2, bottom);

    /// <summary>Everything below a curve.</summary>
    private void Hill(Paint paint, float level, Func<float, float> curve)
    {
        var outline = new List<Vector2> { new(-1.5f, Height + 1.5f) };
        for (float x = -1.5f; x <= Width + 1.5f; x += 0.02f)
            outline.Add(new(x, level + curve(x)));
        outline.Add(new(Width + 1.5f, Height + 1.5f));
        _canvas.FillAll(paint, [outline]);
    }

    private void Sky()
    {
        Band(_palette.Horizon, _horizon, Height + 1);
        Band(new Paint(_palette.Middle, _palette.Horizon), _horizon * 0.6f, _horizon + 0.02f);
        Band(new Paint(_palette.Top, _palette.Middle), -0.5f, (_horizon * 0.6f) + 0.01f);
        if (_words.Daytime == Daytime.Night)
        {
            for (int i = 0; i < 130; i++)
                At(_mood.Between(-0.5f, Width + 0.5f), _mood.Between(-0.3f, _horizon), _mood.Between(0.002f, 0.006f))
                    .Box(Paint.Clear(_palette.Sun, _mood.Between(0.3f, 1)), 0, 0, 1, 1);
        }
        float size = _words.Daytime is Daytime.Dawn or Daytime.Dusk ? 0.15f : 0.12f;
        _canvas.Glow(_sun, size * 4.5f, _palette.Sun, _words.Daytime == Daytime.Night ? 0.35f : 0.6f);
        if (_words.Daytime == Daytime.Night && _scene.Variant % 2 == 1)
            Crescent(At(_sun.X, _sun.Y, size));
        else
            At(_sun.X, _sun.Y, size).Oval(_palette.Sun, 0, 0, 1, 1);
        Clouds();
        for (int i = 0; _scene.Birds && i < 7; i++)
        {
            var bird = At(Width * (0.3f + (SeededUnit(900 + i) * 0.4f)), _horizon * (0.25f + (SeededUnit(910 + i) * 0.3f)),
                0.045f + (SeededUnit(920 + i) * 0.035f));
            bird.Curve(_palette.Top * 0.45f, (0, 0), (0.25f, 0.4f), (0.55f, 0.15f), 0.08f);
            bird.Curve(_palette.Top * 0.45f, (0, 0), (-0.25f, 0.4f), (-0.55f, 0.15f), 0.08f);
        }
    }

    /// <summary>The left of a circle, and back along a flatter curve.</summary>
    private void Crescent(Pen pen)
    {
        Span<(float, float)> points = stackalloc (float, float)[40];
        for (int i = 0; i < 20; i++)
        {
            var (y, x) = MathF.SinCos((MathF.PI / 3) + (i * MathF.PI * 4 / 3 / 19));
            float down = ((i * 2) - 19) / 19f;
            points[i] = (x / 2, y / 2);
            points[39 - i] = (0.25f - (0.42f * (1 - (down * down))), -0.433f * down);
        }
        pen.Shape(_palette.Sun, points);
    }

    private void Clouds()
    {
        for (int i = 0, count = 2 + (int)(_mood.Next() * 4); i < count; i++)
        {
            var cloud = At(_mood.Between(-0.1f, Width + 0.1f), _mood.Between(0.06f, _horizon * 0.75f), _mood.Between(0.1f, 0.24f));
            var color = Vector3.Lerp(_palette.Horizon, _words.Daytime == Daytime.Night ? _palette.Middle : _palette.Sun, 0.5f);
            for (int puff = 0; puff < 7; puff++)
                cloud.Oval(Paint.Clear(color, 0.38f), _mood.Between(-0.9f, 0.9f), _mood.Between(-0.05f, 0.12f), _mood.Between(0.7f, 1.5f),
                    _mood.Between(0.14f, 0.3f));
        }
    }

    private void Mountains()
    {
        for (int range = 0; range < 2; range++)
        {
            float far = range == 0 ? 0.55f : 0.2f, height = (range == 0 ? 0.4f : 0.26f) * (0.75f + (_closeness * 0.3f));
            for (float x = -0.4f + _layout.Between(0, 0.3f); x < Width + 0.4f; x += _layout.Between(0.26f, 0.42f))
                Peak(At(x, _horizon + 0.02f, height * _layout.Between(0.7f, 1.15f)), _palette.Far(0x596175, far), _palette.Far(0xf4f7fc, far * 0.6f));
        }
    }

    private void Peak(Pen pen, Vector3 rock, Vector3 snow)
    {
        float half = _layout.Between(0.75f, 1.05f), lean = _layout.Between(-0.15f, 0.15f), foot = _layout.Between(0, 0.25f);
        bool lightLeft = _sun.X < pen.Foot.X;
        pen.Shape(rock * (lightLeft ? 1.1f : 0.75f), (-half, 0), (-half * 0.5f, 0.42f), (lean - 0.1f, 0.86f), (lean, 1), (foot, 0));
        pen.Shape(rock * (lightLeft ? 0.75f : 1.1f), (lean, 1), (lean + 0.14f, 0.82f), (half * 0.55f, 0.4f), (half, 0), (foot, 0));
        pen.Shape(snow, (lean, 1), (lean + 0.14f, 0.82f), (lean + 0.26f, 0.7f), (lean + 0.14f, 0.72f), (lean + 0.07f, 0.6f), (lean - 0.02f, 0.72f),
            (lean - 0.1f, 0.62f), (lean - 0.2f, 0.68f), (lean - 0.1f, 0.86f));
        pen.Shape(Paint.Clear(rock, 0.45f), (lean, 1), (lean + 0.14f, 0.82f), (lean + 0.26f, 0.7f), (lean + 0.14f, 0.72f), (lean + 0.07f, 0.6f));
        for (int i = 0; _scene.Detailed && i < 8; i++)
            pen.Line(Paint.Clear(rock * 0.55f, 0.6f), lean + (i * 0.05f) - 0.2f, 0.55f - (i % 3 * 0.12f), lean + (i * 0.06f) - 0.26f,
                0.4f - (i % 3 * 0.12f), 0.008f);
    }

    private void Skyline()
    {
        for (int row = 0; row < 3; row++)
        {
            float far = 0.7f - (row * 0.3f);
            for (float x = -0.3f; x < Width + 0.3f;)
            {
                float width = _layout.Between(0.06f, 0.13f) * (0.6f + (_closeness * 0.4f));
                float middle = 1 - Math.Min(1, Math.Abs(x - _main) / Width * 1.6f);
                float height = (0.1f + (middle * 0.26f) + _layout.Between(0, 0.2f)) * (1.1f - (row * 0.16f)) * (0.75f + (_closeness * 0.25f));
                _props.Tower(At(x + (width / 2), _horizon + 0.01f, height), _layout, width / height, Math.Max(0.04f, far));
                x += width * _layout.Between(0.95f, 1.3f);
            }
        }
    }

    private float TrainFront => Width * (_toTheLeft ? 0.34f : 0.66f);

    /// <summary>For details: numbers that do not change what comes after them.</summary>
    private float SeededUnit(int number) => (float)SeededDraw.Unit(_scene.Layout ^ 0xD37A11, (ulong)number);

    private void Weather()
    {
        for (int i = 0; Any(Things.Fog) && i < 4; i++)
            At(_mood.Between(0, Width), _horizon + _mood.Between(-0.12f, 0.1f), 1)
                .Oval(Paint.Clear(_palette.Horizon, 0.32f), 0, 0, 1.8f, _mood.Between(0.1f, 0.22f));
        for (int i = 0; _snowy && i < 150; i++)
            At(_mood.Between(0, Width), _mood.Between(0, Height), _mood.Between(0.004f, 0.013f))
                .Oval(Paint.Clear(Color(0xffffff), _mood.Between(0.45f, 0.95f)), 0, 0, 1, 1);
    }
}
