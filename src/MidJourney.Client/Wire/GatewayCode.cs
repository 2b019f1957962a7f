using System.Globalization;

namespace MidJourney;

/// <summary>The gateway's error codes that this module has names for (contract: the code table and the codes seen besides).</summary>
internal static class GatewayCode
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
        : RefusalKind.OfWords(task.Error) == GatewayErrorKind.ProviderUnavailable ? GatewayErrorKind.ProviderUnavailable : GatewayErrorKind.TaskFailed;

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
}
