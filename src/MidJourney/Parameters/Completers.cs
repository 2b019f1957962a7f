using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney;

/// <summary>Offers those of a few fixed values that begin with what is typed.</summary>
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
