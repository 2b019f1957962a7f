using System.Globalization;

namespace MidJourney;

/// <summary>How money is written.</summary>
internal static class Money
{
    /// <summary>The currency where the gateway names none (contract: <c>usage.cost</c>).</summary>
    public const string Usd = "USD";

    /// <summary>An amount that was billed, with as many digits as small prices need: $0.050, or 12 credit.</summary>
    public static string Text(decimal amount, string? currency = Usd) => Text(amount, currency, "#,0.000#");

    /// <summary>An amount that is only expected: $0.05, $0.036 or $12.00.</summary>
    public static string About(decimal amount, string? currency = Usd) => Text(amount, currency, amount < 0.01m ? "0.00####" : "#,0.00#");

    /// <summary>The currency that comes first: US dollars if they are among them, or if there are none.</summary>
    public static string First(IEnumerable<string?> currencies) =>
        currencies.OfType<string>().OrderBy(c => c == Usd ? "" : c, StringComparer.Ordinal).FirstOrDefault() ?? Usd;

    private static string Text(decimal amount, string? currency, string format) => currency is null or Usd
        ? "$" + amount.ToString(format, CultureInfo.InvariantCulture)
        : $"{amount.ToString("#,0.####", CultureInfo.InvariantCulture)} {currency}";
}

/// <summary>Amounts added up, each currency on its own.</summary>
internal sealed class MoneySum
{
    private readonly SortedDictionary<string, decimal> _amounts = new(StringComparer.Ordinal);

    public bool IsZero => _amounts.Values.All(a => a == 0);

    /// <summary>Adds an amount; nothing if it is not known.</summary>
    public void Add(decimal? amount, string? currency)
    {
        if (amount is { } known) _amounts[currency ?? Money.Usd] = (_amounts.TryGetValue(currency ?? Money.Usd, out var sum) ? sum : 0) + known;
    }

    /// <param name="write">Writes one amount.</param>
    public string Text(Func<decimal, string, string> write) => string.Join(" and ", _amounts.Where(a => a.Value != 0).Select(a => write(a.Value, a.Key)));

    public override string ToString() => Text(Money.Text);
}
