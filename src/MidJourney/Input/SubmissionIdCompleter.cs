using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney;

/// <summary>Offers the submissions of the journal whose outcome is unknown. It makes no network requests.</summary>
public sealed class SubmissionIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var start = wordToComplete.Trim('\'', '"');
        return TaskIdCompleter.OfJournal(TaskIdCompleter.SessionOf(fakeBoundParameters)).Where(t => t.SubmissionId?.StartsWith(start, StringComparison.OrdinalIgnoreCase) == true)
            .Select(t => new CompletionResult(t.SubmissionId, t.SubmissionId, CompletionResultType.ParameterValue, CommandMessages.TaskHint(t, DateTimeOffset.UtcNow)));
    }
}
