namespace MidJourney;

/// <summary>The environment variables that a session can come from.</summary>
internal static class SessionEnvironment
{
    public const string KeyVariable = "MIDJOURNEY_API_KEY";
    public const string OtherKeyVariable = "VTRIX_API_KEY";
    public const string BaseUriVariable = "MIDJOURNEY_BASE_URI";

    public const string JournalVariable = "MIDJOURNEY_JOURNAL_PATH";

    public const string AccountVariable = "MIDJOURNEY_ACCOUNT";

    /// <summary>The key, trimmed; null when there is none.</summary>
    public static string? ApiKey => Read(KeyVariable) ?? Read(OtherKeyVariable);

    /// <summary>The base URI's text; empty when there is none.</summary>
    public static string BaseUri => Read(BaseUriVariable) ?? "";

    /// <summary>The journal's file as the environment names it; null when it does not.</summary>
    public static string? JournalPath => Read(JournalVariable);

    /// <summary>The account's name, trimmed; null when there is none.</summary>
    public static string? Account => Read(AccountVariable);

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
