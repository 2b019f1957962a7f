namespace MidJourney;

/// <summary>
/// Counts the prompts that MidJourney makes of one text: each <c>{a,b}</c> is replaced by each of its choices, and groups multiply and may nest. A backslash
/// escapes a character; an unmatched brace is ordinary text. Each prompt is billed.
/// </summary>
public static class PromptPermutations
{
    /// <summary>1 if the text has no choices; at most <see cref="int.MaxValue"/>.</summary>
    /// <param name="text">The prompt.</param>
    public static int Count(string text) => (int)Math.Min(int.MaxValue, CountList(text, 0, text.Length, isGroup: false));

    /// <summary>The number of choices in a part of the text: the product of its groups; in a group, the sum over its comma-separated choices.</summary>
    private static double CountList(string text, int from, int to, bool isGroup)
    {
        double sum = 0, product = 1;
        for (int i = from; i < to; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '{' && FindEnd(text, i, to) is > 0 and var end)
            {
                product *= CountList(text, i + 1, end, isGroup: true);
                i = end;
            }
            else if (isGroup && text[i] == ',')
            {
                sum += product;
                product = 1;
            }
        }
        return sum + product;
    }

    /// <summary>The end of the group that begins at the brace; -1 if it has none.</summary>
    private static int FindEnd(string text, int open, int to)
    {
        var depth = 0;
        for (int i = open; i < to; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '{') depth++;
            else if (text[i] == '}' && --depth == 0) return i;
        }
        return -1;
    }
}
