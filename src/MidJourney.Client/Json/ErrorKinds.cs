using System.Globalization;
using System.Text.RegularExpressions;

namespace MidJourney.Json;

/// <summary>Classifies errors, in the same way for creates and reads (contract: errors by HTTP status).</summary>
internal static class ErrorKinds
{
    private static readonly Dictionary<long, GatewayErrorKind> Kinds = new()
    {
        [8004005001] = GatewayErrorKind.JobIdMissing,
        [8004005002] = GatewayErrorKind.ImageNumberMissing,
        [8004005003] = GatewayErrorKind.InvalidImageNumber,
        [8004005004] = GatewayErrorKind.TypeMissing,
        [8004005005] = GatewayErrorKind.InvalidType,
        [8004005006] = GatewayErrorKind.InvalidCallbackUrl,
        [8004005098] = GatewayErrorKind.GenerationFailed,
        [8004005099] = GatewayErrorKind.ProviderUnavailable,
        [110001] = GatewayErrorKind.ContentRefused,
        [1002] = GatewayErrorKind.RateLimited,
    };

    private static readonly Dictionary<long, string> OtherNames = new()
    {
        [110001] = "ModerationRefused",
        [190000] = "InputDownloadFailed",
    };

    /// <summary>By code; null for a code that is not in the contract's table.</summary>
    public static GatewayErrorKind? KindOf(MJError? error) =>
        error?.Number is { } number && Kinds.TryGetValue(number, out var kind) ? kind : null;

    public static GatewayErrorKind FailureKindOf(MJTask task) =>
        ContentRefusal.Is(task) ? GatewayErrorKind.ContentRefused
        : KindOf(task.Error) is { } kind and not (GatewayErrorKind.RateLimited or GatewayErrorKind.GenerationFailed) ? kind
        : (UpstreamWords.KindOf(task.Error) ?? UpstreamWords.KindOf(new MJError { Code = task.RawStatus }) ?? KindOf(task.Error)) switch
        {
            // No request of this module was throttled, and nothing was refused: the task failed for a reason that passes, or for one that does not.
            GatewayErrorKind.ProviderUnavailable or GatewayErrorKind.RateLimited => GatewayErrorKind.ProviderUnavailable,
            GatewayErrorKind.GenerationFailed => GatewayErrorKind.GenerationFailed,
            _ => GatewayErrorKind.TaskFailed,
        };

    /// <summary>An error with the name of its code. Codes are compared as numbers, but kept as text.</summary>
    public static MJError Describe(string? code, string? message)
    {
        long? number = long.TryParse(code, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        var name = number is not { } n ? null : OtherNames.TryGetValue(n, out var other) ? other : Kinds.TryGetValue(n, out var kind) ? kind.ToString() : null;
        return new MJError { Code = code, Number = number, Name = name, Message = message };
    }

    private static readonly string[] MoneyWords = ["balance", "credit", "fund", "quota", "payment", "insufficient", "recharge", "top up"];
    private static readonly string[] PermissionWords = ["permi", "forbidden", "not allowed", "access denied", "not authorized"];

    private static readonly Regex LowBalance = new(
        "(insufficient|not enough|too low|exhausted|out of|no)\\W[^.]{0,20}(balance|funds?|credits?)|(balance|funds?|credits?)\\W[^.]{0,20}(insufficient|not enough|too low|exhausted)|payment required|top up|recharge",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>By the gateway's code if the contract lists it, else by the words of the service behind it, else by the status and, for 402 and 403, the text.</summary>
    public static GatewayErrorKind Of(int status, MJError? error) => KindOf(error) ?? (status == 401 ? null : OfWords(error)) ?? status switch
    {
        401 => GatewayErrorKind.Unauthorized,
        402 => Contains(error, PermissionWords) && !Contains(error, MoneyWords) ? GatewayErrorKind.Forbidden : GatewayErrorKind.InsufficientBalance,
        403 when Contains(error, MoneyWords) => GatewayErrorKind.InsufficientBalance,
        _ when ContentRefusal.Is(error) => GatewayErrorKind.ContentRefused,
        403 => GatewayErrorKind.Forbidden,
        _ when StatusOf(error) == 401 => GatewayErrorKind.Unauthorized,
        _ when StatusOf(error) == 402 || IsBalanceTooLow(error) => GatewayErrorKind.InsufficientBalance,
        _ => GatewayErrorKind.GatewayRefused,
    };

    /// <summary>The session's budget did not allow a create.</summary>
    public static bool IsOfBudget(GatewayException error) => error.Kind is GatewayErrorKind.BudgetExceeded or GatewayErrorKind.PriceUnknown;

    /// <summary>
    /// True if every other create would be refused for the same reason: the key, the balance, the proxy's user, a journal that stopped working, the budget.
    /// </summary>
    public static bool AppliesToAll(GatewayException error)
    {
        if (error.Kind is GatewayErrorKind.ProxyAuthenticationRequired or GatewayErrorKind.JournalUnavailable || IsOfBudget(error)) return true;
        if (error.IsRead) return false;
        // Even if the response contains what may be a task id, its status still applies to every create.
        if (error.Kind == GatewayErrorKind.SubmitOutcomeUnknown) return error.HttpStatus == 401 || (error.HttpStatus == 402 && OfWords(error.Error) is null);
        if (error.Kind is not (GatewayErrorKind.Unauthorized or GatewayErrorKind.InsufficientBalance or GatewayErrorKind.GatewayRefused)) return false;
        // The gateway refuses an upscale of an upscale with 403 and words about money.
        if (error.HttpStatus == 403 || (error.HttpStatus != 401 && OfWords(error.Error) is not null)) return false;
        var status = error.HttpStatus is 401 or 402 ? error.HttpStatus : StatusOf(error.Error);
        return status == 401 || status == 402 || IsBalanceTooLow(error.Error);
    }

    /// <summary>True if the text says that the user's own balance is too low.</summary>
    private static bool IsBalanceTooLow(MJError? error) => LowBalance.IsMatch(UpstreamWords.Unquoted(error?.Message)) && OfWords(error) is null;

    /// <summary>The HTTP status in the code of an envelope: 402 or 40201.</summary>
    public static int? StatusOf(MJError? error) =>
        error?.Code is { Length: 3 or 5 } code && int.TryParse(code.Substring(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;

    /// <summary>By the words of the service behind the gateway; null if there are none.</summary>
    public static GatewayErrorKind? OfWords(MJError? error) => ContentRefusal.HasWord(error) ? GatewayErrorKind.ContentRefused : UpstreamWords.KindOf(error);

    private static bool Contains(MJError? error, string[] words) =>
        error?.Message is { } message && UpstreamWords.Unquoted(message) is var text && words.Any(w => text.IndexOf(w, StringComparison.OrdinalIgnoreCase) >= 0);
}
