using System.Numerics;
using System.Runtime.InteropServices;

namespace MidJourney.Emulator.Pictures;

/// <summary>A color that changes from <paramref name="Top"/> to <paramref name="Bottom"/> over the height of what it fills.</summary>
internal readonly record struct Paint(Vector3 Top, Vector3 Bottom, float Alpha = 1, float BottomAlpha = 1)
{
    public static implicit operator Paint(Vector3 color) => new(color, color);

    public static Paint Clear(Vector3 color, float alpha) => new(color, color, alpha, alpha);
}

/// <summary>
/// Pixels, and shapes with smooth edges on them. The shorter side has the length 1, whatever the number of pixels, so that a scene
/// has the same places in every size.
/// </summary>
internal sealed class Canvas
{
    private readonly float[] _cover;

    public Canvas(int columns, int rows)
    {
        (Columns, Rows, Scale) = (columns, rows, Math.Min(columns, rows));
        Pixels = new Vector3[columns * rows];
        _cover = new float[(columns + 2) * rows];
    }

    public int Columns { get; }
    public int Rows { get; }
    public float Scale { get; }
    public float Width => Columns / Scale;
    public float Height => Rows / Scale;
    public Vector3[] Pixels { get; private set; }

    /// <summary>How far away the scene is looked at: 2 shows all of it at half the size, and more around it.</summary>
    public float Distance { get; set; } = 1;

    public static Vector3 Color(int rgb) => new Vector3(rgb >> 16, (rgb >> 8) & 255, rgb & 255) / 255;

    public static float Luminance(Vector3 color) => Vector3.Dot(color, new(0.3f, 0.59f, 0.11f));

    /// <summary>Fills a closed outline.</summary>
    public void Fill(Paint paint, params ReadOnlySpan<Vector2> outline)
    {
        var bounds = (Low: new Vector2(float.MaxValue), High: new Vector2(float.MinValue));
        AddOutline(outline, ref bounds);
        PaintCovered(paint, bounds);
    }

    public void FillBox(Paint paint, float left, float top, float right, float bottom) =>
        Fill(paint, new(left, top), new(right, top), new(right, bottom), new(left, bottom));

    /// <summary>Fills outlines that belong together, such as those of a letter with a hole.</summary>
    public void FillAll(Paint paint, List<List<Vector2>> outlines)
    {
        var bounds = (Low: new Vector2(float.MaxValue), High: new Vector2(float.MinValue));
        foreach (var outline in outlines)
            AddOutline(CollectionsMarshal.AsSpan(outline), ref bounds);
        PaintCovered(paint, bounds);
    }

    /// <summary>Light, or with a dark color shade, that fades towards the edge of a circle.</summary>
    public void Glow(Vector2 center, float radius, Vector3 color, float strength)
    {
        var (middle, reach) = (Place(center), radius * Scale / Distance);
        for (int y = Math.Max(0, (int)(middle.Y - reach)); y < Math.Min(Rows, middle.Y + reach); y++)
        {
            for (int x = Math.Max(0, (int)(middle.X - reach)); x < Math.Min(Columns, middle.X + reach); x++)
            {
                float near = 1 - (Vector2.DistanceSquared(middle, new(x + 0.5f, y + 0.5f)) / (reach * reach));
                if (near > 0)
                    Pixels[(y * Columns) + x] = Vector3.Lerp(Pixels[(y * Columns) + x], color, near * near * strength);
            }
        }
    }

    /// <summary>Below a line, the mirror image of what is above it, in the color of water and broken by waves.</summary>
    public void Mirror(float line, Vector3 water, float clearness, float phase)
    {
        int first = (int)MathF.Round(Place(new(0, line)).Y);
        for (int y = Math.Max(1, first); y < Rows; y++)
        {
            float depth = (y - first) / Scale;
            // Waves look shorter the farther away they are.
            float wave = MathF.Sin((40 / (0.12f + depth) / 6) + phase + (depth * 60)) * (0.004f + (depth * 0.05f));
            int from = Math.Clamp((2 * first) - y - 1 + (int)(wave * Scale), 0, Math.Max(0, first - 1));
            int shift = (int)(MathF.Sin((depth * 190) + phase) * 0.006f * Scale);
            var paint = Vector3.Lerp(water * 1.25f, water * 0.7f, Math.Min(1, depth * 2)) * (1 + (wave * 4));
            for (int x = 0; x < Columns; x++)
                Pixels[(y * Columns) + x] = Vector3.Lerp(paint, Pixels[(from * Columns) + Math.Clamp(x + shift, 0, Columns - 1)],
                    clearness * (1 - Math.Min(0.6f, depth)));
        }
    }

    public Vector3 At(Vector2 point) => Pixels[
        (Math.Clamp((int)(point.Y * Scale), 0, Rows - 1) * Columns) + Math.Clamp((int)(point.X * Scale), 0, Columns - 1)];

