using System.Globalization;

namespace MidJourney.Parameters;

/// <summary>Reads what models take beside a job and an image, and names the parameter that is wrong.</summary>
internal static class ParameterText
{
    /// <summary>The wire's name of the text that an image is changed by.</summary>
    public const string RemixPrompt = "remixPrompt";

    private const int LongestPrompt = 8192, LongestAddress = 1024;

    /// <summary>A prompt, exactly as it was given: 1 to 8192 characters (Unicode code points).</summary>
    /// <exception cref="GatewayException">There is none, it is too long, or it is not Unicode.</exception>
    public static string Prompt(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw Invalid(Messages.ParameterMissing(name));
        if (Characters(text!) is not { } length) throw Invalid(Messages.TextNotUnicode(name));
        return length <= LongestPrompt ? text! : throw Invalid(Messages.TextTooLong(name, length, LongestPrompt));
    }

    /// <summary>How many characters (Unicode code points) a text has; null when it holds half of one, so that it is no Unicode.</summary>
    public static int? Characters(string text)
    {
        var length = 0;
        for (int i = 0; i < text.Length; i++, length++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return null;
            i++;
        }
        return length;
    }

    /// <summary>Whether a text holds line breaks or other characters that nobody sees, which no ID has: it is several lines, or was copied with more than itself.</summary>
    public static bool HasInvisible(string text) => text.Any(c => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>The remix prompt as a parameter where the model can do without; none for an empty text.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> OptionalPrompt(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? [] : [new(RemixPrompt, Prompt(name, text))];

    /// <summary>A number with a decimal point, whatever the culture.</summary>
    /// <exception cref="GatewayException">There is none, or it is outside the range.</exception>
    public static decimal Number(string name, string? text, decimal least, decimal most)
    {
        if (string.IsNullOrWhiteSpace(text)) throw Invalid(Messages.ParameterMissing(name));
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign;
        return decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw Invalid(Messages.NumberOutOfRange(name, text!, least, most));
    }

    /// <summary>One of a few names, in any letter case, or the wire's number of it, which is its place among them.</summary>
    /// <exception cref="GatewayException">There is none, or it is none of them.</exception>
    public static int Name(string name, string? text, params string[] names)
    {
        if (string.IsNullOrWhiteSpace(text)) throw Invalid(Messages.ParameterMissing(name));
        var given = text!.Trim();
        for (int i = 0; i < names.Length; i++)
            if (string.Equals(given, names[i], StringComparison.OrdinalIgnoreCase) || given == i.ToString(CultureInfo.InvariantCulture)) return i;
        throw Invalid(Messages.NotOneOf(name, text, string.Join(", ", names)));
    }

    /// <summary>The address of an image: absolute, http or https, at most 1024 characters.</summary>
    /// <exception cref="GatewayException">There is none, it is too long, or it is no such address.</exception>
    public static string Address(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw Invalid(Messages.ParameterMissing(name));
        var given = text!.Trim();
        if (given.Length > LongestAddress) throw Invalid(Messages.TextTooLong(name, given.Length, LongestAddress));
        return WebAddress.IsOne(given) ? given : throw Invalid(Messages.NotAWebAddress(name, given));
    }

    public static GatewayException Invalid(string message) => new(GatewayErrorKind.InvalidParameter, message);
}

/// <summary>Tells an address that others can reach by http or https.</summary>
internal static class WebAddress
{
    // Uri would leave out a line break or encode it, so that another address would be called than the one given.
    public static bool IsOne(string text) =>
        !text.Any(char.IsControl) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0;
}

/// <summary>Reads a callback address (contract: <c>callback</c>).</summary>
internal static class CallbackUrl
{
    /// <returns>The address as it was given; null for none.</returns>
    /// <exception cref="GatewayException">It is not absolute, or neither http nor https.</exception>
    public static string? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var trimmed = text!.Trim();
        return WebAddress.IsOne(trimmed) ? trimmed
            : throw new GatewayException(GatewayErrorKind.InvalidCallbackUrl, Messages.InvalidCallbackUrl(trimmed));
    }
}

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

/// <summary>Reads an upscale type: a name in any letter case, or the wire's number.</summary>
internal static class UpscaleTypeName
{
    /// <exception cref="GatewayException">There is none, or no such type.</exception>
    public static string Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new GatewayException(GatewayErrorKind.TypeMissing, Messages.TypeMissing());
        return UpscaleType.Find(text!.Trim()) ?? throw new GatewayException(GatewayErrorKind.InvalidType, Messages.InvalidType(text!));
    }
}
