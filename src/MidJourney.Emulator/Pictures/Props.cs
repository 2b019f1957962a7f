using System.Numerics;
using static MidJourney.Emulator.Pictures.Canvas;

namespace MidJourney.Emulator.Pictures;

/// <summary>The things that stand in a scene. Each is about 1 high.</summary>
internal sealed class Props(Palette palette, bool dark, bool snowy, bool detailed)
{
    private static readonly Vector3 Lamp = Color(0xffd874);

    private Vector3 Window => dark ? Lamp : palette.Lit(0x3d4f66);

    public void Lighthouse(Pen pen, int beamSide)
    {
        var white = palette.Lit(0xf6f0e4);
        pen.Shape(palette.Lit(0x9c9489), (-0.2f, 0), (0.2f, 0), (0.17f, 0.06f), (-0.17f, 0.06f));
        pen.Shape(white, (-0.13f, 0.05f), (0.13f, 0.05f), (0.085f, 0.74f), (-0.085f, 0.74f));
        foreach (float y in (ReadOnlySpan<float>)[0.14f, 0.36f, 0.58f])
        {
            float low = 0.13f - (0.065f * (y - 0.05f)), high = 0.13f - (0.065f * (y + 0.06f));
            pen.Shape(palette.Lit(0xc8372d), (-low, y), (low, y), (high, y + 0.11f), (-high, y + 0.11f));
        }
        pen.Shape(Paint.Clear(palette.Top * 0.3f, 0.35f), (0.03f, 0.05f), (0.13f, 0.05f), (0.085f, 0.74f), (0.03f, 0.74f));
        pen.Box(palette.Lit(0x39343a), -0.13f, 0.74f, 0.26f, 0.03f);
        pen.Box(dark ? Lamp : palette.Lit(0xbcd6dd), -0.065f, 0.77f, 0.13f, 0.12f);
        pen.Line(palette.Lit(0x39343a), 0, 0.77f, 0, 0.89f, 0.012f);
        pen.Shape(palette.Lit(0xa82a24), (-0.09f, 0.89f), (0.09f, 0.89f), (0.02f, 0.98f), (-0.02f, 0.98f));
        pen.Box(Window, -0.025f, 0.5f, 0.05f, 0.055f);
        pen.Box(Window, -0.03f, 0.28f, 0.05f, 0.055f);
        pen.Box(palette.Lit(0x4a2d22), -0.035f, 0.05f, 0.07f, 0.08f);
        if (detailed)
        {
            for (int i = 0; i <= 8; i++)
                pen.Line(palette.Lit(0x2a262b), -0.13f + (i * 0.0325f), 0.765f, -0.13f + (i * 0.0325f), 0.805f, 0.005f);
            for (int i = 0; i < 14; i++)
                pen.Line(Paint.Clear(palette.Lit(0x6a6258), 0.4f), -0.12f + (i * 0.003f), 0.08f + (i * 0.048f), 0.12f - (i * 0.003f), 0.08f + (i * 0.048f),
                    0.004f);
        }
        if (!dark)
            return;
        for (float spread = 0.05f; spread < 0.3f; spread += 0.08f)
        {
            var beam = Paint.Clear(Lamp, 0.15f);
            pen.Shape(beam, (0, 0.82f), (beamSide * 3, 0.95f - spread), (beamSide * 3, 0.95f + spread), (0, 0.84f));
        }
        pen.Glow(Lamp, 0, 0.83f, 0.45f, 0.55f);
    }

