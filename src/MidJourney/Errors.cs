using System.Management.Automation;

namespace MidJourney;

/// <summary>Category and way out of every error, and the records made of them.</summary>
internal static class ErrorCatalog
{
    private const string ReadAdvice = "The task itself is not affected: read it again later with Get-MJTask, or keep waiting with Wait-MJTask. Do not submit the job again for this.";

    private const string ProbableTaskAdvice = "The task was most likely made, and paid. Record it in the journal, and wait for it: $Error[0].TargetObject | Resolve-MJTask | Wait-MJTask.";

    private static readonly Dictionary<string, ErrorRow> Rows = new ErrorRow[]
    {
        new("MJ.NoSession", ErrorCategory.AuthenticationError,
            "Set $env:MIDJOURNEY_API_KEY to your API key, or run New-MJSession -ApiKey (Read-Host -AsSecureString)."),
        new("MJ.SessionEnded", ErrorCategory.InvalidOperation,
            "Make a new one with New-MJSession. What had been created by then is in the journal: Get-MJTask | Wait-MJTask."),
        new("MJ.InvalidApiKey", ErrorCategory.InvalidArgument,
            "Copy the key from the provider's console again, without anything around it."),
        new("MJ.InvalidBaseUri", ErrorCategory.InvalidArgument,
            "Give the address as https://host or https://host/path; the key goes into -ApiKey."),
        new("MJ.InvalidProxy", ErrorCategory.InvalidArgument,
            "Give -Proxy an absolute http address, such as http://proxy:8080; the credentials go with it."),
        new("MJ.InsecureEndpoint", ErrorCategory.SecurityError,
            "Use https, or say -AllowInsecure if the network in between is yours."),
        new("MJ.InvalidJournalPath", ErrorCategory.InvalidArgument,
            "Give the path of a file on a drive, such as ./journal.jsonl; its folder need not exist yet."),
        new("MJ.InvalidTaskId", ErrorCategory.InvalidArgument,
            "Give the Id of a task, as an Invoke-MJ… cmdlet returns it, or an object that has it as property Id or TaskId."),
        new("MJ.InvalidTask", ErrorCategory.InvalidArgument,
            "Pipe in tasks, live or from a file. To turn bare ids into tasks, use Get-MJTask."),
        new("MJ.TaskNotCompleted", ErrorCategory.InvalidArgument,
            "Only a completed task has something to save; put Wait-MJTask before Save-MJOutput."),
        new("MJ.NoOutput", ErrorCategory.ObjectNotFound,
            "Read the task again with Get-MJTask, and save that; its URL may have come meanwhile."),
        new("MJ.InvalidPath", ErrorCategory.InvalidArgument,
            "Give a folder of the file system, such as ./out; it need not exist yet."),
        new("MJ.InvalidNameTemplate", ErrorCategory.InvalidArgument,
            "Give a name such as '{SourceJobId}_{SourceImageNo}_{Type}_{Index}'. In braces may stand: TaskId, JobId, SourceTaskId, SourceJobId, SourceImageNo, Prompt, Type, Model, Index, Status, CreatedAt."),
        new("MJ.Unexpected", ErrorCategory.NotSpecified,
            "This is a defect of the module; please report it with the output of $Error[0] | Format-List * -Force."),
        new("MJ.JobIdMissing", ErrorCategory.InvalidArgument,
            "Give -JobId the job id of a finished MidJourney job; a task that has not completed has none."),
        new("MJ.ImageNumberMissing", ErrorCategory.InvalidArgument,
            "Give -ImageNo 0, 1, 2 or 3, or several of them."),
        new("MJ.InvalidImageNumber", ErrorCategory.InvalidArgument,
            "Give -ImageNo 0, 1, 2 or 3, or several of them (0,2 or the text '0,2')."),
        new("MJ.TypeMissing", ErrorCategory.InvalidArgument,
            "Give -Type Standard, Creative, V5_2x or V5_4x."),
        new("MJ.InvalidType", ErrorCategory.InvalidArgument,
            "Give -Type Standard, Creative, V5_2x or V5_4x, or their numbers 0 to 3."),
        new("MJ.InvalidCallbackUrl", ErrorCategory.InvalidArgument,
            "Give -Callback an absolute address that begins with http:// or https://, or leave it out."),
        new("MJ.InvalidParameter", ErrorCategory.InvalidArgument,
            "Correct the parameter that the message names; Get-Help of the cmdlet says what it takes. Nothing was sent or paid."),
        new("MJ.GenerationFailed", ErrorCategory.InvalidResult,
            "Submit it again. If it fails again, change the prompt or type."),
        new("MJ.ProviderUnavailable", ErrorCategory.ResourceUnavailable,
            "Submit the job again later."),
        new("MJ.TaskFailed", ErrorCategory.InvalidResult,
            "See the Error property of the task; what helps depends on it."),
        // What must change is the content, not the rights of the key.
        new("MJ.ContentRefused", ErrorCategory.InvalidData,
            "Change the prompt or the image. To submit the same content again, which is billed again, add -Force to the Invoke-MJ… cmdlet."),
        new("MJ.GatewayRefused", ErrorCategory.InvalidOperation,
            "Nothing was made. Change what the text names, and submit again."),
        new("MJ.Unauthorized", ErrorCategory.AuthenticationError,
            "Check the API key, and make a session with the right one: New-MJSession -ApiKey."),
        new("MJ.InsufficientBalance", ErrorCategory.QuotaExceeded,
            "Add to the balance of the account at the provider, then submit again."),
        new("MJ.Forbidden", ErrorCategory.PermissionDenied,
            "Use a key that may do this, or ask the provider to allow it."),
        new("MJ.ProxyAuthenticationRequired", ErrorCategory.AuthenticationError,
            "Check the proxy's user name and password, and open a session with them: New-MJSession -Proxy http://proxy:8080 -ProxyCredential (Get-Credential). Nothing was paid."),
        new("MJ.TaskNotFound", ErrorCategory.ObjectNotFound,
            "Check that it is a task id, not a job id, and of the same account; the gateway forgets old tasks. A task that was accepted may be paid: ask the provider before you submit it again."),
        new("MJ.EndpointNotFound", ErrorCategory.ObjectNotFound,
            "Check the base URI of the session (Get-MJSession): no gateway answers there."),
        new("MJ.RateLimited", ErrorCategory.LimitsExceeded,
            "Try again later, or with fewer at once: New-MJSession -ThrottleLimit or -MaxRequestsPerSecond."),
        new("MJ.ServerError", ErrorCategory.ResourceUnavailable,
            "Nothing is lost: read the task again later with Get-MJTask."),
        new("MJ.ConnectionFailed", ErrorCategory.ConnectionError,
            "Check the network, the proxy and the base URI (Get-MJSession), then run it again: nothing was paid."),
        new("MJ.RequestTimedOut", ErrorCategory.OperationTimeout,
            "Nothing is lost: read the task again later, or give requests more time with New-MJSession -RequestTimeoutSec."),
        new("MJ.InvalidResponse", ErrorCategory.InvalidData,
            "Check that the base URI leads to the gateway and not to a proxy's page; otherwise try again later."),
        new("MJ.JournalUnavailable", ErrorCategory.ResourceUnavailable,
            "Make the file readable and writable, free space on the disk, or choose another file with New-MJSession -JournalPath. Then run the command again: it does not pay twice for what was accepted."),
        new("MJ.DownloadFailed", ErrorCategory.ConnectionError,
            "Pipe the task into Save-MJOutput again: $Error[0].TargetObject | Save-MJOutput. What is saved already is not downloaded again."),
        new("MJ.OutputGone", ErrorCategory.ObjectNotFound,
            "Ask for a fresh address: $Error[0].TargetObject | Get-MJTask | Save-MJOutput."),
        new("MJ.InvalidOutput", ErrorCategory.InvalidData,
            "Open the Url of the task in a browser to see what is there; a proxy or an expired address may answer with a page."),
        new("MJ.FileNotWritten", ErrorCategory.WriteError,
            "Make room or give yourself the right to write there, then pipe the task in again: $Error[0].TargetObject | Save-MJOutput."),
        new("MJ.UnexpectedRedirect", ErrorCategory.SecurityError,
            "Give New-MJSession -BaseUri the address the gateway is really at."),
        new("MJ.SubmitOutcomeUnknown", ErrorCategory.OperationStopped,
            "Look in the provider's console, or wait for the callback, to see whether the task exists. Then settle it: Get-MJTask -Status OutcomeUnknown | Resolve-MJTask, with -TaskId or -NeverMade. To submit it again without knowing, use -RetryUnknown, which may pay twice."),
        new("MJ.WaitTimeout", ErrorCategory.OperationTimeout,
            "Keep waiting: $Error[0].TargetObject | Wait-MJTask, with a longer -TimeoutSec."),
    }.ToDictionary(r => r.Id);

