using System.Management.Automation;
using System.Text.RegularExpressions;
using MidJourney.Json;

namespace MidJourney;

/// <summary>Every error: its ID, its category, and what to do about it.</summary>
internal static class ErrorCatalog
{
    private const string ReadAdvice = "The task is not affected. Read it again later with Get-MJTask, or keep waiting with Wait-MJTask. Do not submit it again, or you may pay twice.";

    private const string ProbableTaskAdvice = "The task was most likely created and billed. Record it in the journal, then wait for it: $Error[0].TargetObject | Resolve-MJTask | Wait-MJTask.";

    private const string NotCreatedAdvice = "Run the command again later. Nothing was billed.";

    private const string ContentNotCreatedAdvice = "Reword the prompt, or use another image. Then run the command again. Nothing was billed.";

    private const string ImageRefusedAdvice = "The prompt was accepted, so another attempt may pass, and is billed again: $Error[0].TargetObject | Restart-MJTask -Force | Wait-MJTask. Or reword the prompt.";

    private const string ProviderAccountAdvice = "This is about the provider's own account with its supplier, so adding funds to yours does not help. Try again later, or tell the provider.";

    private const string ImpossibleAdvice = "This step is not possible for this job. For example, an upscale cannot be upscaled again. Use another job ID, image or type.";

    /// <summary>An ID that can be typed as it is.</summary>
    private static readonly Regex PlainId = new("^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", RegexOptions.CultureInvariant);

