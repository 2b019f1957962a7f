namespace MidJourney;

/// <summary>The connections to where results are: a session's, and for those who have none the process's.</summary>
internal static class FileConnections
{
    /// <summary>To one host; how many a cmdlet uses at once, it sees to itself.</summary>
    public const int Most = 128;

    private static readonly OutputDownloader Shared = new(proxy: null, Most);

    /// <summary>What a session downloads with, or what stands for it. Each use is ended by disposing it.</summary>
    public static OutputDownloader Use(MJSession? session)
    {
        if (session is not null && session.Files.TryUse()) return session.Files;
        // Nobody ever ends the use that made it.
        Shared.TryUse();
        return Shared;
    }
}
