using System.Management.Automation;

namespace MidJourney.Tests;

/// <summary>What a script put out, stream by stream.</summary>
internal sealed record ShellResult(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Verbose,
    ErrorRecord? Thrown)
{
    /// <summary>The ids of the errors, without the cmdlet behind the comma.</summary>
    public string[] ErrorIds => [.. Errors.Select(e => IdOf(e))];

    /// <summary>The id of the terminating error; null when there was none.</summary>
    public string? ThrownId => Thrown is null ? null : IdOf(Thrown);

    public ShellResult MustSucceed()
    {
        Assert.True(Thrown is null, Thrown?.Exception.ToString());
        Assert.Empty(Errors);
        return this;
    }

    /// <summary>A property of every object put out, as text.</summary>
    public string[] Texts(string property) => [.. Output.Select(o => o.Properties[property]?.Value?.ToString() ?? "null")];

    public object? Value(string property) => Output.Single().Properties[property]?.Value;

    private static string IdOf(ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];
}
