using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney;

/// <summary>Offers the numbers of a job's images.</summary>
public sealed class ImageNumberCompleter : IArgumentCompleter
{
    private const int Images = 4;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Enumerable.Range(0, Images).Select(n => n.ToString(CultureInfo.InvariantCulture))
            .Where(n => n.StartsWith(wordToComplete, StringComparison.Ordinal)).Select(n => new CompletionResult(n));
}
