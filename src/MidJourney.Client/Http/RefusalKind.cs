namespace MidJourney;

/// <summary>Names a refusal that is the same for creates and reads (contract: errors by HTTP status).</summary>
internal static class RefusalKind
{
    private static readonly string[] MoneyWords = ["balance", "credit", "fund", "quota", "payment", "insufficient", "recharge", "top up"];
    private static readonly string[] RightWords = ["permi", "forbidden", "not allowed", "access denied", "not authorized"];

    /// <summary>By the gateway's code where the contract has it, else by the status and, for 402 and 403, the text.</summary>
    public static GatewayErrorKind Of(int status, MJError? error) => GatewayCode.KindOf(error) ?? status switch
    {
        401 => GatewayErrorKind.Unauthorized,
        402 => Says(error, RightWords) && !Says(error, MoneyWords) ? GatewayErrorKind.Forbidden : GatewayErrorKind.InsufficientBalance,
        403 => Says(error, MoneyWords) ? GatewayErrorKind.InsufficientBalance : GatewayErrorKind.Forbidden,
        _ => GatewayErrorKind.GatewayRefused,
    };

    private static bool Says(MJError? error, string[] words) =>
        error?.Message is { } message && words.Any(w => message.IndexOf(w, StringComparison.OrdinalIgnoreCase) >= 0);
}