    public void House(Pen pen, Dice dice)
    {
        float width = dice.Between(0.8f, 1.2f);
        var wall = palette.Lit(dice.Pick(0xe9d8b5, 0xb5563c, 0xd98b4a, 0xf0ebe0, 0x7f9aa8, 0xc7b198));
        pen.Box(wall, -width / 2, 0, width, 0.6f);
        pen.Box(Paint.Clear(palette.Top * 0.3f, 0.25f), width * 0.18f, 0, width * 0.32f, 0.6f);
        pen.Box(palette.Lit(0x6b4436), width * 0.2f, 0.7f, 0.1f, 0.32f);
        pen.Shape(palette.Lit(snowy ? 0xf2f6fc : dice.Pick(0x7c3b2e, 0x54423f, 0x8d4a33)), (-(width / 2) - 0.07f, 0.58f), ((width / 2) + 0.07f, 0.58f),
            (width * 0.2f, 1), (-width * 0.2f, 1));
        for (int i = 0; i < 3; i++)
            pen.Box(dice.Next() < 0.7f ? Window : palette.Lit(0x2d3440), ((i - 1) * width * 0.31f) - 0.07f, 0.26f, 0.14f, 0.18f);
        pen.Box(palette.Lit(0x3f2a22), -0.07f, 0, 0.12f, 0.22f);
        if (dark)
            pen.Glow(Lamp, 0, 0.3f, 0.75f, 0.28f);
        if (!detailed)
            return;
        for (int i = -1; i <= 1; i++)
        {
            pen.Line(wall * 0.6f, i * width * 0.31f, 0.26f, i * width * 0.31f, 0.44f, 0.012f);
            pen.Line(wall * 0.6f, (i * width * 0.31f) - 0.07f, 0.35f, (i * width * 0.31f) + 0.07f, 0.35f, 0.012f);
        }
    }

    public void Boat(Pen pen, Dice dice, bool sails)
    {
        var hull = palette.Lit(dice.Pick(0xb33a2e, 0x24507a, 0x2c6b5c, 0xe8e2d4, 0x40352f));
        var sail = palette.Lit(dice.Pick(0xf8f1e0, 0xf8f1e0, 0xc9553b));
        pen.Line(palette.Lit(0x4a3528), 0, 0.12f, 0, 1, 0.025f);
        if (sails)
        {
            pen.Shape(sail, (0.03f, 0.2f), (0.03f, 0.97f), (0.26f, 0.55f), (0.38f, 0.2f));
            pen.Shape(sail * 0.86f, (-0.03f, 0.2f), (-0.03f, 0.86f), (-0.17f, 0.5f), (-0.3f, 0.2f));
        }
        else
        {
            pen.Box(palette.Lit(0xefe6d2), -0.08f, 0.12f, 0.26f, 0.2f);
            pen.Box(Window, -0.04f, 0.2f, 0.07f, 0.07f);
            pen.Box(Window, 0.07f, 0.2f, 0.07f, 0.07f);
            pen.Line(palette.Lit(0x4a3528), 0, 0.85f, 0.4f, 0.3f, 0.012f);
            pen.Line(palette.Lit(0x4a3528), 0, 0.95f, -0.4f, 0.15f, 0.012f);
            if (dark)
                pen.Glow(Lamp, 0.03f, 0.3f, 0.35f, 0.5f);
        }
        pen.Shape(hull, (-0.42f, 0.17f), (0.45f, 0.19f), (0.33f, -0.02f), (-0.3f, -0.02f));
        pen.Shape(palette.Lit(0xf0e8d8), (-0.42f, 0.17f), (0.45f, 0.19f), (0.44f, 0.155f), (-0.41f, 0.135f));
        if (!detailed)
            return;
        pen.Line(hull * 0.6f, -0.38f, 0.08f, 0.4f, 0.09f, 0.01f);
        pen.Line(palette.Lit(0x2a2420), 0, 0.97f, 0.44f, 0.19f, 0.006f);
        pen.Line(palette.Lit(0x2a2420), 0, 0.97f, -0.41f, 0.17f, 0.006f);
    }

