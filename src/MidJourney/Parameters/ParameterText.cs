using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace MidJourney.Parameters;

/// <summary>Reads the other parameters of the models. Errors name the invalid parameter.</summary>
internal static class ParameterText
{
    public const string RemixPrompt = "remixPrompt";

    private const int MaxPromptLength = 8192, MaxAddressLength = 1024;

    /// <summary>A prompt, exactly as specified: 1 to 8192 characters (Unicode code points).</summary>
    public static string Prompt(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw Invalid(Messages.ParameterMissing(name));
        if (Characters(text!) is not { } length) throw Invalid(Messages.TextNotUnicode(name));
        return length <= MaxPromptLength ? text! : throw Invalid(Messages.TextTooLong(name, length, MaxPromptLength));
    }

    /// <summary>The number of characters (Unicode code points); null if the text is not valid Unicode.</summary>
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

    /// <summary>Whether a text contains line breaks or other invisible characters, which an id does not have.</summary>
    public static bool HasInvisible(string text) => text.Any(c => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>The remix prompt, if the model does not require it; nothing for an empty text.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> OptionalPrompt(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? [] : [new(RemixPrompt, Prompt(name, text))];

    /// <summary>A number with a decimal point, in any culture.</summary>
    public static decimal Number(string name, string? text, decimal min, decimal max)
    {
        if (string.IsNullOrWhiteSpace(text)) throw Invalid(Messages.ParameterMissing(name));
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign;
        return decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
            : throw Invalid(Messages.NumberOutOfRange(name, text!, min, max));
    }

    /// <summary>One of the names, in any letter case, or its number on the wire, which is its position.</summary>
    public static int Name(string name, string? text, params string[] names)
    {
        if (string.IsNullOrWhiteSpace(text)) throw Invalid(Messages.ParameterMissing(name));
        var given = text!.Trim();
        for (int i = 0; i < names.Length; i++)
            if (string.Equals(given, names[i], StringComparison.OrdinalIgnoreCase) || given == i.ToString(CultureInfo.InvariantCulture)) return i;
        throw Invalid(Messages.NotOneOf(name, text, string.Join(" and ", names.Select((n, i) => $"{n} ({i})"))));
    }

    /// <summary>The URL of an image: absolute, http or https, at most 1024 characters.</summary>
    public static string Address(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw Invalid(Messages.ParameterMissing(name));
        var given = text!.Trim();
        if (given.Length > MaxAddressLength) throw Invalid(Messages.TextTooLong(name, given.Length, MaxAddressLength));
        return WebAddress.IsOne(given) ? given : throw Invalid(Messages.NotAWebAddress(name, given));
    }

    public static GatewayException Invalid(string message) => new(GatewayErrorKind.InvalidParameter, message);
}

/// <summary>Recognizes an absolute http or https URL.</summary>
internal static class WebAddress
{
    // Uri removes or encodes line breaks, so the URL would differ from the specified one.
    public static bool IsOne(string text) =>
        !text.Any(char.IsControl) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0;
}

/// <summary>Reads a callback URL (contract: <c>callback</c>).</summary>
internal static class CallbackUrl
{
    /// <returns>The URL as specified; null for none.</returns>
    /// <exception cref="GatewayException">The URL is not absolute, or not http or https.</exception>
    public static string? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var trimmed = text!.Trim();
        return WebAddress.IsOne(trimmed) ? trimmed
            : throw new GatewayException(GatewayErrorKind.InvalidCallbackUrl, Messages.InvalidCallbackUrl(trimmed));
    }
}

/// <summary>
/// Reads image numbers: 0 to 3, MidJourney's U1 to U4, ranges of either, and all. A string may contain several (<c>"0,2"</c>, <c>"U1;3"</c>); PowerShell's own
/// conversion would make one number of it, and the wrong image would be billed.
/// </summary>
internal static class ImageNumbers
{
    private static readonly char[] Separators = [',', ';'];

