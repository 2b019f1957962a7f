using System.Text.RegularExpressions;

namespace MidJourney.Json;

/// <summary>
/// The words of the service behind the gateway (contract: texts of refusals), in any letter case, with or without underscores, alone or in a sentence. They
/// do not count in a quoted passage, which is the user's prompt.
/// </summary>
internal static class UpstreamWords
{
    /// <summary>About the provider's own account with its supplier, so adding to the user's balance does not help.</summary>
    private static readonly Regex Account = Words("Account_Fee_Not_Enough", "Credit_Not_Enough", "No_More_Relax_Credit", "No_Avaliable_Plan", "No_Available_Plan", "Invalid_App_Identifier");

    /// <summary>Something that passes.</summary>
    private static readonly Regex Busy = Words("Server_Busy", "Request_Timout", "Request_Timeout"), TooMany = Words("Max_Concurrent_Limited");

    /// <summary>The step is impossible for this job, whatever the key's permissions are. In plain English, "not support" says less.</summary>
    private static readonly Regex Impossible = new($@"{Words("Job_ReUpscale_Not_Support", "Upscale_Not_Support")}|(?<!\p{{L}})not_?support(?!\p{{L}})", Options);

    private static readonly Regex Quoted = new(@"(?<!\p{L})(?:""[^""\s]*\s[^""]*""|'[^'\s]*\s[^']*'(?!\p{L})|“[^”\s]*\s[^”]*”|‘[^’\s]*\s[^’]*’|`[^`\s]*\s[^`]*`)", Options);

    // No time limit: a message has at most 1000 characters, and an exception would lose the outcome of a create when only the machine was slow.
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public static bool AreAboutTheProvidersAccount(MJError? error) => AreIn(error, Account);

    public static bool SayImpossible(MJError? error) => AreIn(error, Impossible);

    public static bool SayItPasses(MJError? error) => AreIn(error, Busy) || AreIn(error, TooMany);

    /// <summary>What the words in an error mean; null if there are none.</summary>
    public static GatewayErrorKind? KindOf(MJError? error) =>
        AreAboutTheProvidersAccount(error) || AreIn(error, Busy) ? GatewayErrorKind.ProviderUnavailable
        : AreIn(error, TooMany) ? GatewayErrorKind.RateLimited
        : SayImpossible(error) ? GatewayErrorKind.GatewayRefused : null;

    /// <summary>A message without what it quotes, unless it quotes everything.</summary>
    public static string Unquoted(string? message) => message is null ? "" : Quoted.Replace(message, " ") is var rest && rest.Any(char.IsLetter) ? rest : message;

    private static bool AreIn(MJError? error, Regex words) => error is not null && (words.IsMatch(Unquoted(error.Message)) || words.IsMatch(error.Code ?? ""));

    private static Regex Words(params string[] words) =>
        new($@"(?<!\p{{L}})(?:{string.Join("|", words.Select(w => w.Replace("_", "[ _-]?")))})(?!\p{{L}})", Options);
}