    private static readonly Dictionary<string, ErrorRow> Rows = new ErrorRow[]
    {
        new("MJ.NoSession", ErrorCategory.AuthenticationError,
            "Set $env:MIDJOURNEY_API_KEY to your API key, or run New-MJSession -ApiKey (Read-Host -AsSecureString)."),
        new("MJ.SessionEnded", ErrorCategory.InvalidOperation,
            "Open a new session with New-MJSession. Tasks that were created earlier are in the journal: Get-MJTask | Wait-MJTask."),
        new("MJ.InvalidApiKey", ErrorCategory.InvalidArgument,
            "Copy the key from the provider's console again, without any characters before or after it."),
        new("MJ.SecretNotRead", ErrorCategory.ObjectNotFound,
            "List the secrets with Get-SecretInfo. To store the key, run Set-Secret -Name MidJourney -Secret (Read-Host -AsSecureString)."),
        new("MJ.InvalidBaseUri", ErrorCategory.InvalidArgument,
            "Specify the address as https://host or https://host/path. The key goes in -ApiKey."),
        new("MJ.InvalidProxy", ErrorCategory.InvalidArgument,
            "Specify -Proxy as an absolute http address, such as http://proxy:8080, and its credentials only once. For a gateway on this machine, omit -Proxy."),
        new("MJ.InsecureEndpoint", ErrorCategory.SecurityError,
            "Use https. If you trust the network between this computer and the gateway, add -AllowInsecure."),
        new("MJ.InvalidJournalPath", ErrorCategory.InvalidArgument,
            "Specify the path of a file on a drive, such as ./journal.jsonl. Its folder is created if necessary."),
        new("MJ.InvalidTaskId", ErrorCategory.InvalidArgument,
            "Specify the Id of a task that an Invoke-MJ… cmdlet returned, or an object with the property Id or TaskId."),
        new("MJ.InvalidTask", ErrorCategory.InvalidArgument,
            "Pipe in task objects, from a cmdlet or from a file. To turn IDs into task objects, use Get-MJTask."),
        new("MJ.TaskNotCompleted", ErrorCategory.InvalidArgument,
            "Wait until the task has completed: put Wait-MJTask before Save-MJOutput."),
        new("MJ.NoOutput", ErrorCategory.ObjectNotFound,
            "Read the task again; its URL may be available now: $Error[0].TargetObject | Get-MJTask | Save-MJOutput."),
        new("MJ.InvalidPath", ErrorCategory.InvalidArgument,
            "Specify a folder in the file system, such as ./out, or an image file, such as ./pic.png. Folders are created if necessary."),
        new("MJ.FileExists", ErrorCategory.ResourceExists,
            "Choose another -Path, or add -Force to replace the file."),
        new("MJ.InvalidNameTemplate", ErrorCategory.InvalidArgument,
            "Specify a template such as '{Prompt} {Index}', or '{Prompt}/{Index}' for a folder per prompt. Valid placeholders: TaskId, JobId, SourceTaskId, SourceJobId, SourceImageNo, Prompt, Type, Model, Index, Status, CreatedAt."),
        new("MJ.Unexpected", ErrorCategory.NotSpecified,
            "This is a bug in the module. Please report it with the output of $Error[0] | Format-List * -Force."),
        new("MJ.JobIdMissing", ErrorCategory.InvalidArgument,
            "For -JobId, specify the job ID of a completed task. A task that is still running has none yet: put Wait-MJTask before this cmdlet."),
        new("MJ.ImageNumberMissing", ErrorCategory.InvalidArgument,
            "For -ImageNo, specify 0 to 3 (or U1 to U4), a list or range such as 0,2 or 0-3, or all."),
        new("MJ.InvalidImageNumber", ErrorCategory.InvalidArgument,
            "For -ImageNo, specify 0 to 3 (or U1 to U4), a list or range such as 0,2 or 0-3, or all."),
        new("MJ.TypeMissing", ErrorCategory.InvalidArgument,
            "For -Type, specify Standard (or Subtle), Creative, V5_2x or V5_4x."),
        new("MJ.InvalidType", ErrorCategory.InvalidArgument,
            "For -Type, specify Standard (or Subtle), Creative, V5_2x or V5_4x, or a number from 0 to 3."),
        new("MJ.InvalidCallbackUrl", ErrorCategory.InvalidArgument,
            "For -Callback, specify an absolute URL that starts with http:// or https://, or omit it."),
        new("MJ.ListenFailed", ErrorCategory.ResourceUnavailable,
            "Specify another port, or an address of this computer, for -ListenOn, or close the program that uses the port. Nothing was submitted or billed. To wait without callbacks, omit -ListenOn."),
        new("MJ.InvalidParameter", ErrorCategory.InvalidArgument,
            "Correct the parameter or the input that the message describes. Get-Help lists the valid values. Nothing was submitted or billed."),
        new("MJ.GenerationFailed", ErrorCategory.InvalidResult,
            "Submit it again: $Error[0].TargetObject | Restart-MJTask | Wait-MJTask. If it fails again, change the prompt or the type."),
        new("MJ.ProviderUnavailable", ErrorCategory.ResourceUnavailable,
            "Submit it again later: $Error[0].TargetObject | Restart-MJTask | Wait-MJTask."),
        new("MJ.TaskFailed", ErrorCategory.InvalidResult,
            "Submit it again: $Error[0].TargetObject | Restart-MJTask | Wait-MJTask. If it fails again, contact the provider, and quote the task ID and the code."),
        // The content must change, not the permissions of the key.
        new("MJ.ContentRefused", ErrorCategory.InvalidData,
            "Reword the prompt, or use another image. To submit the same content anyway, and pay for it again, add -Force to the Invoke-MJ… cmdlet or to Restart-MJTask."),
        new("MJ.GatewayRefused", ErrorCategory.InvalidOperation,
            "Correct what the message describes, then run the command again. If the message does not help, ask the provider, and quote the code. Nothing was billed."),
        new("MJ.Unauthorized", ErrorCategory.AuthenticationError,
            "Compare the key with the one in the provider's console. Then correct it where it comes from, or open a session with another key: New-MJSession -ApiKey (Read-Host -AsSecureString). To check the new key for free, run Test-MJSession."),
        new("MJ.InsufficientBalance", ErrorCategory.QuotaExceeded,
            "Add funds to your account at the provider, then run the same command again. Accepted tasks are not billed twice."),
        new("MJ.Forbidden", ErrorCategory.PermissionDenied,
            "If the key lacks a permission, ask the provider to grant it, or open a session with another key: New-MJSession -ApiKey (Read-Host -AsSecureString). If the message is about the job, use another job ID."),
        new("MJ.ProxyAuthenticationRequired", ErrorCategory.AuthenticationError,
            "Check the proxy's user name and password, then open a session with them: New-MJSession -Proxy http://proxy:8080 -ProxyCredential (Get-Credential). Nothing was billed."),
        new("MJ.TaskNotFound", ErrorCategory.ObjectNotFound,
            "Check that it is a task ID, not a job ID, and that it belongs to this account. The gateway removes old tasks. An accepted task may have been billed, so ask the provider before you submit it again."),
        new("MJ.EndpointNotFound", ErrorCategory.ObjectNotFound,
            "Check the base URI: Test-MJSession shows, for free, what answers there. Then open a session with the correct one: New-MJSession -BaseUri https://host."),
        new("MJ.RateLimited", ErrorCategory.LimitsExceeded,
            "Try again later: run the same command again. To send fewer requests, use New-MJSession -ThrottleLimit or -MaxRequestsPerSecond."),
        new("MJ.ServerError", ErrorCategory.ResourceUnavailable,
            "The task is not affected. Read it again later with Get-MJTask."),
        new("MJ.ConnectionFailed", ErrorCategory.ConnectionError,
            "Check the network, the proxy and the base URI: Test-MJSession shows, for free, which of them fails. Then run the command again. Nothing was billed."),
        new("MJ.RequestTimedOut", ErrorCategory.OperationTimeout,
            "The task is not affected. Read it again later, or allow more time per request with New-MJSession -RequestTimeoutSec."),
        new("MJ.InvalidResponse", ErrorCategory.InvalidData,
            "Check whether the base URI points to the gateway, or a proxy answers with a page of its own: Test-MJSession shows it, for free. Otherwise, try again later."),
        new("MJ.BudgetExceeded", ErrorCategory.LimitsExceeded,
            "If tasks of this session are running, wait for them with Wait-MJTask: their real cost replaces what is committed to them. Otherwise, open a session with a new limit, such as New-MJSession -MaxCost 20. Then run the same command again. Accepted tasks are not billed twice."),
        new("MJ.PriceUnknown", ErrorCategory.ObjectNotFound,
            "State the highest price that you expect: New-MJSession -MaxCost 20 -AssumedCost 0.10. Or ask the gateway for the price in this session: run the same command with -Estimate. Or submit one task in a session without -MaxCost. Then run the same command again. Nothing was billed."),
        new("MJ.JournalUnavailable", ErrorCategory.ResourceUnavailable,
            "Make the file readable and writable, free disk space, or choose another file with New-MJSession -JournalPath. Then run the command again. Accepted tasks are not billed twice."),
        new("MJ.DownloadFailed", ErrorCategory.ConnectionError,
            "Save the task again: $Error[0].TargetObject | Save-MJOutput. Files that are already saved are not downloaded again."),
        new("MJ.OutputGone", ErrorCategory.ObjectNotFound,
            "Get a new link: $Error[0].TargetObject | Get-MJTask | Save-MJOutput."),
        new("MJ.InvalidOutput", ErrorCategory.InvalidData,
            "Open the Url of the task in a browser to see what the server returns: a proxy or an expired link may return a web page. If the file is too long, allow a larger -MaxBytes."),
        new("MJ.FileNotWritten", ErrorCategory.WriteError,
            "Free disk space or get write permission, then save the task again: $Error[0].TargetObject | Save-MJOutput."),
        new("MJ.UnexpectedRedirect", ErrorCategory.SecurityError,
            "Specify the final address of the gateway with New-MJSession -BaseUri."),
        new("MJ.SubmitOutcomeUnknown", ErrorCategory.OperationStopped,
            "Check in the provider's console, or with the callback, whether the task exists. Then record the outcome: Get-MJTask -Status OutcomeUnknown | Resolve-MJTask, with -TaskId or -NeverMade. To submit it again without knowing, and perhaps pay twice, add -RetryUnknown."),
        new("MJ.WaitTimeout", ErrorCategory.OperationTimeout,
            "Keep waiting: $Error[0].TargetObject | Wait-MJTask -TimeoutSec 3600."),
    }.ToDictionary(r => r.Id);

