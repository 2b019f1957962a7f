namespace MidJourney;

/// <summary>
/// How many prompts MidJourney makes of one text: each <c>{a,b}</c> stands for one of its choices, and groups multiply and may nest. A backslash takes a
/// character's meaning away; a brace without its other half has none. Each is billed.
/// </summary>
public static class PromptPermutations
{
    /// <summary>1 where the text has no choices; no more than <see cref="int.MaxValue"/>.</summary>
    /// <param name="text">The prompt.</param>
    public static int Count(string text) => (int)Math.Min(int.MaxValue, CountList(text, 0, text.Length, isGroup: false));

    /// <summary>The choices of what lies between the places: the product of its groups, summed over its commas if it is a group.</summary>
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

    /// <summary>Where the group that begins at the brace ends; -1 if it never does.</summary>
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
