namespace MidJourney;

/// <summary>The ids of errors that do not come from the gateway; the others are <c>MJ.</c> and a <see cref="GatewayErrorKind"/>.</summary>
internal static class ErrorIds
{
    public const string NoSession = "MJ.NoSession";
    public const string SessionEnded = "MJ.SessionEnded";
    public const string InvalidApiKey = "MJ.InvalidApiKey";
    public const string InvalidBaseUri = "MJ.InvalidBaseUri";
    public const string InvalidProxy = "MJ.InvalidProxy";
    public const string InsecureEndpoint = "MJ.InsecureEndpoint";
    public const string InvalidJournalPath = "MJ.InvalidJournalPath";
    public const string InvalidTaskId = "MJ.InvalidTaskId";
    public const string InvalidTask = "MJ.InvalidTask";
    public const string TaskNotCompleted = "MJ.TaskNotCompleted";
    public const string NoOutput = "MJ.NoOutput";
    public const string InvalidPath = "MJ.InvalidPath";
    public const string InvalidNameTemplate = "MJ.InvalidNameTemplate";

    public static string Of(GatewayErrorKind kind) => "MJ." + kind;
}