    /// <summary>A locomotive and its wagons; the foot is the front wheel, and the wagons are to the left.</summary>
    public void Train(Pen pen, Dice dice, int wagons)
    {
        var body = palette.Lit(dice.Pick(0xc03a34, 0x2f8a68, 0x4468b4, 0xd08a30));
        var (black, brass) = (palette.Lit(0x24242a), palette.Lit(0xd8b35c));
        for (int i = 0; i < 7; i++)
        {
            float away = i * 0.32f;
            pen.Oval(Paint.Clear(Vector3.Lerp(palette.Horizon, palette.Lit(0xffffff), 0.5f), 0.62f - (i * 0.075f)),
                -0.12f - away + dice.Between(-0.05f, 0.05f), 1.1f + (i * 0.11f) + dice.Between(-0.04f, 0.04f), 0.26f + (i * 0.11f), 0.2f + (i * 0.07f));
        }
        pen.Box(black, -1.5f, 0.14f, 1.62f, 0.12f);
        pen.Box(body, -0.95f, 0.26f, 1, 0.36f);
        pen.Oval(black, 0.05f, 0.44f, 0.12f, 0.38f);
        pen.Box(Paint.Clear(Color(0xffffff), 0.14f), -0.95f, 0.53f, 1, 0.05f);
        foreach (float x in (ReadOnlySpan<float>)[-0.8f, -0.45f])
            pen.Box(brass, x, 0.26f, 0.03f, 0.36f);
        pen.Shape(black, (-0.17f, 0.6f), (-0.07f, 0.6f), (-0.03f, 0.95f), (-0.21f, 0.95f));
        pen.Oval(brass, -0.62f, 0.63f, 0.2f, 0.2f);
        pen.Box(body, -1.5f, 0.2f, 0.58f, 0.62f);
        pen.Box(Window, -1.38f, 0.5f, 0.34f, 0.22f);
        pen.Box(snowy ? palette.Lit(0xf2f6fc) : black, -1.56f, 0.82f, 0.7f, 0.07f);
        pen.Shape(black, (0.1f, 0.18f), (0.28f, 0), (0.02f, 0));
        foreach (float x in (ReadOnlySpan<float>)[-1.25f, -0.85f, -0.5f, -0.12f])
            Wheel(pen, x, 0.15f, x < -0.3f ? 0.3f : 0.22f, black, brass);
        pen.Box(brass * 0.7f, -1.2f, 0.14f, 0.72f, 0.03f);
        for (int i = 0; i < wagons; i++)
        {
            float left = -3.2f - (i * 1.72f);
            pen.Box(black, left - 0.1f, 0.16f, 1.75f, 0.07f);
            pen.Box(body, left, 0.2f, 1.6f, 0.56f);
            pen.Box(snowy ? palette.Lit(0xf2f6fc) : body * 0.5f, left - 0.03f, 0.76f, 1.66f, 0.08f);
            pen.Box(brass, left, 0.38f, 1.6f, 0.025f);
            for (int window = 0; window < 5; window++)
                pen.Box(Window, left + 0.1f + (window * 0.3f), 0.46f, 0.2f, 0.2f);
            foreach (float x in (ReadOnlySpan<float>)[0.25f, 0.55f, 1.05f, 1.35f])
                Wheel(pen, left + x, 0.1f, 0.2f, black, brass);
            if (dark)
                pen.Glow(Lamp, left + 0.8f, 0.5f, 1, 0.25f);
        }
        pen.Oval(Lamp, 0.1f, 0.66f, 0.1f, 0.1f);
        if (dark)
        {
            pen.Shape(new Paint(Lamp, Lamp, 0.3f, 0.1f), (0.1f, 0.66f), (2.6f, 0.9f), (2.6f, 0));
            pen.Glow(Lamp, 0.1f, 0.66f, 0.5f, 0.8f);
        }
    }

