using System.Management.Automation;

namespace MidJourney;

/// <summary>Category and way out of every error, and the records made of them.</summary>
internal static class ErrorCatalog
{
    /// <summary>A read that fails must never lead anybody to submit, and pay, again.</summary>
    private const string ReadAdvice = "The task itself is not affected: read it again later with Get-MJTask, or wait on with Wait-MJTask. Do not submit the job again for this.";

    private static readonly Dictionary<string, Entry> Entries = new()
    {
        [ErrorIds.NoSession] = new(ErrorCategory.AuthenticationError,
            "Set $env:MIDJOURNEY_API_KEY to your API key, or run New-MJSession -ApiKey (Read-Host -AsSecureString)."),
        [ErrorIds.SessionEnded] = new(ErrorCategory.InvalidOperation, "Make a new one with New-MJSession."),
        [ErrorIds.InvalidApiKey] = new(ErrorCategory.InvalidArgument, "Copy the key from the provider's console again, without anything around it."),
        [ErrorIds.InvalidBaseUri] = new(ErrorCategory.InvalidArgument, "Give the address as https://host or https://host/path; the key goes into -ApiKey."),
        [ErrorIds.InvalidProxy] = new(ErrorCategory.InvalidArgument, "Give -Proxy an absolute http address, such as http://proxy:8080; the credentials go with it."),
        [ErrorIds.InsecureEndpoint] = new(ErrorCategory.SecurityError, "Use https, or say -AllowInsecure if the network in between is yours."),
        [ErrorIds.InvalidJournalPath] = new(ErrorCategory.InvalidArgument, "Give the path of a file on a drive, such as ./journal.jsonl; its folder need not be there yet."),
        [ErrorIds.InvalidTaskId] = new(ErrorCategory.InvalidArgument, "Give the Id of a task, as Invoke-MJUpscale puts it out, or an object that has it as property Id or TaskId."),
        [ErrorIds.TaskNotCompleted] = new(ErrorCategory.InvalidArgument, "Only a completed task has something to save; put Wait-MJTask before Save-MJOutput."),
        [ErrorIds.NoOutput] = new(ErrorCategory.ObjectNotFound, "Read the task again with Get-MJTask, and save that; its URL may have come meanwhile."),
        [ErrorIds.InvalidPath] = new(ErrorCategory.InvalidArgument, "Give a folder of the file system, such as ./out; it need not be there yet."),
        [ErrorIds.InvalidNameTemplate] = new(ErrorCategory.InvalidArgument, $"Give a name such as '{NameTemplate.Default}'. In braces may stand: {string.Join(", ", NameTemplate.Tokens)}."),
        [ErrorIds.Unexpected] = new(ErrorCategory.NotSpecified, "This is a defect of the module; please report it with the output of $Error[0] | Format-List * -Force."),

        [Id(GatewayErrorKind.JobIdMissing)] = new(ErrorCategory.InvalidArgument, "Give -JobId the job id of a finished MidJourney job; a task that has not completed has none."),
        [Id(GatewayErrorKind.ImageNumberMissing)] = new(ErrorCategory.InvalidArgument, "Give -ImageNo 0, 1, 2 or 3, or several of them."),
        [Id(GatewayErrorKind.InvalidImageNumber)] = new(ErrorCategory.InvalidArgument, "Give -ImageNo 0, 1, 2 or 3, or several of them (0,2 or the text '0,2')."),
        [Id(GatewayErrorKind.TypeMissing)] = new(ErrorCategory.InvalidArgument, "Give -Type Standard, Creative, V5_2x or V5_4x."),
        [Id(GatewayErrorKind.InvalidType)] = new(ErrorCategory.InvalidArgument, "Give -Type Standard, Creative, V5_2x or V5_4x, or their numbers 0 to 3."),
        [Id(GatewayErrorKind.InvalidCallbackUrl)] = new(ErrorCategory.InvalidArgument, "Give -Callback an absolute address that begins with http:// or https://, or leave it out."),
        [Id(GatewayErrorKind.GenerationFailed)] = new(ErrorCategory.InvalidResult, "Submit the job again, or try another type; upscaling an image that is itself an upscale is refused."),
        [Id(GatewayErrorKind.ProviderUnavailable)] = new(ErrorCategory.ResourceUnavailable, "Submit the job again later."),
        [Id(GatewayErrorKind.TaskFailed)] = new(ErrorCategory.InvalidResult, "See the Error property of the task; what helps depends on it."),
        [Id(GatewayErrorKind.GatewayRefused)] = new(ErrorCategory.InvalidOperation, "Nothing was made. Change what the text names, and submit again."),
        [Id(GatewayErrorKind.Unauthorized)] = new(ErrorCategory.AuthenticationError, "Check the API key, and make a session with the right one: New-MJSession -ApiKey."),
        [Id(GatewayErrorKind.InsufficientBalance)] = new(ErrorCategory.QuotaExceeded, "Add to the balance of the account at the provider, then submit again."),
        [Id(GatewayErrorKind.Forbidden)] = new(ErrorCategory.PermissionDenied, "Use a key that may do this, or ask the provider to allow it."),
        [Id(GatewayErrorKind.TaskNotFound)] = new(ErrorCategory.ObjectNotFound, "Check that it is a task id, not a job id, and of the same account; the gateway forgets old tasks."),
        [Id(GatewayErrorKind.EndpointNotFound)] = new(ErrorCategory.ObjectNotFound, "Check the base URI of the session (Get-MJSession): no gateway answers there."),
        [Id(GatewayErrorKind.RateLimited)] = new(ErrorCategory.LimitsExceeded, "Try again later, or with fewer at once: New-MJSession -ThrottleLimit or -MaxRequestsPerSecond."),
        [Id(GatewayErrorKind.ServerError)] = new(ErrorCategory.ResourceUnavailable, "Nothing is lost: read the task again later with Get-MJTask."),
        [Id(GatewayErrorKind.ConnectionFailed)] = new(ErrorCategory.ConnectionError, "Check the network, the proxy and the base URI (Get-MJSession), then run it again: nothing was paid."),
        [Id(GatewayErrorKind.RequestTimedOut)] = new(ErrorCategory.OperationTimeout, "Nothing is lost: read the task again later, or give requests more time with New-MJSession -RequestTimeoutSec."),
        [Id(GatewayErrorKind.InvalidResponse)] = new(ErrorCategory.InvalidData, "Check that the base URI leads to the gateway and not to a proxy's page; otherwise try again later."),
        [Id(GatewayErrorKind.JournalUnavailable)] = new(ErrorCategory.ResourceUnavailable,
            "Make the file readable, or give another one with New-MJSession -JournalPath. Without -SkipSubmitted every record is created, and paid, again."),
        [Id(GatewayErrorKind.DownloadFailed)] = new(ErrorCategory.ConnectionError, "Pipe the task into Save-MJOutput again: $Error[0].TargetObject | Save-MJOutput. What is saved already is not downloaded again."),
        [Id(GatewayErrorKind.OutputGone)] = new(ErrorCategory.ObjectNotFound, "Ask for a fresh address: $Error[0].TargetObject | Get-MJTask | Save-MJOutput."),
        [Id(GatewayErrorKind.InvalidOutput)] = new(ErrorCategory.InvalidData, "Open the Url of the task in a browser to see what is there; a proxy or an expired address may answer with a page."),
        [Id(GatewayErrorKind.FileNotWritten)] = new(ErrorCategory.WriteError, "Make room or give yourself the right to write there, then pipe the task in again: $Error[0].TargetObject | Save-MJOutput."),
        [Id(GatewayErrorKind.UnexpectedRedirect)] = new(ErrorCategory.SecurityError, "Give New-MJSession -BaseUri the address the gateway is really at."),
        [Id(GatewayErrorKind.SubmitOutcomeUnknown)] = new(ErrorCategory.OperationStopped, "Do not simply run it again: look into the provider's console, or wait for the callback, to see whether the task exists; submit again only if it does not."),
        [Id(GatewayErrorKind.WaitTimeout)] = new(ErrorCategory.OperationTimeout, "Wait on: $Error[0].TargetObject | Wait-MJTask, with a longer -TimeoutSec."),
    };

    public static ErrorRecord Record(Exception exception, object? target)
    {
        var id = exception switch
        {
            CommandException command => command.ErrorId,
            GatewayException gateway => ErrorIds.Of(gateway.Kind),
            _ => ErrorIds.Unexpected,
        };
        var entry = Entries[id];
        var advice = exception switch
        {
            GatewayException { IsRead: true, Kind: not (GatewayErrorKind.Unauthorized or GatewayErrorKind.TaskNotFound or GatewayErrorKind.UnexpectedRedirect) } => ReadAdvice,
            GatewayException { ProbableTaskId: not null } => "The task is most likely there, and paid: $Error[0].TargetObject | Wait-MJTask.",
            _ => entry.RecommendedAction,
        };
        return new ErrorRecord(exception, id, entry.Category, target)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = advice },
        };
    }

    private static string Id(GatewayErrorKind kind) => ErrorIds.Of(kind);

    private sealed record Entry(ErrorCategory Category, string RecommendedAction);
}
