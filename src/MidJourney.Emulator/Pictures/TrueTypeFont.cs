using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace MidJourney.Emulator.Pictures;

/// <summary>The outlines of the one font that the emulator brings along. It has simple glyphs only, and a character map of format 4.</summary>
internal sealed class TrueTypeFont
{
    private const int CurveSteps = 4;

    private readonly byte[] _file;
    private readonly Dictionary<string, int> _tables = [];
    private readonly float _unit;
    private readonly int _metrics;

    private TrueTypeFont(byte[] file)
    {
        _file = file;
        for (int i = 0; i < Word(4); i++)
            _tables[Encoding.ASCII.GetString(file, 12 + (16 * i), 4)] = (int)Long(12 + (16 * i) + 8);
        _unit = Word(_tables["head"] + 18);
        _metrics = Word(_tables["hhea"] + 34);
    }

    public static TrueTypeFont Embedded(string name)
    {
        using var stream = typeof(TrueTypeFont).Assembly.GetManifestResourceStream(name)!;
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        return new(file);
    }

    /// <summary>The width of a text whose size is 1.</summary>
    public float WidthOf(string text) => text.EnumerateRunes().Sum(rune => Advance(GlyphOf(rune)));

    /// <summary>Draws a line of text; <paramref name="at"/> is the left end of its base line.</summary>
    public void Draw(Canvas canvas, string text, Vector2 at, float size, Vector3 color)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            int glyph = GlyphOf(rune);
            var outlines = Outlines(glyph, at, size);
            if (outlines.Count > 0)
                canvas.FillAll(color, outlines);
            at.X += Advance(glyph) * size;
        }
    }

    private float Advance(int glyph) => Word(_tables["hmtx"] + (4 * Math.Min(glyph, _metrics - 1))) / _unit;

    /// <summary>0, an empty box, is the glyph of all characters that the font does not have.</summary>
    private int GlyphOf(Rune rune)
    {
        int map = _tables["cmap"] + (int)Long(_tables["cmap"] + 8);
        int segments = Word(map + 6) / 2;
        int ends = map + 14, starts = ends + (2 * segments) + 2, deltas = starts + (2 * segments), offsets = deltas + (2 * segments);
        for (int i = 0; i < segments; i++)
        {
            if (rune.Value > Word(ends + (2 * i)))
                continue;
            if (rune.Value < Word(starts + (2 * i)))
                return 0;
            int offset = Word(offsets + (2 * i)), delta = Word(deltas + (2 * i));
            int glyph = offset == 0 ? rune.Value : Word(offsets + (2 * i) + offset + (2 * (rune.Value - Word(starts + (2 * i)))));
            return glyph == 0 ? 0 : (glyph + delta) & 0xFFFF;
        }
        return 0;
    }

    private List<List<Vector2>> Outlines(int glyph, Vector2 at, float size)
    {
        bool isLong = Word(_tables["head"] + 50) == 1;
        int Start(int of) => isLong ? (int)Long(_tables["loca"] + (4 * of)) : 2 * Word(_tables["loca"] + (2 * of));
        int start = _tables["glyf"] + Start(glyph);
        if (Start(glyph) == Start(glyph + 1))
            return [];

        int[] ends = [.. Enumerable.Range(0, Word(start)).Select(i => (int)Word(start + 10 + (2 * i)))];
        int points = ends[^1] + 1;
        int next = start + 10 + (2 * ends.Length);
        next += 2 + Word(next);
        byte[] flags = new byte[points];
        for (int i = 0; i < points; i++)
        {
            flags[i] = _file[next++];
            if ((flags[i] & 8) != 0)
            {
                for (int again = _file[next++]; again > 0; again--, i++)
                    flags[i + 1] = flags[i];
            }
        }
        float[] x = Coordinates(flags, ref next, isShort: 2, isSameOrPositive: 16), y = Coordinates(flags, ref next, isShort: 4, isSameOrPositive: 32);
        var outlines = new List<List<Vector2>>();
        for (int first = 0, i = 0; i < ends.Length; first = ends[i++] + 1)
        {
            var outline = Enumerable.Range(first, ends[i] + 1 - first)
                .Select(p => (at + (new Vector2(x[p], -y[p]) * (size / _unit)), (flags[p] & 1) != 0));
            outlines.Add(Flat([.. outline]));
        }
        return outlines;
    }

    private float[] Coordinates(byte[] flags, ref int next, int isShort, int isSameOrPositive)
    {
        float[] values = new float[flags.Length];
        int value = 0;
        for (int i = 0; i < flags.Length; i++)
        {
            bool same = (flags[i] & isSameOrPositive) != 0;
            if ((flags[i] & isShort) != 0)
            {
                value += same ? _file[next++] : -_file[next++];
            }
            else if (!same)
            {
                value += (short)Word(next);
                next += 2;
            }
            values[i] = value;
        }
        return values;
    }

    /// <summary>Lines in place of the curves. Between two control points, the point half way is on the outline.</summary>
    private static List<Vector2> Flat((Vector2 Point, bool On)[] outline)
    {
        var line = new List<Vector2>();
        for (int i = 0; i < outline.Length; i++)
        {
            var (before, current, after) = (outline[(i + outline.Length - 1) % outline.Length], outline[i], outline[(i + 1) % outline.Length]);
            if (current.On)
            {
                line.Add(current.Point);
                continue;
            }
            var from = before.On ? before.Point : (before.Point + current.Point) / 2;
            var to = after.On ? after.Point : (after.Point + current.Point) / 2;
            for (int step = before.On ? 1 : 0; step < CurveSteps; step++)
            {
                float t = (float)step / CurveSteps;
                line.Add(Vector2.Lerp(Vector2.Lerp(from, current.Point, t), Vector2.Lerp(current.Point, to, t), t));
            }
        }
        return line;
    }

    private ushort Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(at));

    private uint Long(int at) => BinaryPrimitives.ReadUInt32BigEndian(_file.AsSpan(at));
}