    public void Pine(Pen pen, Dice dice)
    {
        var green = palette.Lit(dice.Pick(0x2f5a3c, 0x274d38, 0x3a6440));
        pen.Box(palette.Lit(0x4a3526), -0.035f, 0, 0.07f, 0.2f);
        for (int i = 0; i < 4; i++)
        {
            float low = 0.12f + (i * 0.2f), half = 0.3f - (i * 0.06f);
            pen.Shape(green * (0.85f + (0.1f * i)), (-half, low), (half, low), (0, low + 0.34f));
            pen.Shape(Paint.Clear(palette.Top * 0.25f, 0.3f), (half * 0.15f, low), (half, low), (0, low + 0.34f));
            if (snowy)
                pen.Shape(palette.Lit(0xf4f7fd), (-half * 0.85f, low + 0.03f), (-half * 0.2f, low + 0.09f), (half * 0.3f, low + 0.05f),
                    (half * 0.4f, low + 0.12f), (0, low + 0.34f));
        }
        for (int i = 0; detailed && i < 12; i++)
            pen.Line(green * 0.55f, 0, 0.25f + (i * 0.055f), ((i % 2) - 0.5f) * (0.4f - (i * 0.025f)), 0.15f + (i * 0.055f), 0.008f);
    }

    public void Tree(Pen pen, Dice dice)
    {
        var leaves = palette.Lit(snowy ? 0xdfe8f0 : dice.Pick(0x4d8a3c, 0x3f7a3f, 0x6c963e, 0xc07a2c, 0xb8492c));
        pen.Shape(palette.Lit(0x54402f), (-0.06f, 0), (0.06f, 0), (0.03f, 0.5f), (-0.03f, 0.5f));
        ReadOnlySpan<(float, float, float, float)> crowns =
            [(0.02f, 0.62f, 0.62f, 0.72f), (-0.16f, 0.58f, 0.42f, 0.85f), (0.18f, 0.56f, 0.4f, 0.78f), (-0.04f, 0.76f, 0.44f, 1)];
        foreach (var (x, y, size, tone) in crowns)
            pen.Oval(leaves * tone, x + dice.Between(-0.03f, 0.03f), y, size, size * 0.85f);
        for (int i = 0; detailed && i < 30; i++)
            pen.Oval(leaves * (0.7f + (0.5f * (i % 3) / 2)), MathF.Sin(i * 2.4f) * 0.02f * i * 0.5f, 0.65f + (MathF.Cos(i * 2.4f) * 0.009f * i), 0.05f, 0.04f);
    }

    public void Tower(Pen pen, Dice dice, float width, float distance)
    {
        var wall = palette.Far(dice.Pick(0x4c5468, 0x5d5666, 0x3f4a58, 0x6a6a74), distance);
        pen.Box(new Paint(wall, Vector3.Lerp(wall, palette.Horizon, 0.25f)), -width / 2, 0, width, 1);
        pen.Box(Paint.Clear(palette.Top * 0.3f, 0.25f), width * 0.2f, 0, width * 0.3f, 1);
        if (dice.Next() < 0.4f)
            pen.Line(wall * 0.8f, 0, 1, 0, 1.15f, width * 0.05f);
        float step = width / 4.6f;
        for (float y = 0.05f; y < 0.95f; y += step * 1.3f)
        {
            for (int i = 0; i < 4; i++)
            {
                bool lit = dice.Next() < (dark ? 0.55f : 0.25f);
                var color = !lit ? wall * 0.7f : dark ? Lamp : palette.Horizon;
                pen.Box(Paint.Clear(color, 1 - distance), (-width / 2) + (step * (0.45f + i)), y, step * 0.55f, step * 0.7f);
            }
        }
    }

    public void Flower(Pen pen, Dice dice)
    {
        var petal = palette.Lit(dice.Pick(0xe0423a, 0xf2b632, 0xd65aa0, 0x8a5cc8, 0xfff3e0, 0xf07a3c));
        float lean = dice.Between(-0.12f, 0.12f);
        pen.Curve(palette.Lit(0x3f7434), (0, 0), (0, 0.4f), (lean, 0.75f), 0.035f);
        pen.Oval(palette.Lit(0x4d8a3c), 0.1f, 0.3f, 0.24f, 0.08f, 0.7f);
        pen.Oval(palette.Lit(0x457e38), -0.1f, 0.2f, 0.24f, 0.08f, 2.4f);
        int petals = dice.Pick(5, 6, 8);
        for (int i = 0; i < petals; i++)
        {
            var (sin, cos) = MathF.SinCos((i + dice.Next() * 0.1f) * MathF.Tau / petals);
            pen.Oval(petal * (i % 2 == 0 ? 1 : 0.88f), lean + (cos * 0.14f), 0.78f + (sin * 0.14f), 0.22f, 0.13f, MathF.Atan2(sin, cos));
            if (detailed)
                pen.Line(petal * 0.7f, lean + (cos * 0.08f), 0.78f + (sin * 0.08f), lean + (cos * 0.22f), 0.78f + (sin * 0.22f), 0.008f);
        }
        pen.Oval(palette.Lit(0x6a4318), lean, 0.78f, 0.13f, 0.13f);
        pen.Oval(palette.Lit(0xd9a53a), lean - 0.01f, 0.79f, 0.08f, 0.08f);
    }