    /// <summary>Computes every pixel anew from its place and the picture as it was.</summary>
    public void Change(Func<Vector2, Canvas, Vector3> pixelAt)
    {
        var changed = new Vector3[Pixels.Length];
        for (int i = 0; i < changed.Length; i++)
            changed[i] = pixelAt(new Vector2((i % Columns) + 0.5f, (i / Columns) + 0.5f) / Scale, this);
        Pixels = changed;
    }

    private Vector2 Place(Vector2 point)
    {
        var middle = new Vector2(Width, Height) / 2;
        return (middle + ((point - middle) / Distance)) * Scale;
    }

    /// <summary>
    /// Every edge adds to each pixel the area that it cuts off there; the sum from the left is then how much of the pixel lies inside.
    /// </summary>
    private void AddOutline(ReadOnlySpan<Vector2> outline, ref (Vector2 Low, Vector2 High) bounds)
    {
        var last = Place(outline[^1]);
        foreach (var point in outline)
        {
            var next = Place(point);
            bounds = (Vector2.Min(bounds.Low, next), Vector2.Max(bounds.High, next));
            AddEdge(last, next);
            last = next;
        }
    }

    private void AddEdge(Vector2 from, Vector2 to)
    {
        if (from.Y == to.Y)
            return;
        float sign = from.Y < to.Y ? 1 : -1;
        if (sign < 0)
            (from, to) = (to, from);
        float slope = (to.X - from.X) / (to.Y - from.Y);
        for (int y = Math.Max(0, (int)from.Y); y < Math.Min(Rows, to.Y); y++)
        {
            float start = Math.Max(y, from.Y), end = Math.Min(y + 1, to.Y);
            float x0 = Math.Clamp(from.X + ((start - from.Y) * slope), 0, Columns), x1 = Math.Clamp(from.X + ((end - from.Y) * slope), 0, Columns);
            AddPart(_cover.AsSpan(y * (Columns + 2), Columns + 2), Math.Min(x0, x1), Math.Max(x0, x1), (end - start) * sign);
        }
    }

    /// <summary>The part of an edge within one row of pixels: what lies to its right is covered for <paramref name="height"/> of the row.</summary>
    private static void AddPart(Span<float> row, float left, float right, float height)
    {
        int first = (int)left, last = (int)right;
        if (first == last)
        {
            float inside = first + 1 - ((left + right) / 2);
            row[first] += height * inside;
            row[first + 1] += height * (1 - inside);
            return;
        }
        float covered = 0;
        for (int x = first; x <= last; x++)
        {
            // The area to the right of the edge up to the right side of this pixel.
            float share = (Math.Min(x + 1, right) - Math.Max(x, left)) / (right - left);
            float done = (Math.Max(x, left) - left) / (right - left);
            float middle = (Math.Min(x + 1, right) + Math.Max(x, left)) / 2;
            float area = done + (share * (x + 1 - middle));
            row[x] += height * (area - covered);
            covered = area;
        }
        row[last + 1] += height * (1 - covered);
    }

    private void PaintCovered(Paint paint, (Vector2 Low, Vector2 High) bounds)
    {
        var (low, high) = bounds;
        int left = Math.Clamp((int)low.X, 0, Columns), right = Math.Clamp((int)MathF.Ceiling(high.X), 0, Columns);
        for (int y = Math.Max(0, (int)low.Y); y < Math.Min(Rows, high.Y); y++)
            PaintRow(paint, y, left, right, Math.Clamp((y + 0.5f - low.Y) / Math.Max(1, high.Y - low.Y), 0, 1));
    }

    private void PaintRow(Paint paint, int y, int left, int right, float down)
    {
        var color = Vector3.Lerp(paint.Top, paint.Bottom, down);
        float alpha = paint.Alpha + ((paint.BottomAlpha - paint.Alpha) * down);
        var row = _cover.AsSpan(y * (Columns + 2), Columns + 2);
        var pixels = Pixels.AsSpan(y * Columns, Columns);
        float sum = 0;
        for (int x = left; x < right;)
        {
            sum += row[x];
            // Up to the next edge, all is covered alike.
            int same = 1 + MemoryMarshal.Cast<float, int>(row[(x + 1)..right]).IndexOfAnyExcept(0);
            var run = pixels[x..(same == 0 ? right : x + same)];
            float share = Math.Min(1, Math.Abs(sum)) * alpha;
            if (share >= 0.999f)
            {
                run.Fill(color);
            }
            else if (share > 0.002f)
            {
                foreach (ref var pixel in run)
                    pixel = Vector3.Lerp(pixel, color, share);
            }
            x += run.Length;
        }
        row[left..Math.Min(right + 2, row.Length)].Clear();
    }
}
