using System.Globalization;
using System.Text.RegularExpressions;

namespace MidJourney.Json;

/// <summary>Names a refusal that is the same for creates and reads (contract: errors by HTTP status).</summary>
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

    /// <summary>The error a code stands for; null for a code that is not in the contract's table.</summary>
    public static GatewayErrorKind? KindOf(MJError? error) =>
        error?.Number is { } number && Kinds.TryGetValue(number, out var kind) ? kind : null;

    /// <summary>The error a failed task stands for.</summary>
    public static GatewayErrorKind FailureKindOf(MJTask task) =>
        ContentRefusal.Is(task) ? GatewayErrorKind.ContentRefused
        : KindOf(task.Error) is { } kind and not GatewayErrorKind.RateLimited ? kind
        : ErrorKinds.OfWords(task.Error) == GatewayErrorKind.ProviderUnavailable ? GatewayErrorKind.ProviderUnavailable : GatewayErrorKind.TaskFailed;

    /// <summary>The code compared numerically, its text kept as it came.</summary>
    public static MJError Describe(string? code, string? message)
    {
        long? number = long.TryParse(code, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        return new MJError { Code = code, Number = number, Name = NameOf(number), Message = message };
    }

    private static string? NameOf(long? number) => number switch
    {
        null => null,
        { } n when OtherNames.TryGetValue(n, out var name) => name,
        { } n when Kinds.TryGetValue(n, out var kind) => kind.ToString(),
        _ => null,
    };

    private static readonly string[] MoneyWords = ["balance", "credit", "fund", "quota", "payment", "insufficient", "recharge", "top up"];
    private static readonly string[] RightWords = ["permi", "forbidden", "not allowed", "access denied", "not authorized"];

    private static readonly Regex NoMoney = new(
        "(insufficient|not enough|too low|exhausted|out of|no)\\W[^.]{0,20}(balance|funds?|credits?)|(balance|funds?|credits?)\\W[^.]{0,20}(insufficient|not enough|too low|exhausted)|payment required|top up|recharge",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>The provider's own account with its supplier: adding to the user's balance does not help (contract: texts of refusals).</summary>
    private static readonly string[] ProviderWords = ["accountfeenotenough", "creditnotenough", "nomorerelaxcredit", "noavaliableplan", "noavailableplan", "invalidappidentifier"];

    /// <summary>Words of the service behind the gateway, without what is no letter (contract: texts of refusals).</summary>
    private static readonly (string Word, GatewayErrorKind Kind)[] UpstreamWords =
    [
        .. ProviderWords.Select(word => (word, GatewayErrorKind.ProviderUnavailable)),
        ("serverbusy", GatewayErrorKind.ProviderUnavailable), ("requesttimout", GatewayErrorKind.ProviderUnavailable),
        ("maxconcurrentlimited", GatewayErrorKind.RateLimited),
        // The step is impossible for this job, whatever the key may do.
        ("upscalenotsupport", GatewayErrorKind.GatewayRefused), ("notsupport", GatewayErrorKind.GatewayRefused),
    ];

    /// <summary>By the gateway's code where the contract has it, else by the words of the service behind it, else by the status and, for 402 and 403, the text.</summary>
    public static GatewayErrorKind Of(int status, MJError? error) => ErrorKinds.KindOf(error) ?? (status == 401 ? null : OfWords(error)) ?? status switch
    {
        401 => GatewayErrorKind.Unauthorized,
        402 => Says(error, RightWords) && !Says(error, MoneyWords) ? GatewayErrorKind.Forbidden : GatewayErrorKind.InsufficientBalance,
        403 when Says(error, MoneyWords) => GatewayErrorKind.InsufficientBalance,
        _ when ContentRefusal.Is(error) => GatewayErrorKind.ContentRefused,
        403 => GatewayErrorKind.Forbidden,
        _ when StatusOf(error) == 401 => GatewayErrorKind.Unauthorized,
        _ when StatusOf(error) == 402 || SaysNoBalance(error) => GatewayErrorKind.InsufficientBalance,
        _ => GatewayErrorKind.GatewayRefused,
    };

    /// <summary>Whether what refused one create refuses every other one, too: the key, the balance, the proxy's user, a journal that stopped working.</summary>
    public static bool HoldsForAll(GatewayException error)
    {
        if (error.Kind is GatewayErrorKind.ProxyAuthenticationRequired or GatewayErrorKind.JournalUnavailable) return true;
        if (error.IsRead) return false;
        // What such an answer numbers as if it were a task may be in doubt; that it refuses all is not.
        if (error.Kind == GatewayErrorKind.SubmitOutcomeUnknown) return error.HttpStatus == 401 || (error.HttpStatus == 402 && !IsOfProvider(error.Error));
        if (error.Kind is not (GatewayErrorKind.Unauthorized or GatewayErrorKind.InsufficientBalance or GatewayErrorKind.GatewayRefused)) return false;
        // An upscale of an upscale is answered 403, with words about money.
        if (error.HttpStatus == 403) return false;
        var status = error.HttpStatus is 401 or 402 ? error.HttpStatus : StatusOf(error.Error);
        return status == 401 || (status == 402 && !IsOfProvider(error.Error)) || SaysNoBalance(error.Error);
    }

    /// <summary>Whether the words say that the user's own balance is too low.</summary>
    public static bool SaysNoBalance(MJError? error) => NoMoney.IsMatch(error?.Message ?? "") && !IsOfProvider(error);

    /// <summary>An envelope may hold the status of the answer within a status of its own: 402, or 40201.</summary>
    public static int? StatusOf(MJError? error) =>
        error?.Code is { Length: 3 or 5 } code && int.TryParse(code.Substring(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;

    /// <summary>Whether the words are about the provider's own account.</summary>
    public static bool IsOfProvider(MJError? error)
    {
        var text = (error?.Message ?? "").Replace("_", "").Replace(" ", "");
        return ProviderWords.Any(word => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);
    }

    /// <summary>What the words of the service behind the gateway stand for; null where there are none.</summary>
    public static GatewayErrorKind? OfWords(MJError? error)
    {
        var letters = TaskReader.Letters(error?.Message);
        foreach (var (word, kind) in UpstreamWords)
            if (letters.IndexOf(word, StringComparison.Ordinal) >= 0) return kind;
        return null;
    }

    private static bool Says(MJError? error, string[] words) =>
        error?.Message is { } message && words.Any(w => message.IndexOf(w, StringComparison.OrdinalIgnoreCase) >= 0);
}
