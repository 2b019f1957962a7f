using System.Text.RegularExpressions;

namespace MidJourney.Json;

/// <summary>
/// Tells whether moderation refused the content: a prompt, an image, a result (contract: words that end a task, texts of refusals). The same work is not made
/// again by default, so doubtful words do not count: a wrong yes keeps somebody from their image, a wrong no costs one more try.
/// </summary>
internal static class ContentRefusal
{
    /// <summary>The words of the service behind the gateway, without what is no letter. As a status, a code or a whole message they mean nothing else.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "reject", "rejected", "textreject", "msgsensitive", "imagepromptdenied", "moderated", "moderation", "banned",
    };

    /// <summary>Statuses that have a reason of their own, whatever a message tells of moderation.</summary>
    private static readonly HashSet<string> OtherEnds = new(StringComparer.Ordinal)
    {
        "timeout", "timedout", "expired", "aborted", "abort", "creditnotenough", "invalidparameter",
    };

    /// <summary>What says it within a longer message. "Rejected" does not: so are connections and requests.</summary>
    private static readonly Regex Phrases = WholeWords(
        "textreject|text[ _-]reject|msg[ _-]?sensitive|image[ _-]?prompt[ _-]?denied|moderation|moderated|moderators?|nsfw",
        @"(?<!(?:case|time)[ _-])sensitive|\p{L}*sensitivecontent\p{L}*|(?:banned|inappropriate)[ _-]?(?:prompts?|words?|phrases?|content|images?|text)",
        "content[ _-]?(?:policy|policies|filters?)|community[ _-](?:guidelines?|standards?)|safety[ _-](?:system|filter)s?");

    /// <summary>A trouble that passes, a parameter that has one of those names, or moderation that was no obstacle.</summary>
    private static readonly Regex NotAboutContent = WholeWords(
        @"time[sd]?[ _-]?out|unavailable|unreachable|offline|reach(?:ed)?|busy|overload(?:ed)?|connect(?:ion|ions|ed)?|network|internal (?:server )?error|crash(?:ed)?|too many|rate[ _-]limit\p{L}*",
        @"(?:again|retry) (?:later|in)|(?:service|server|api|moderation)[ _-](?:error|failure|down|request|call)|(?:service|server|api)[ _-]failed|\p{L}*parameters?|arguments?",
        @"(?<!(?:not|never|n't)(?: \p{L}+)? )pass(?:ed|es) (?:\p{L}+ )?moderation|moderation(?: was| has| is)?(?: been)? (?:passed|skipped|disabled|pending)|not moderated|(?:before|awaiting|waiting for) (?:\p{L}+ )?moderation");

    /// <summary>What else a request or an account can be rejected or banned for; beside a status or a code that is no more than a word.</summary>
    private static readonly Regex OtherReasons = WholeWords(
        @"badprompt|invalid\p{L}*|unsupported|not support(?:ed)?|missing|too (?:long|large|big|small|short)|format|limit\p{L}*|queue|servers?|services?|requests?",
        @"accounts?|users?(?!'s)|members?|keys?|ip|tokens?|credits?|balance|quota|plan|subscription|payment|permi\p{L}+|access|\p{L}*authori\p{L}+|download\p{L}*");

    /// <summary>The word as the service writes it, within a message; in small letters it is English.</summary>
    private static readonly Regex Reject = new(@"(?<!\p{L})Reject(?!\p{L})", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>Whether a task failed because its content was refused.</summary>
    public static bool Is(MJTask task)
    {
        if (HasCode(task.Error)) return task.Status is MJTaskStatus.Failed or MJTaskStatus.Cancelled;
        var word = TaskReader.Letters(task.RawStatus);
        return task.Status == MJTaskStatus.Failed && !OtherEnds.Contains(word) && (Is(task.Error) || (Words.Contains(word) && NamesNoOtherReason(task.Error)));
    }

    /// <summary>Whether the error of a task, or of a request that the gateway refused, says so.</summary>
    public static bool Is(MJError? error)
    {
        if (error is null) return false;
        var (code, message) = (error.Code ?? "", error.Message ?? "");
        return HasCode(error) || (MayBe(error) && (Words.Contains(TaskReader.Letters(message)) || Phrases.IsMatch(message) || Phrases.IsMatch(code)))
            || ((Words.Contains(TaskReader.Letters(code)) || Reject.IsMatch(message)) && NamesNoOtherReason(error));
    }

    private static bool HasCode(MJError? error) => ErrorKinds.KindOf(error) == GatewayErrorKind.ContentRefused;

    private static bool NamesNoOtherReason(MJError? error) => error is null || (MayBe(error) && !OtherReasons.IsMatch(error.Message ?? ""));

    /// <summary>Whether the code leaves it open, as that of every failed generation does, and so do the words.</summary>
    private static bool MayBe(MJError error) =>
        (error.Name is null or nameof(GatewayErrorKind.GenerationFailed)) && ErrorKinds.OfWords(error) is null && !NotAboutContent.IsMatch(error.Message ?? "")
        && ErrorKinds.StatusOf(error) is not (401 or 402 or 404 or 408 or 429 or (>= 500 and < 600));

    private static Regex WholeWords(params string[] words) => new(
        $@"(?<!\p{{L}})(?:{string.Join("|", words)})(?!\p{{L}})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
