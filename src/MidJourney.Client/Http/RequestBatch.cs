using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MidJourney;

/// <summary>Requests of which no other is sent once one is refused for a reason that holds for all: the creates of one command.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing.")]
public sealed class RequestBatch
{
    private static readonly Regex NoMoney = new(
        "(insufficient|not enough|too low|exhausted|out of|no)\\W[^.]{0,20}(balance|funds?|credits?)|(balance|funds?|credits?)\\W[^.]{0,20}(insufficient|not enough|too low|exhausted)|payment required|top up|recharge",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>These are about the provider's own account: nothing that the user pays in ends them (contract: texts of refusals).</summary>
    private static readonly string[] ProviderWords = ["accountfeenotenough", "creditnotenough", "nomorerelaxcredit", "noavaliableplan", "noavailableplan", "invalidappidentifier"];

    private readonly CancellationTokenSource _stop = new();
    private GatewayException? _refusal;

    /// <summary>Why nothing more is sent; null while it is.</summary>
    public GatewayException? Refusal => Volatile.Read(ref _refusal);

    internal CancellationToken Stopped => _stop.Token;

    /// <summary>Whether what refused one create refuses every other one, too: the key, the balance, the proxy's user.</summary>
    /// <param name="error">What came of one create.</param>
    public static bool HoldsForAll(GatewayException error)
    {
        if (error.Kind == GatewayErrorKind.ProxyAuthenticationRequired) return true;
        if (error.IsRead || error.Kind is not (GatewayErrorKind.Unauthorized or GatewayErrorKind.InsufficientBalance or GatewayErrorKind.GatewayRefused)) return false;
        // An upscale of an upscale is answered 403, with words about money.
        if (error.HttpStatus == 403) return false;
        var status = error.HttpStatus is 401 or 402 ? error.HttpStatus : StatusOf(error.Error);
        return status == 401 || ((status == 402 || NoMoney.IsMatch(error.Error?.Message ?? "")) && !IsOfProvider(error.Error));
    }

    /// <summary>Called before another create can take the place of the one that was refused.</summary>
    internal void Note(GatewayException error)
    {
        if (HoldsForAll(error)) Stop(error);
    }

    internal void Stop(GatewayException error)
    {
        if (Interlocked.CompareExchange(ref _refusal, error, null) is null) _stop.Cancel();
    }

    /// <summary>An envelope may hold the status of the answer within a status of its own: 402, or 40201.</summary>
    private static int? StatusOf(MJError? error) =>
        error?.Code is { Length: 3 or 5 } code && int.TryParse(code.Substring(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;

    private static bool IsOfProvider(MJError? error)
    {
        var text = (error?.Message ?? "").Replace("_", "").Replace(" ", "");
        return ProviderWords.Any(word => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);
    }
}