    public static IReadOnlyCollection<ErrorRow> All => Rows.Values;

    /// <summary>The advice for an ID, whatever the case.</summary>
    public static string AdviceOf(string id) => Rows[id].Advice;

    /// <summary>The advice for what the gateway says is the reason; null where the advice of the kind will do.</summary>
    private static string? OfReason(GatewayException error, MJTask? task)
    {
        if (UpstreamWords.AreAboutTheProvidersAccount(error.Error)) return ProviderAccountAdvice;
        if (UpstreamWords.SayImpossible(error.Error)) return ImpossibleAdvice;
        return error switch
        {
            // The submission itself was refused: there is no task, so neither Restart-MJTask nor -Force would help.
            { HttpStatus: not null, Kind: GatewayErrorKind.ContentRefused } => ContentNotCreatedAdvice,
            { HttpStatus: not null, Kind: GatewayErrorKind.ProviderUnavailable or GatewayErrorKind.GenerationFailed } => NotCreatedAdvice,
            { Kind: GatewayErrorKind.ContentRefused } when task is not null && ContentRefusal.IsOfResult(task) => ImageRefusedAdvice,
            _ => null,
        };
    }

    /// <summary>The advice with the task's ID, so that it is right for each of several errors, and still later.</summary>
    private static string WithId(string advice, MJTask? task) => task is null || !PlainId.IsMatch(task.Id) ? advice
        : advice.Replace("$Error[0].TargetObject | Restart-MJTask", $"Restart-MJTask {task.Id}").Replace("$Error[0].TargetObject | Wait-MJTask", $"Wait-MJTask {task.Id}");

