namespace MidJourney.Emulator;

/// <summary>How many prompts a text stands for: <c>a {red, blue {cat, dog}} house</c> is three. A backslash takes a character's meaning away, a brace without its other half has none.</summary>
internal static class Permutations
{
    /// <summary>The most that MidJourney makes of one text; the count goes no further than one more.</summary>
    public const int Most = 40;

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
    /// <param name="AsText">What it counts for if its braces turn out to be none.</param>
    private readonly record struct Group(int Before, int Here, int AsText)
    {
        public static readonly Group Empty = new(0, 1, 1);

        public int Choices => Math.Min(Before + Here, Most + 1);

        public Group Next() => new(Choices, 1, AsText);

        public Group Times(int choices) => new(Before, Math.Min(Here * choices, Most + 1), Math.Min(AsText * choices, Most + 1));
    }
}
