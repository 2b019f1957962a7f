using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>The outcome of one attempt to create a task: created, certainly not created, or unknown. Only this class decides it.</summary>
internal sealed class CreateOutcome
{
    private CreateOutcome(MJTask? task, GatewayException? error, bool mayRetry) => (Task, Error, MayRetry) = (task, error, mayRetry);

    /// <summary>The task, if it was created.</summary>
    public MJTask? Task { get; }

    /// <summary>Otherwise why not, or that the outcome is unknown.</summary>
    public GatewayException? Error { get; }

    /// <summary>It certainly was not created, for a reason that may pass.</summary>
    public bool MayRetry { get; }

    /// <summary>It was not sent: the journal has a newer entry for the same work.</summary>
    public static CreateOutcome NotClaimed { get; } = new(null, null, false);

    public static CreateOutcome Of(MJSubmission submission, GatewayResponse response, GatewayOptions options)
    {
        var (located, isHere) = GatewayUris.TaskAt(response.Location, options.BaseUri, response.Key);
        if (response.IsSuccess) return OfSuccess(submission, response, located, options);
        var status = response.Status;
        // With 303 a server says where the result of an accepted request is; some use 301 and 302 for that. 307 and 308 mean that it was not accepted.
        if (status is 301 or 302 or 303 && isHere && located is not null) return Created(submission, new MJTask { Id = located, Status = MJTaskStatus.Pending });
        var error = ErrorReader.Read(response.Body, response.ContentType, response.Key, response.BodyFault is not null);
        // A proxy creates no tasks.
        var evidence = status == 407 ? null : PartialResponse.FindIdInPlace(response.Body, response.Key) ?? (status is 307 or 308 ? null : located);
        var mayBeAccepted = status is >= 500 or 408 or < 200 || (status is >= 300 and < 400 and not (307 or 308) && (isHere || status is not (301 or 302)));
        // A response that names a task is never a refusal.
        if (mayBeAccepted || evidence is not null) return Unknown(submission, ClientMessages.HttpStatus(status, error), status, error, evidence);
        if (response.IsThrottled)
            return Failed(new GatewayException(GatewayErrorKind.RateLimited, ClientMessages.HttpStatus(status, error))
            { HttpStatus = status, Error = error, RetryAfter = response.RetryAfter }, mayRetry: true);
        var (kind, message) = status switch
        {
            < 400 => (GatewayErrorKind.UnexpectedRedirect, ClientMessages.Redirected(options.BaseUri, response.ShownLocation)),
            407 => (GatewayErrorKind.ProxyAuthenticationRequired, ClientMessages.NotSubmitted(submission, ClientMessages.ProxyRefused())),
            404 when (ErrorKinds.KindOf(error) ?? ErrorKinds.OfWords(error)) is null => (GatewayErrorKind.EndpointNotFound, ClientMessages.Refused(submission, status, error)),
            _ => Refused(submission, status, error, options),
        };
        return Failed(new GatewayException(kind, message) { HttpStatus = status, Error = status == 407 ? null : error });
    }

    /// <param name="submission">What was to be created.</param>
    /// <param name="fault">How the transport failed.</param>
    /// <param name="wasStarted">Whether any of the body may have been sent.</param>
    /// <param name="baseUri">The gateway.</param>
    public static CreateOutcome OfNoResponse(MJSubmission submission, TransportException fault, bool wasStarted, Uri baseUri) =>
        // The tunnel was never opened, whatever the framework did with the body.
        fault.IsProxyRefusal ? Failed(new GatewayException(GatewayErrorKind.ProxyAuthenticationRequired, ClientMessages.NotSubmitted(submission, fault.Message)))
        : wasStarted
        ? Unknown(submission, fault.Message, null, null, inner: fault.InnerException)
        : Failed(new GatewayException(GatewayErrorKind.ConnectionFailed, ClientMessages.NotConnected(submission, baseUri, fault.Message), fault.InnerException) { IsUntrusted = fault.IsUntrusted }, mayRetry: true);

    /// <summary>The create was sent, but its response could not be processed.</summary>
    public static CreateOutcome OfFault(MJSubmission submission, Exception fault) => Unknown(submission, ClientMessages.ResponseNotProcessed(fault), null, null, inner: fault);

    /// <summary>The response names the task of another create: whose it is, and whether there are two, is unknown.</summary>
    public static CreateOutcome OfTaskIdInUse(MJSubmission submission, MJTask task) => Unknown(submission, ClientMessages.TaskIdInUse(task.Id), null, null);

    private static (GatewayErrorKind Kind, string Message) Refused(MJSubmission submission, int status, MJError? error, GatewayOptions options)
    {
        var kind = ErrorKinds.Of(status, error);
        return (kind, kind switch
        {
            GatewayErrorKind.Unauthorized => ClientMessages.CreateUnauthorized(submission, options.KeySource, status, error),
            GatewayErrorKind.ContentRefused => ClientMessages.ContentRefused(submission, status, error),
            _ => ClientMessages.Refused(submission, status, error),
        });
    }

    private static CreateOutcome OfSuccess(MJSubmission submission, GatewayResponse response, string? located, GatewayOptions options)
    {
        var status = response.Status;
        if (response.BodyFault is { } broken)
            return Unknown(submission, ClientMessages.ResponseCutOff(broken), status, null, PartialResponse.FindId(response.Body, response.Key) ?? located, broken);
        var isJson = TaskReader.TryParse(response.Body, response.Key, located, out var wire);
        if (wire?.Id is { } id) return Created(submission, TaskReader.Read(wire, id));
        if (located is not null) return Created(submission, new MJTask { Id = located, Status = MJTaskStatus.Pending });
        if (!isJson) return Unknown(submission, ClientMessages.NotATask(ClientMessages.WithoutJson(status)).TrimEnd('.'), status, null, PartialResponse.FindId(response.Body, response.Key));
        if (!wire!.HasInvalidId && ErrorReader.ReadClear(wire) is { } error)
        {
            var (kind, message) = Refused(submission, status, error, options);
            return Failed(new GatewayException(kind, message) { HttpStatus = status, Error = error });
        }
        return Unknown(submission, ClientMessages.NotATask(ClientMessages.WithoutIdOrError(status)).TrimEnd('.'), status, null, PartialResponse.FindId(response.Body, response.Key));
    }

    private static CreateOutcome Created(MJSubmission submission, MJTask task)
    {
        // The response to a create never contains the result, so a status of success is about the create.
        if (task is { Status: MJTaskStatus.Completed, Url: null }) task = task with { Status = MJTaskStatus.Pending, RawStatus = null, Progress = null };
        return new CreateOutcome(task with { Origin = submission.Origin }, null, false);
    }

    private static CreateOutcome Failed(GatewayException error, bool mayRetry = false) => new(null, error, mayRetry);

    private static CreateOutcome Unknown(MJSubmission submission, string cause, int? status, MJError? error, string? probableId = null, Exception? inner = null) =>
        Failed(new GatewayException(GatewayErrorKind.SubmitOutcomeUnknown, ClientMessages.OutcomeUnknown(submission, cause, probableId), inner)
        { HttpStatus = status, Error = error, ProbableTaskId = probableId });
}
