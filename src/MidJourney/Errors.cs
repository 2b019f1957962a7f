using System.Management.Automation;
using MidJourney.Sessions;

namespace MidJourney;

/// <summary>Category and way out of every error, and the records made of them.</summary>
internal static class ErrorCatalog
{
    private static readonly Dictionary<string, ErrorCategory> Categories = new()
    {
        [ErrorIds.NoSession] = ErrorCategory.AuthenticationError,
        [ErrorIds.SessionEnded] = ErrorCategory.InvalidOperation,
        [ErrorIds.InvalidApiKey] = ErrorCategory.InvalidArgument,
        [ErrorIds.InvalidBaseUri] = ErrorCategory.InvalidArgument,
        [ErrorIds.InvalidProxy] = ErrorCategory.InvalidArgument,
        [ErrorIds.InsecureEndpoint] = ErrorCategory.SecurityError,
        [ErrorIds.InvalidJournalPath] = ErrorCategory.InvalidArgument,
        [ErrorIds.InvalidTaskId] = ErrorCategory.InvalidArgument,
        [ErrorIds.InvalidTask] = ErrorCategory.InvalidArgument,
        [ErrorIds.TaskNotCompleted] = ErrorCategory.InvalidArgument,
        [ErrorIds.NoOutput] = ErrorCategory.ObjectNotFound,
        [ErrorIds.InvalidPath] = ErrorCategory.InvalidArgument,
        [ErrorIds.InvalidNameTemplate] = ErrorCategory.InvalidArgument,
        [Id(GatewayErrorKind.Unexpected)] = ErrorCategory.NotSpecified,

        [Id(GatewayErrorKind.JobIdMissing)] = ErrorCategory.InvalidArgument,
        [Id(GatewayErrorKind.ImageNumberMissing)] = ErrorCategory.InvalidArgument,
        [Id(GatewayErrorKind.InvalidImageNumber)] = ErrorCategory.InvalidArgument,
        [Id(GatewayErrorKind.TypeMissing)] = ErrorCategory.InvalidArgument,
        [Id(GatewayErrorKind.InvalidType)] = ErrorCategory.InvalidArgument,
        [Id(GatewayErrorKind.InvalidCallbackUrl)] = ErrorCategory.InvalidArgument,
        [Id(GatewayErrorKind.InvalidParameter)] = ErrorCategory.InvalidArgument,
        [Id(GatewayErrorKind.GenerationFailed)] = ErrorCategory.InvalidResult,
        [Id(GatewayErrorKind.ProviderUnavailable)] = ErrorCategory.ResourceUnavailable,
        [Id(GatewayErrorKind.TaskFailed)] = ErrorCategory.InvalidResult,
        // What must change is the content, not the rights of the key.
        [Id(GatewayErrorKind.ContentRefused)] = ErrorCategory.InvalidData,
        [Id(GatewayErrorKind.GatewayRefused)] = ErrorCategory.InvalidOperation,
        [Id(GatewayErrorKind.Unauthorized)] = ErrorCategory.AuthenticationError,
        [Id(GatewayErrorKind.InsufficientBalance)] = ErrorCategory.QuotaExceeded,
        [Id(GatewayErrorKind.Forbidden)] = ErrorCategory.PermissionDenied,
        [Id(GatewayErrorKind.ProxyAuthenticationRequired)] = ErrorCategory.AuthenticationError,
        [Id(GatewayErrorKind.TaskNotFound)] = ErrorCategory.ObjectNotFound,
        [Id(GatewayErrorKind.EndpointNotFound)] = ErrorCategory.ObjectNotFound,
        [Id(GatewayErrorKind.RateLimited)] = ErrorCategory.LimitsExceeded,
        [Id(GatewayErrorKind.ServerError)] = ErrorCategory.ResourceUnavailable,
        [Id(GatewayErrorKind.ConnectionFailed)] = ErrorCategory.ConnectionError,
        [Id(GatewayErrorKind.RequestTimedOut)] = ErrorCategory.OperationTimeout,
        [Id(GatewayErrorKind.InvalidResponse)] = ErrorCategory.InvalidData,
        [Id(GatewayErrorKind.JournalUnavailable)] = ErrorCategory.ResourceUnavailable,
        [Id(GatewayErrorKind.DownloadFailed)] = ErrorCategory.ConnectionError,
        [Id(GatewayErrorKind.OutputGone)] = ErrorCategory.ObjectNotFound,
        [Id(GatewayErrorKind.InvalidOutput)] = ErrorCategory.InvalidData,
        [Id(GatewayErrorKind.FileNotWritten)] = ErrorCategory.WriteError,
        [Id(GatewayErrorKind.UnexpectedRedirect)] = ErrorCategory.SecurityError,
        [Id(GatewayErrorKind.SubmitOutcomeUnknown)] = ErrorCategory.OperationStopped,
        [Id(GatewayErrorKind.WaitTimeout)] = ErrorCategory.OperationTimeout,
    };

    public static ErrorRecord Record(Exception exception, object? target)
    {
        var id = exception switch
        {
            CommandException command => command.ErrorId,
            GatewayException gateway => ErrorIds.Of(gateway.Kind),
            _ => Id(GatewayErrorKind.Unexpected),
        };
        var advice = exception switch
        {
            // A read that fails must never lead anybody to submit, and pay, again.
            GatewayException { IsRead: true, Kind: not (GatewayErrorKind.Unauthorized or GatewayErrorKind.ProxyAuthenticationRequired or GatewayErrorKind.TaskNotFound or GatewayErrorKind.UnexpectedRedirect) } => CommandMessages.ReadAdvice(),
            // The create itself was refused: there is no task, and nothing to force.
            GatewayException { Kind: GatewayErrorKind.ContentRefused, HttpStatus: not null } => AdviceOf(Id(GatewayErrorKind.GatewayRefused)),
            GatewayException { ProbableTaskId: not null } => CommandMessages.ProbableTaskAdvice(),
            CommandException { Advice: { } own } => own,
            _ => AdviceOf(id),
        };
        return new ErrorRecord(exception, id, Categories[id], target)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = advice },
        };
    }

    /// <summary>A record without the key; the same one where it is not in it.</summary>
    public static ErrorRecord Redacted(ErrorRecord record, KeyGuard keys)
    {
        var (exception, target) = (Redacted(record.Exception, keys), keys.Hide(record.TargetObject));
        return ReferenceEquals(exception, record.Exception) && ReferenceEquals(target, record.TargetObject) ? record : Record(exception, target);
    }

    private static Exception Redacted(Exception exception, KeyGuard keys)
    {
        var isClean = true;
        for (var inner = exception; inner is not null; inner = inner.InnerException) isClean &= keys.Redact(inner.Message) == inner.Message;
        if (isClean) return exception;
        var message = keys.Redact(exception.Message);
        return exception switch
        {
            GatewayException e => new GatewayException(e.Kind, message)
            {
                Error = e.Error,
                HttpStatus = e.HttpStatus,
                RetryAfter = e.RetryAfter,
                IsTransient = e.IsTransient,
                IsRead = e.IsRead,
                ProbableTaskId = e.ProbableTaskId,
                SubmissionId = e.SubmissionId,
            },
            CommandException e => new CommandException(e.ErrorId, message) { Advice = e.Advice },
            _ => new CommandException(Id(GatewayErrorKind.Unexpected), message),
        };
    }

    /// <summary>The way out of an error.</summary>
    public static string AdviceOf(string id) => CommandMessages.Advice(id);

    private static string Id(GatewayErrorKind kind) => ErrorIds.Of(kind);
}

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
