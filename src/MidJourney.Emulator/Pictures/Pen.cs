using System.Numerics;

namespace MidJourney.Emulator.Pictures;

/// <summary>Draws in the coordinates of one thing: from the middle of its foot, up and to the right, in its own size.</summary>
internal readonly record struct Pen(Canvas Canvas, Vector2 Foot, float Size, bool Mirrored = false)
{
    public Pen At(float x, float y, float size = 1) => this with { Foot = To((x, y)), Size = Size * size };

    public void Shape(Paint paint, params ReadOnlySpan<(float X, float Y)> corners)
    {
        Span<Vector2> points = stackalloc Vector2[corners.Length];
        for (int i = 0; i < corners.Length; i++)
            points[i] = To(corners[i]);
        Canvas.Fill(paint, points);
    }

    public void Box(Paint paint, float x, float y, float width, float height) =>
        Shape(paint, (x, y), (x + width, y), (x + width, y + height), (x, y + height));

    public void Line(Paint paint, float x0, float y0, float x1, float y1, float width)
    {
        var side = Vector2.Normalize(new(y0 - y1, x1 - x0)) * width / 2;
        Shape(paint, (x0 + side.X, y0 + side.Y), (x1 + side.X, y1 + side.Y), (x1 - side.X, y1 - side.Y), (x0 - side.X, y0 - side.Y));
    }

    public void Oval(Paint paint, float x, float y, float width, float height, float turned = 0)
    {
        Span<(float, float)> points = stackalloc (float, float)[36];
        var (sin, cos) = MathF.SinCos(turned);
        for (int i = 0; i < points.Length; i++)
        {
            var (dy, dx) = MathF.SinCos(i * MathF.Tau / points.Length);
            points[i] = (x + (dx * width / 2 * cos) - (dy * height / 2 * sin), y + (dx * width / 2 * sin) + (dy * height / 2 * cos));
        }
        Shape(paint, points);
    }

    /// <summary>A line along a curve with one control point, such as a tail.</summary>
    public void Curve(Paint paint, (float X, float Y) from, (float X, float Y) control, (float X, float Y) to, float width)
    {
        var (a, b, c) = (new Vector2(from.X, from.Y), new Vector2(control.X, control.Y), new Vector2(to.X, to.Y));
        Span<(float, float)> points = stackalloc (float, float)[26];
        for (int i = 0; i < 13; i++)
        {
            float t = i / 12f;
            var point = Vector2.Lerp(Vector2.Lerp(a, b, t), Vector2.Lerp(b, c, t), t);
            var way = Vector2.Normalize(Vector2.Lerp(b - a, c - b, t)) * width / 2;
            points[i] = (point.X - way.Y, point.Y + way.X);
            points[25 - i] = (point.X + way.Y, point.Y - way.X);
        }
        Shape(paint, points);
    }

    public void Glow(Vector3 color, float x, float y, float radius, float strength) => Canvas.Glow(To((x, y)), radius * Size, color, strength);

    private Vector2 To((float X, float Y) point) => Foot + (new Vector2(Mirrored ? -point.X : point.X, -point.Y) * Size);
}
