namespace MidJourney.Emulator;

/// <summary>
/// How many prompts a text stands for: <c>a {red, blue {cat, dog}} house</c> is three. A backslash makes the next character plain text;
/// so is an unmatched brace.
/// </summary>
internal static class Permutations
{
    /// <summary>The maximum that MidJourney makes of one text; the count stops at one more.</summary>
    public const int Max = 40;

    public static int Count(string text)
    {
        var open = new Stack<Group>();
        var current = Group.Empty;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '{':
                    open.Push(current);
                    current = Group.Empty;
                    break;
                case ',':
                    current = current.Next();
                    break;
                case '}' when open.TryPop(out var outer):
                    current = outer.Times(current.Choices);
                    break;
            }
        }
        while (open.TryPop(out var outer))
            current = outer.Times(current.AsText);
        return current.AsText;
    }

    /// <param name="Before">The choices before the last comma.</param>
    /// <param name="Here">The choices since then.</param>
    /// <param name="AsText">The count if its brace is unmatched.</param>
    private readonly record struct Group(int Before, int Here, int AsText)
    {
        public static readonly Group Empty = new(0, 1, 1);

        public int Choices => Math.Min(Before + Here, Max + 1);

        public Group Next() => new(Choices, 1, AsText);

        public Group Times(int choices) => new(Before, Math.Min(Here * choices, Max + 1), Math.Min(AsText * choices, Max + 1));
    }
}