    /// <summary>Every error.</summary>
    public static IReadOnlyCollection<ErrorRow> All => Rows.Values;

    public static ErrorRecord Record(Exception exception, object? target)
    {
        var id = exception switch
        {
            CommandException command => command.ErrorId,
            GatewayException gateway => ErrorIds.Of(gateway.Kind),
            _ => ErrorIds.Of(GatewayErrorKind.Unexpected),
        };
        var advice = exception switch
        {
            // A read that fails must never lead anybody to submit, and pay, again.
            GatewayException { IsRead: true, Kind: not (GatewayErrorKind.Unauthorized or GatewayErrorKind.ProxyAuthenticationRequired or GatewayErrorKind.TaskNotFound or GatewayErrorKind.UnexpectedRedirect) } => ReadAdvice,
            // The create itself was refused: there is no task, and nothing to force.
            GatewayException { Kind: GatewayErrorKind.ContentRefused, HttpStatus: not null } => Rows[ErrorIds.Of(GatewayErrorKind.GatewayRefused)].Advice,
            GatewayException { ProbableTaskId: not null } => ProbableTaskAdvice,
            CommandException { Advice: { } own } => own,
            _ => Rows[id].Advice,
        };
        return new ErrorRecord(exception, id, Rows[id].Category, target)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = advice },
        };
    }
}

/// <summary>One error: its id, its category, and what to do about it.</summary>
internal sealed record ErrorRow(string Id, ErrorCategory Category, string Advice);

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

/// <summary>What a cmdlet cannot do, before the gateway comes into it.</summary>
public sealed class CommandException : Exception
{
    /// <param name="errorId">One of <see cref="ErrorIds"/>.</param>
    /// <param name="message">What happened, in one sentence, without the key.</param>
    /// <param name="inner">What lies behind it.</param>
    public CommandException(string errorId, string message, Exception? inner = null) : base(message, inner) => ErrorId = errorId;

    /// <summary>The error record's id.</summary>
    public string ErrorId { get; }

    /// <summary>The way out, where it is another one than that of the id.</summary>
    public string? Advice { get; init; }
}