namespace MidJourney;

/// <summary>What a journal holds, for a cmdlet that has to say what is wrong with it.</summary>
internal static class JournalListing
{
    public static IReadOnlyList<MJTask> Read(GatewayCmdlet cmdlet, TaskJournal journal, Uri address)
    {
        try
        {
            var (tasks, badLines) = cmdlet.Await(stopping => journal.ReadAsync(address, stopping));
            if (badLines > 0) cmdlet.WriteWarning(CommandMessages.JournalBadLines(badLines, journal.Path!));
            if (journal.ModeProblem is { } problem) cmdlet.WriteWarning(problem);
            return [.. WithOrigins(tasks).Select(Owned)];
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

    /// <summary>A job id that was given by hand came from one of these tasks, too, more often than not.</summary>
    private static IReadOnlyList<MJTask> WithOrigins(IReadOnlyList<MJTask> tasks)
    {
        if (!tasks.Any(t => t.SourceJobId is not null && t.SourceTaskId is null)) return tasks;
        var ancestry = new Ancestry();
        foreach (var task in tasks) ancestry.Add(task);
        return [.. tasks.Select(ancestry.Complete)];
    }
}