    public static ErrorRecord Record(Exception exception, object? target)
    {
        var id = exception switch
        {
            CommandException command => command.ErrorId,
            GatewayException gateway => ErrorIds.Of(gateway.Kind),
            _ => ErrorIds.Of(GatewayErrorKind.Unexpected),
        };
        var task = target as MJTask ?? (target as PSObject)?.BaseObject as MJTask;
        var advice = exception switch
        {
            // A failed read must never lead anyone to submit, and pay, again.
            GatewayException { IsRead: true, Kind: not (GatewayErrorKind.Unauthorized or GatewayErrorKind.ProxyAuthenticationRequired or GatewayErrorKind.TaskNotFound or GatewayErrorKind.UnexpectedRedirect) } => ReadAdvice,
            GatewayException { ProbableTaskId: not null } => ProbableTaskAdvice,
            GatewayException { Kind: not GatewayErrorKind.SubmitOutcomeUnknown } gateway => OfReason(gateway, task),
            CommandException { Advice: { } own } => own,
            _ => null,
        };
        return new ErrorRecord(exception, id, Rows[id].Category, target)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = WithId(advice ?? Rows[id].Advice, task) },
        };
    }
}

/// <summary>A row of the table.</summary>
internal sealed record ErrorRow(string Id, ErrorCategory Category, string Advice);

/// <summary>The IDs of errors that the module itself reports; the others are <c>MJ.</c> and a <see cref="GatewayErrorKind"/>.</summary>
internal static class ErrorIds
{
    public const string NoSession = "MJ.NoSession";
    public const string SessionEnded = "MJ.SessionEnded";
    public const string InvalidApiKey = "MJ.InvalidApiKey";
    public const string SecretNotRead = "MJ.SecretNotRead";
    public const string InvalidBaseUri = "MJ.InvalidBaseUri";
    public const string InvalidProxy = "MJ.InvalidProxy";
    public const string InsecureEndpoint = "MJ.InsecureEndpoint";
    public const string InvalidJournalPath = "MJ.InvalidJournalPath";
    public const string InvalidTaskId = "MJ.InvalidTaskId";
    public const string InvalidTask = "MJ.InvalidTask";
    public const string TaskNotCompleted = "MJ.TaskNotCompleted";
    public const string NoOutput = "MJ.NoOutput";
    public const string InvalidPath = "MJ.InvalidPath";
    public const string FileExists = "MJ.FileExists";
    public const string InvalidNameTemplate = "MJ.InvalidNameTemplate";

    public static string Of(GatewayErrorKind kind) => "MJ." + kind;
}

/// <summary>An error of the module itself, not of the gateway.</summary>
public sealed class CommandException : Exception
{
    /// <param name="errorId">One of <see cref="ErrorIds"/>.</param>
    /// <param name="message">What happened, without the key.</param>
    /// <param name="inner">The cause.</param>
    public CommandException(string errorId, string message, Exception? inner = null) : base(message, inner) => ErrorId = errorId;

    /// <summary>The ID of the error record.</summary>
    public string ErrorId { get; }

    /// <summary>What to do, if it differs from the advice in the table.</summary>
    public string? Advice { get; init; }
}
