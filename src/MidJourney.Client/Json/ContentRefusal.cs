using System.Text.RegularExpressions;

namespace MidJourney.Json;

/// <summary>
/// Detects that moderation refused the content: a prompt, an image or a result (contract: words that end a task, texts of refusals). Refused work is not
/// submitted again by default, so ambiguous words do not count: a false positive blocks an image that could be made, a false negative costs one more try.
/// </summary>
internal static class ContentRefusal
{
    /// <summary>Words of the service behind the gateway, letters only. As a status, a code or a whole message, they have no other meaning.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "reject", "rejected", "textreject", "msgsensitive", "imagepromptdenied", "badprompt", "invalidpromptparameter", "moderated", "moderation", "banned",
    };

    /// <summary>Statuses that have another reason, even if the message mentions moderation.</summary>
    private static readonly HashSet<string> OtherStatuses = new(StringComparer.Ordinal)
    {
        "timeout", "timedout", "expired", "aborted", "abort", "creditnotenough",
    };

    /// <summary>The service's words for a refused prompt or its image. No other text contains them by chance.</summary>
    private static readonly Regex ServiceWords = WholeWords("text[ _-]?reject|msg[ _-]?sensitive|image[ _-]?prompt[ _-]?denied|bad[ _-]?prompt|invalid[ _-]?prompt[ _-]?parameter");

    /// <summary>Other words that count within a longer message. "Rejected" does not: connections and requests are rejected, too.</summary>
    private static readonly Regex Phrases = WholeWords(
        "moderation|moderated|moderators?|nsfw",
        @"(?<!(?:case|time)[ _-])sensitive|\p{L}*sensitivecontent\p{L}*|(?:banned|inappropriate)[ _-]?(?:prompts?|words?|phrases?|content|images?|text)",
        "content[ _-]?(?:policy|policies|filters?)|community[ _-](?:guidelines?|standards?)|safety[ _-](?:system|filter)s?");

    /// <summary>A transient problem, a parameter with one of those names, or moderation that did not refuse anything.</summary>
    private static readonly Regex NotAboutContent = WholeWords(
        @"time[sd]?[ _-]?out|unavailable|unreachable|offline|reach(?:ed)?|busy|overload(?:ed)?|connect(?:ion|ions|ed)?|network|internal (?:server )?error|crash(?:ed)?|too many|rate[ _-]limit\p{L}*",
        @"(?:again|retry) (?:later|in)|(?:service|server|api|moderation)[ _-](?:error|failure|down|request|call)|(?:service|server|api)[ _-]failed|\p{L}*parameters?|arguments?",
        @"(?<!(?:not|never|n't)(?: \p{L}+)? )pass(?:ed|es) (?:\p{L}+ )?moderation|moderation(?: was| has| is)?(?: been)? (?:passed|skipped|disabled|pending)|not moderated|(?:before|awaiting|waiting for) (?:\p{L}+ )?moderation");

    /// <summary>Other reasons for which a request or an account can be rejected or banned. They count beside a status or a code that is a single word.</summary>
    private static readonly Regex OtherReasons = WholeWords(
        @"invalid\p{L}*|unsupported|not support(?:ed)?|missing|too (?:long|large|big|small|short)|format|limit\p{L}*|queue|servers?|services?|requests?",
        @"accounts?|users?(?!'s)|members?|keys?|ip|tokens?|credits?|balance|quota|plan|subscription|payment|permi\p{L}+|access|\p{L}*authori\p{L}+|download\p{L}*");

    /// <summary>The service's word within a message. In lower case it is an ordinary English word.</summary>
    private static readonly Regex Reject = new(@"(?<!\p{L})Reject(?!\p{L})", RegexOptions.CultureInvariant);

    public static bool Is(MJTask task)
    {
        if (HasCode(task.Error)) return task.Status is MJTaskStatus.Failed or MJTaskStatus.Cancelled;
        var word = TaskReader.Letters(task.RawStatus);
        return task.Status == MJTaskStatus.Failed && !OtherStatuses.Contains(word) && (Is(task.Error) || (IsStatusOfRefusal(word, task.Model) && (TaskReader.Letters(task.Error?.Message) == word || NamesNoOtherReason(task.Error))));
    }

    /// <param name="error">The error of a task, or of a request that the gateway refused.</param>
    public static bool Is(MJError? error)
    {
        if (error is null) return false;
        var (code, message) = (error.Code ?? "", UpstreamWords.Unquoted(error.Message));
        return HasCode(error) || HasWord(error) || (MayBe(error) && (Words.Contains(TaskReader.Letters(error.Message)) || Phrases.IsMatch(message) || Phrases.IsMatch(code)))
            || ((Words.Contains(TaskReader.Letters(code)) || Reject.IsMatch(message)) && NamesNoOtherReason(error));
    }

    /// <summary>Whether the service's own word for a refused prompt is in the error, whatever the HTTP status is.</summary>
    public static bool HasWord(MJError? error) =>
        error is not null && MayBe(error) && (ServiceWords.IsMatch(UpstreamWords.Unquoted(error.Message)) || ServiceWords.IsMatch(error.Code ?? ""));

    /// <summary>Whether the finished image was refused, not what it was made from.</summary>
    public static bool IsOfResult(MJTask task) => !HasWord(task.Error) && (TaskReader.Letters(task.RawStatus) == "reject"
        || TaskReader.Letters(task.Error?.Code) == "reject" || TaskReader.Letters(task.Error?.Message) == "reject" || Reject.IsMatch(UpstreamWords.Unquoted(task.Error?.Message)));

    /// <summary>An upscale has no prompt that could be invalid.</summary>
    private static bool IsStatusOfRefusal(string word, string? model) => Words.Contains(word) || (word == "invalidparameter" && model != ModelNames.Upscale);

    private static bool HasCode(MJError? error) => ErrorKinds.KindOf(error) == GatewayErrorKind.ContentRefused;

    private static bool NamesNoOtherReason(MJError? error) => error is null || (MayBe(error) && !OtherReasons.IsMatch(WithoutWords(error)));

    /// <summary>True if neither the code nor the text rules it out; the code of a failed generation does not.</summary>
    private static bool MayBe(MJError error) =>
        (error.Name is null or nameof(GatewayErrorKind.GenerationFailed)) && UpstreamWords.KindOf(error) is null && !NotAboutContent.IsMatch(WithoutWords(error))
        && ErrorKinds.StatusOf(error) is not (401 or 402 or 404 or 408 or 429 or (>= 500 and < 600));

    /// <summary>What else a message says. "Invalid_Prompt_Parameter" is not about another parameter.</summary>
    private static string WithoutWords(MJError error) => ServiceWords.Replace(UpstreamWords.Unquoted(error.Message), "");

    private static Regex WholeWords(params string[] words) => new(
        $@"(?<!\p{{L}})(?:{string.Join("|", words)})(?!\p{{L}})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