    public void Cactus(Pen pen)
    {
        var green = palette.Lit(0x4d7d4a);
        foreach (var (paint, shift) in (ReadOnlySpan<(Vector3, float)>)[(green * 0.7f, 0.012f), (green, -0.012f)])
        {
            pen.Line(paint, shift, 0, shift, 0.92f, 0.15f);
            pen.Oval(paint, shift, 0.92f, 0.15f, 0.16f);
            pen.Curve(paint, (shift, 0.35f), (-0.3f, 0.3f), (-0.28f + shift, 0.68f), 0.1f);
            pen.Curve(paint, (shift, 0.48f), (0.28f, 0.42f), (0.26f + shift, 0.8f), 0.09f);
        }
        for (int i = 0; detailed && i < 5; i++)
            pen.Line(green * 0.55f, -0.05f + (i * 0.025f), 0.05f, -0.05f + (i * 0.025f), 0.92f, 0.006f);
    }

    public void Cat(Pen pen, Dice dice)
    {
        var fur = Vector3.Lerp(palette.Lit(dice.Pick(0xd98a3c, 0x3a3438, 0x8f8a88, 0xefe6d8)), Color(0x806050), 0.1f);
        var (shade, cream) = (fur * 0.72f, Vector3.Lerp(fur, Color(0xfff4e4), 0.6f));
        pen.Curve(shade, (0.18f, 0.05f), (0.6f, -0.08f), (0.44f, 0.32f), 0.09f);
        pen.Oval(shade, 0.44f, 0.32f, 0.09f, 0.09f);
        pen.Shape(fur, (-0.2f, 0), (0.27f, 0), (0.3f, 0.14f), (0.27f, 0.3f), (0.19f, 0.46f), (0.12f, 0.62f), (-0.16f, 0.62f), (-0.2f, 0.4f), (-0.22f, 0.2f));
        pen.Oval(fur, 0.1f, 0.19f, 0.42f, 0.38f);
        pen.Oval(shade, 0.14f, 0.09f, 0.3f, 0.16f, 0.2f);
        pen.Oval(cream, -0.1f, 0.33f, 0.17f, 0.36f);
        pen.Oval(shade, -0.01f, 0.15f, 0.1f, 0.34f);
        pen.Oval(fur, -0.14f, 0.17f, 0.11f, 0.38f);
        pen.Oval(cream, -0.15f, 0.02f, 0.12f, 0.06f);
        pen.Oval(cream, -0.02f, 0.02f, 0.11f, 0.06f);
        pen.Shape(fur, (-0.25f, 0.72f), (-0.22f, 1), (-0.06f, 0.86f));
        pen.Shape(fur, (0.17f, 0.72f), (0.16f, 1), (-0.01f, 0.86f));
        pen.Shape(palette.Lit(0xd98f86), (-0.215f, 0.8f), (-0.2f, 0.95f), (-0.12f, 0.86f));
        pen.Shape(palette.Lit(0xd98f86), (0.14f, 0.8f), (0.14f, 0.95f), (0.05f, 0.86f));
        pen.Oval(fur, -0.04f, 0.74f, 0.45f, 0.36f);
        pen.Oval(cream, -0.04f, 0.66f, 0.2f, 0.14f);
        foreach (float x in (ReadOnlySpan<float>)[-0.13f, 0.05f])
        {
            pen.Oval(Color(0xc9d65a) * (dark ? 1 : 0.9f), x, 0.77f, 0.1f, 0.09f);
            pen.Oval(Color(0x16141a), x, 0.77f, 0.035f, 0.085f);
        }
        pen.Shape(palette.Lit(0xb5665e), (-0.07f, 0.71f), (-0.01f, 0.71f), (-0.04f, 0.68f));
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            for (int i = 0; i < 3; i++)
                pen.Line(cream, -0.04f + (side * 0.06f), 0.67f, -0.04f + (side * 0.34f), 0.64f + (i * 0.035f), 0.006f);
        }
        for (int i = 0; i < 3; i++)
            pen.Line(shade, -0.09f + (i * 0.05f), 0.86f, -0.08f + (i * 0.04f), 0.91f, 0.018f);
        for (int i = 0; detailed && i < 40; i++)
        {
            float x = 0.1f + (MathF.Sin(i * 2.4f) * 0.0042f * i), y = 0.24f + (MathF.Cos(i * 2.4f) * 0.004f * i);
            pen.Line(i % 2 == 0 ? shade : Vector3.Lerp(fur, cream, 0.3f), x, y, x + 0.025f, y - 0.04f, 0.005f);
        }
    }

    public void Rocket(Pen pen)
    {
        for (int i = 0; i < 5; i++)
        {
            float half = 0.13f - (i * 0.022f);
            pen.Shape(new Paint(Color(0xfff2b0), Color(0xff5a1f), 0.7f, 0), (-half, 0.16f), (half, 0.16f), (half * 0.4f, -0.3f - (i * 0.12f)),
                (-half * 0.4f, -0.3f - (i * 0.12f)));
        }
        pen.Glow(Color(0xffb347), 0, 0.1f, 0.4f, 0.7f);
        var (white, red) = (Color(0xeef0f4), Color(0xd0382e));
        pen.Shape(red, (-0.12f, 0.42f), (-0.26f, 0.14f), (-0.1f, 0.2f));
        pen.Shape(red * 0.75f, (0.12f, 0.42f), (0.26f, 0.14f), (0.1f, 0.2f));
        pen.Shape(Color(0x55585f), (-0.09f, 0.14f), (0.09f, 0.14f), (0.07f, 0.22f), (-0.07f, 0.22f));
        pen.Shape(white, (-0.1f, 0.2f), (0.1f, 0.2f), (0.14f, 0.4f), (0.13f, 0.66f), (0.08f, 0.84f), (0, 1), (-0.08f, 0.84f), (-0.13f, 0.66f), (-0.14f, 0.4f));
        pen.Shape(red, (-0.08f, 0.84f), (0.08f, 0.84f), (0, 1));
        pen.Shape(Paint.Clear(Color(0x101830), 0.3f), (0.03f, 0.2f), (0.1f, 0.2f), (0.14f, 0.4f), (0.13f, 0.66f), (0.08f, 0.84f), (0.03f, 0.93f));
        pen.Oval(Color(0x3a4050), 0, 0.6f, 0.15f, 0.15f);
        pen.Oval(Color(0x8fd4f0), 0, 0.6f, 0.11f, 0.11f);
        for (int i = 0; detailed && i < 6; i++)
            pen.Line(Color(0x9aa0aa), -0.12f, 0.26f + (i * 0.09f), 0.12f, 0.26f + (i * 0.09f), 0.005f);
    }

    private static void Wheel(Pen pen, float x, float y, float size, Vector3 rim, Vector3 hub)
    {
        pen.Oval(rim, x, y, size, size);
        pen.Oval(hub * 0.8f, x, y, size * 0.7f, size * 0.7f);
        pen.Oval(rim, x, y, size * 0.55f, size * 0.55f);
        pen.Oval(hub, x, y, size * 0.2f, size * 0.2f);
    }
}