    // Both ends of a range count in the same way: U1-3 could end with image 2 or 3.
    private static readonly Regex Form = new(@"^\s*(?:(?<all>all)|(?<from>[0-3])(?:\s*(?:-|\.\.)\s*(?<to>[0-3]))?|U(?<from1>[1-4])(?:\s*(?:-|\.\.)\s*U(?<to1>[1-4]))?)\s*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <exception cref="GatewayException">The numbers are missing, or one is invalid.</exception>
    public static IReadOnlyList<int> Parse(string?[]? values)
    {
        if (values is null || values.Length == 0)
            throw new GatewayException(GatewayErrorKind.ImageNumberMissing, Messages.ImageNumberMissing());
        // A duplicate would be billed twice.
        return [.. values.SelectMany(value => (value ?? "").Split(Separators)).SelectMany(Read).Distinct()];
    }

    private static IEnumerable<int> Read(string text)
    {
        // As in almost every row.
        if (text is [>= '0' and <= '3']) return [text[0] - '0'];
        var match = Form.Match(text);
        if (match.Groups["all"].Success) return Enumerable.Range(0, 4);
        var from = Number("from") ?? Number("from1") - 1;
        var to = Number("to") ?? Number("to1") - 1 ?? from;
        return from <= to ? Enumerable.Range(from.Value, to.Value - from.Value + 1) : throw new GatewayException(GatewayErrorKind.InvalidImageNumber, Messages.InvalidImageNumber(text));

        int? Number(string group) => match.Groups[group] is { Success: true } digit ? digit.Value[0] - '0' : null;
    }
}

/// <summary>Reads an upscale type: a name in any letter case, MidJourney's own name Subtle, or its number on the wire.</summary>
internal static class UpscaleTypeName
{
    /// <summary>MidJourney's name of Standard.</summary>
    public const string Subtle = nameof(Subtle);

    /// <exception cref="GatewayException">The type is missing or invalid.</exception>
    public static string Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new GatewayException(GatewayErrorKind.TypeMissing, Messages.TypeMissing());
        var given = text!.Trim();
        if (string.Equals(given, Subtle, StringComparison.OrdinalIgnoreCase)) return UpscaleType.Standard;
        return UpscaleType.Find(given) ?? throw new GatewayException(GatewayErrorKind.InvalidType, given.ToUpperInvariant() switch
        {
            "2X" => Messages.TypeAmbiguous(given, UpscaleType.V5_2x),
            "4X" => Messages.TypeAmbiguous(given, UpscaleType.V5_4x),
            _ => Messages.InvalidType(text!),
        });
    }
}

/// <summary>The ids of the gateway's models (models page). The gateway may add others, so any valid id is accepted.</summary>
internal static class ModelIds
{
    public const string Diffusion = "midjourney_diffusion", Upscale = "midjourney_upscale";

    /// <summary>Models whose parameters the gateway does not publish.</summary>
    public static readonly string[] WithoutCmdlet = ["midjourney_enhance", "midjourney_pan"];

    private static readonly Regex Form = new(@"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$", RegexOptions.CultureInvariant);

    /// <exception cref="GatewayException">The id is missing or invalid.</exception>
    public static string Read(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw ParameterText.Invalid(Messages.ParameterMissing(name));
        var given = text!.Trim();
        return Form.IsMatch(given) ? given : throw ParameterText.Invalid(Messages.NotAModel(name, given));
    }
}

/// <summary>Converts a PowerShell path, which may use drives and providers, to a file system path.</summary>
internal static class FilePath
{
    /// <summary>A full path as cmdlets of files take it, whatever the current drive.</summary>
    public static string WithProvider(string full) => @"Microsoft.PowerShell.Core\FileSystem::" + full;

    /// <param name="state">The user's session state.</param>
    /// <param name="path">The path as specified; wildcards are literal.</param>
    /// <param name="errorId">The id of the error.</param>
    /// <exception cref="CommandException">The path is not in a file system.</exception>
    public static string Resolve(SessionState state, string path, string errorId)
    {
        try
        {
            var file = state.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (provider.Name == "FileSystem" && file.IndexOfAny(Path.GetInvalidPathChars()) >= 0) throw new CommandException(errorId, Messages.InvalidPath(path, Messages.InvalidPathCharacters()));
            if (provider.Name == "FileSystem") return file;
            throw new CommandException(errorId, Messages.NotAFileSystemPath(path, provider.Name));
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or NotSupportedException or ArgumentException)
        {
            throw new CommandException(errorId, Messages.InvalidPath(path, e.Message), e);
        }
    }
}
