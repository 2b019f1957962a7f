using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney.Parameters;

/// <summary>Offers fixed values that start with the typed text.</summary>
public abstract class ListCompleter : IArgumentCompleter
{
    private readonly string[] _values;

    internal ListCompleter(params string[] values) => _values = values;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var start = wordToComplete.Trim('\'', '"');
        return _values.Where(v => v.StartsWith(start, StringComparison.OrdinalIgnoreCase)).Select(v => new CompletionResult(v));
    }
}

/// <summary>Offers the numbers of a job's images, each with MidJourney's own name.</summary>
public sealed class ImageNumberCompleter : IArgumentCompleter
{
    private const int Images = 4;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var start = wordToComplete.Trim('\'', '"');
        var numbers = Enumerable.Range(0, Images).ToList();
        return numbers.Select(i => ($"{i}", Messages.ImageHint(i))).Concat(numbers.Where(_ => start.Length > 0).Select(i => ($"U{i + 1}", Messages.ImageHint(i)))).Append(("all", Messages.AllImagesHint()))
            .Where(o => o.Item1.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(o => new CompletionResult(o.Item1, o.Item1, CompletionResultType.ParameterValue, o.Item2));
    }
}

/// <summary>Offers the strengths of a variation.</summary>
public sealed class StrengthCompleter() : ListCompleter("Subtle", "Strong");

/// <summary>Offers the currencies that the gateway is known to use.</summary>
public sealed class CurrencyCompleter() : ListCompleter(Money.Usd, "credit");

/// <summary>Offers the current month and the eleven before it.</summary>
public sealed class MonthCompleter : IArgumentCompleter
{
    private const int Months = 12;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var (start, today) = (wordToComplete.Trim('\'', '"'), DateTime.Today);
        return Enumerable.Range(0, Months).Select(i => today.AddMonths(-i).ToString("yyyy-MM", CultureInfo.InvariantCulture))
            .Where(m => m.StartsWith(start, StringComparison.Ordinal)).Select(m => new CompletionResult(m));
    }
}

/// <summary>Offers the upscale types.</summary>
public sealed class UpscaleTypeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var start = wordToComplete.Trim('\'', '"');
        return UpscaleType.All
            .Where(t => t.StartsWith(start, StringComparison.OrdinalIgnoreCase) || (t == UpscaleType.Standard && UpscaleTypeName.Subtle.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
            .Select(t => new CompletionResult(t, t, CompletionResultType.ParameterValue, Messages.TypeHint(t)));
    }
}
