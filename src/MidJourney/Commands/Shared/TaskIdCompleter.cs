using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>Offers the ids of tasks from the session and the journal, running tasks first. Makes no network requests.</summary>
public sealed class TaskIdCompleter : IArgumentCompleter
{
    private const int Max = 50;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var start = wordToComplete.Trim('\'', '"');
        var session = SessionOf(fakeBoundParameters);
        // The session's snapshot is newer than the journal's.
        var known = (session?.Recent.All ?? []).Concat(OfJournal(session)).Where(t => t.Id.Length > 0 && t.Id.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        return known.GroupBy(t => t.Id, StringComparer.Ordinal).Select(g => g.First())
            .OrderBy(t => t.IsEnded()).ThenByDescending(t => t.CreatedAt).Take(Max)
            .Select(t => new CompletionResult(Typed(t.Id), t.Id, CompletionResultType.ParameterValue, Messages.TaskHint(t, DateTimeOffset.UtcNow)));
    }

    internal static MJSession? SessionOf(IDictionary given) => PSValue.Unwrap(given["Session"]) as MJSession ?? SessionStore.Current;

    internal static IReadOnlyList<MJTask> OfJournal(MJSession? session)
    {
        try
        {
            return session is null
                ? SessionFactory.Journal().ReadEnd(SessionFactory.EnvironmentAddress())
                : session.Client.Options.Journal?.ReadEnd(session.BaseUri) ?? [];
        }
        catch (Exception e) when (e is CommandException or GatewayException)
        {
            // Completion reports no errors; the command does.
            return [];
        }
    }

    private static string Typed(string id) =>
        id.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_') ? id : PowerShellText.Literal(id);
}

/// <summary>Offers the submissions of the journal whose outcome is unknown. It makes no network requests.</summary>
public sealed class SubmissionIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var start = wordToComplete.Trim('\'', '"');
        return TaskIdCompleter.OfJournal(TaskIdCompleter.SessionOf(fakeBoundParameters)).Where(t => t.SubmissionId?.StartsWith(start, StringComparison.OrdinalIgnoreCase) == true)
            .Select(t => new CompletionResult(t.SubmissionId, t.SubmissionId, CompletionResultType.ParameterValue, Messages.TaskHint(t, DateTimeOffset.UtcNow)));
    }
}
