namespace MidJourney.Parameters;

/// <summary>
/// Reads image numbers. A text cell may hold several (<c>"0,2"</c>, <c>"0;2"</c>); PowerShell's own conversion would
/// make the number 2 of it, and the wrong image would be paid for.
/// </summary>
internal static class ImageNumbers
{
    private static readonly char[] Separators = [',', ';'];

    /// <exception cref="GatewayException">There is none, or one of them is not 0, 1, 2 or 3.</exception>
    public static IReadOnlyList<int> Parse(string?[]? values)
    {
        if (values is null || values.Length == 0)
            throw new GatewayException(GatewayErrorKind.ImageNumberMissing, Messages.ImageNumberMissing());
        var numbers = new List<int>();
        foreach (var value in values)
        {
            foreach (var text in (value ?? "").Split(Separators))
            {
                var number = ParseOne(text);
                // The same image twice would be paid twice.
                if (!numbers.Contains(number)) numbers.Add(number);
            }
        }
        return numbers;
    }

    private static int ParseOne(string text) => text.Trim() switch
    {
        "0" => 0,
        "1" => 1,
        "2" => 2,
        "3" => 3,
        _ => throw new GatewayException(GatewayErrorKind.InvalidImageNumber, Messages.InvalidImageNumber(text)),
    };
}
