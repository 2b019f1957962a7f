using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney;

/// <summary>Offers the upscale types.</summary>
public sealed class UpscaleTypeCompleter : IArgumentCompleter
{
    private static readonly Dictionary<UpscaleType, string> Hints = new()
    {
        [UpscaleType.Standard] = "0: keeps the image as it is",
        [UpscaleType.Creative] = "1: lets the model add detail",
        [UpscaleType.V5_2x] = "2: the 2x upscaler of version 5",
        [UpscaleType.V5_4x] = "3: the 4x upscaler of version 5",
    };

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var start = wordToComplete.Trim('\'', '"');
        return UpscaleTypeName.All
            .Where(t => t.ToString().StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(t => new CompletionResult(t.ToString(), t.ToString(), CompletionResultType.ParameterValue, Hints[t]));
    }
}
