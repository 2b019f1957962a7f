namespace MidJourney;

/// <summary>What a journal holds, for a cmdlet that has to say what is wrong with it.</summary>
internal static class JournalListing
{
    public static IReadOnlyList<MJTask> Read(GatewayCmdlet cmdlet, TaskJournal journal, Uri address)
    {
        try
        {
            var (tasks, badLines) = journal.Read(address);
            if (badLines > 0) cmdlet.WriteWarning(CommandMessages.JournalBadLines(badLines, journal.Path));
            return tasks;
        }
        catch (GatewayException e)
        {
            cmdlet.ThrowTerminatingError(ErrorCatalog.Record(e, journal.Path));
            throw;
        }
    }
}
