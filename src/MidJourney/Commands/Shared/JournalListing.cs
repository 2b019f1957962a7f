using MidJourney.Journal;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>Lists a journal's tasks for a cmdlet, which reports what is wrong with the journal.</summary>
internal static class JournalListing
{
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="address">The gateway whose tasks to list.</param>
    /// <param name="isOptional">Whether the cmdlet can go on without the journal.</param>
    public static IReadOnlyList<MJTask> Read(GatewayCmdlet cmdlet, TaskJournal journal, Uri address, bool isOptional = false)
    {
        try
        {
            var (tasks, badLines) = cmdlet.Await(stopping => journal.ReadAsync(address, stopping));
            if (badLines > 0) cmdlet.WriteWarning(Messages.JournalLinesNotListed(badLines, journal.Path!));
            if (journal.ModeProblem is { } problem) cmdlet.WriteWarning(problem);
            return [.. WithOrigins(tasks).Select(Owned)];
        }
        catch (GatewayException e) when (isOptional)
        {
            cmdlet.WriteWarning(Messages.WithoutJournal(e.Message));
            return [];
        }
        catch (GatewayException e)
        {
            cmdlet.ThrowTerminatingError(ErrorCatalog.Record(e, journal.Path));
            throw;
        }

        // The journal holds the tasks of every account at the gateway; the session's own are read where they are listed.
        MJTask Owned(MJTask task) => task with
        {
            BaseUri = SubmissionKey.AddressOf(address),
            Owner = (cmdlet.Session ?? SessionStore.Current) is { } session && (task.Account is null || session.Account is null || task.Account == session.Account) ? new TaskOwner(session) : default,
        };
    }

    /// <summary>A job ID that was typed in most likely came from one of these tasks, too.</summary>
    private static IReadOnlyList<MJTask> WithOrigins(IReadOnlyList<MJTask> tasks)
    {
        if (!tasks.Any(t => t.SourceJobId is not null && t.SourceTaskId is null)) return tasks;
        var lineage = new Lineage();
        foreach (var task in tasks) lineage.Add(task);
        return [.. tasks.Select(lineage.Complete)];
    }
}
