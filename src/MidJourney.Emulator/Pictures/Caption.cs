using System.Numerics;
using System.Text.RegularExpressions;

namespace MidJourney.Emulator.Pictures;

/// <summary>The bar at the bottom of a picture, which can be read when the picture is 250 pixels wide.</summary>
internal static partial class Caption
{
    private static readonly TrueTypeFont Font = TrueTypeFont.Embedded("RobotoCondensed-Medium.ttf");
    private static readonly Vector3 Bar = Canvas.Color(0x12141c), Text = Canvas.Color(0xf7f4ec), Accent = Canvas.Color(0xffc861);

    /// <summary>The prompt in one line or two, and the step at the right end of the last one.</summary>
    public static void Draw(Canvas canvas, string prompt, string step)
    {
        // A wide picture is shown smaller, so its letters must be larger.
        float size = 0.056f * Math.Min(canvas.Width, 1.5f), margin = size * 0.62f, line = size * 1.15f;
        float space = canvas.Width - (2 * margin), stepSpace = (Font.WidthOf(step) * size) + (margin / 2);
        string words = Spaces().Replace(Flags().Replace(prompt, ""), " ").Trim();
        bool two = Font.WidthOf(words) * size > space - stepSpace;
        string first = two ? Fitting(words, space / size, atWord: true) : words;
        string last = Shortened(words[first.Length..].Trim(), (space - stepSpace) / size);
        float top = canvas.Height - (size * 0.5f) - (two ? 2 * line : line), low = canvas.Height - (size * 0.6f);
        canvas.FillBox(new Paint(Bar, Bar, 0.78f, 0.92f), -0.01f, top, canvas.Width + 0.01f, canvas.Height + 0.01f);
        Font.Draw(canvas, first.Trim(), new(margin, two ? low - line : low), size, Text);
        Font.Draw(canvas, last, new(margin, low), size, Text);
        Font.Draw(canvas, step, new(canvas.Width - margin + (margin / 2) - stepSpace, low), size, Accent);
    }

    private static string Shortened(string text, float width)
    {
        if (Font.WidthOf(text) <= width)
            return text;
        return Fitting(text, width - Font.WidthOf("…"), atWord: false).TrimEnd(' ', ',', '.') + "…";
    }

    /// <summary>As much of the beginning as has room; up to the last space, if that leaves a good part of it.</summary>
    private static string Fitting(string text, float width, bool atWord)
    {
        int length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width -= Font.WidthOf(rune.ToString());
            if (width < 0)
                break;
            length += rune.Utf16SequenceLength;
        }
        if (length == text.Length || !atWord)
            return text[..length];
        int space = text.LastIndexOf(' ', Math.Min(length, text.Length - 1));
        return text[..(space > length / 2 ? space : length)];
    }

    /// <summary>Everything from the first flag on.</summary>
    [GeneratedRegex(@"\s--\w.*$", RegexOptions.Singleline)]
    private static partial Regex Flags();

    /// <summary>Spaces, control characters, and the halves of characters such as emoji, which the font does not have.</summary>
    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Spaces();
}
