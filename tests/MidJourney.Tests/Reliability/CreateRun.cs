namespace MidJourney.Tests;

/// <summary>One create through the module, with a session and a journal of its own, and what is left of it.</summary>
internal sealed class CreateRun
{
    public const string Script = "Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0";

    private CreateRun(string journal, ShellResult result) => (JournalPath, Result) = (journal, result);

    public string JournalPath { get; }

    public ShellResult Result { get; }

    public static CreateRun Start(ModuleShell shell, Uri baseUri, string parameters = "", string? journal = null)
    {
        journal ??= TestFolder.NewFile(".jsonl");
        Connect(shell, baseUri, journal, parameters);
        return new CreateRun(journal, shell.Run(Script));
    }

    public static void Connect(ModuleShell shell, Uri baseUri, string journal, string parameters = "") =>
        shell.Run($"$null = New-MJSession -ApiKey {TestKey.Value} -BaseUri {baseUri} -JournalPath '{journal}' {parameters}").MustSucceed();

    /// <summary>It came out as the page promises.</summary>
    /// <param name="sent">How many creates the gateway received.</param>
    /// <param name="advice">What the recommended action says, among other things; null where there is no error.</param>
    /// <param name="test">The class and the name of the test.</param>
    public void MustBeAs(long sent, string? advice, string test) => MustBeAs(ReliabilityPage.RowOf(test), sent > 1, advice);

    public void MustBeAs(MatrixRow row, bool isSentAgain, string? advice)
    {
        // What holds for every create ends the cmdlet, where nothing was accepted.
        var holdsForAll = row.ErrorId is "MJ.Unauthorized" or "MJ.InsufficientBalance" or "MJ.ProxyAuthenticationRequired";
        Assert.Equal(holdsForAll ? row.ErrorId : null, Result.ThrownId);
        Assert.Equal(row.ErrorId == "none" || holdsForAll ? [] : [row.ErrorId], Result.ErrorIds);
        Assert.Equal(row.ErrorId == "none" ? 1 : 0, Result.Output.Count);
        Assert.Equal(row.IsSentAgain, isSentAgain);
        Assert.Matches(row.JournalPattern, string.Join(", ", Journal.Events(JournalPath)));
        if (advice is not null) Assert.Contains(advice, (Result.Thrown ?? Result.Errors[0]).ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(advice is null, Result.Thrown is null && Result.Errors.Count == 0);
    }
}
