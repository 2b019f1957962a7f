using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>What became of one try to create a task: made, certainly not made, or nobody knows (design: money first).</summary>
internal sealed class CreateOutcome
{
    private CreateOutcome(MJTask? task, GatewayException? error, bool mayRepeat) => (Task, Error, MayRepeat) = (task, error, mayRepeat);

    /// <summary>The task, if it was made.</summary>
    public MJTask? Task { get; }

    /// <summary>Otherwise, why not, or that it is not known.</summary>
    public GatewayException? Error { get; }

    /// <summary>It certainly was not made, for a reason that may pass.</summary>
    public bool MayRepeat { get; }

    /// <summary>It was not sent: the journal has something new to find.</summary>
    public static CreateOutcome NotClaimed { get; } = new(null, null, false);

    /// <summary>The verdict when an answer came.</summary>
    public static CreateOutcome Of(MJSubmission submission, GatewayResponse answer, Uri baseUri)
    {
        var (located, isHere) = GatewayUris.TaskAt(answer.Location, baseUri, answer.Key);
        if (answer.IsSuccess) return OfSuccess(submission, answer, located);
        var status = answer.Status;
        // 303 is how a server says where the result of a request is that it has taken, and so are 301 and 302 to some; 307 and 308 say that it has not.
        if (status is 301 or 302 or 303 && isHere && located is not null) return Made(submission, new MJTask { Id = located, Status = MJTaskStatus.Pending });
        var error = ErrorReader.Read(answer.Body, answer.ContentType, answer.Key, answer.BodyFault is not null);
        // A proxy makes no tasks.
        var evidence = status == 407 ? null : PartialResponse.FindIdInPlace(answer.Body, answer.Key) ?? (status is 307 or 308 ? null : located);
        var mayBeTaken = status is >= 500 or 408 or < 200 || (status is >= 300 and < 400 and not (307 or 308) && (isHere || status is not (301 or 302)));
        // Nothing that names a task is a refusal.
        if (mayBeTaken || evidence is not null) return Unknown(submission, ClientMessages.HttpStatus(status, error), status, error, evidence);
        if (answer.IsThrottled)
            return Failed(new GatewayException(GatewayErrorKind.RateLimited, ClientMessages.HttpStatus(status, error))
            { HttpStatus = status, Error = error, RetryAfter = answer.RetryAfter }, mayRepeat: true);
        var (kind, message) = status switch
        {
            < 400 => (GatewayErrorKind.UnexpectedRedirect, ClientMessages.Redirected(baseUri, answer.ShownLocation)),
            401 => (GatewayErrorKind.Unauthorized, ClientMessages.CreateUnauthorized(submission, error)),
            407 => (GatewayErrorKind.ProxyAuthenticationRequired, ClientMessages.NotSubmitted(submission, ClientMessages.ProxyRefused())),
            404 => (ErrorKinds.KindOf(error) ?? GatewayErrorKind.EndpointNotFound, ClientMessages.Refused(submission, status, error)),
            _ => (ErrorKinds.Of(status, error), ClientMessages.Refused(submission, status, error)),
        };
        return Failed(new GatewayException(kind, message) { HttpStatus = status, Error = status == 407 ? null : error });
    }

    /// <summary>The verdict when none came.</summary>
    /// <param name="submission">What was to be made.</param>
    /// <param name="fault">How the transport failed.</param>
    /// <param name="wasStarted">Whether any of the body may have left.</param>
    /// <param name="baseUri">The gateway.</param>
    public static CreateOutcome OfNoResponse(MJSubmission submission, TransportException fault, bool wasStarted, Uri baseUri) =>
        // Such a tunnel was never made, whatever the framework did with the body.
        fault.IsProxyRefusal ? Failed(new GatewayException(GatewayErrorKind.ProxyAuthenticationRequired, ClientMessages.NotSubmitted(submission, fault.Message)))
        : wasStarted
        ? Unknown(submission, fault.Message, null, null, inner: fault.InnerException)
        : Failed(new GatewayException(GatewayErrorKind.ConnectionFailed, ClientMessages.NotConnected(submission, baseUri, fault.Message), fault.InnerException), mayRepeat: true);

    /// <summary>The verdict when the answer names a task that another create has been answered with: whose it is, and whether there are two, cannot be told.</summary>
    public static CreateOutcome OfTaskIdInUse(MJSubmission submission, MJTask task) => Unknown(submission, ClientMessages.TaskIdInUse(task.Id), null, null);

    private static CreateOutcome OfSuccess(MJSubmission submission, GatewayResponse answer, string? located)
    {
        var status = answer.Status;
        if (answer.BodyFault is { } broken)
            return Unknown(submission, ClientMessages.ResponseCutOff(broken), status, null, PartialResponse.FindId(answer.Body, answer.Key) ?? located, broken);
        var isJson = TaskReader.TryParse(answer.Body, answer.Key, located, out var wire);
        if (wire?.Id is { } id) return Made(submission, TaskReader.Read(wire, id));
        if (located is not null) return Made(submission, new MJTask { Id = located, Status = MJTaskStatus.Pending });
        if (!isJson) return Unknown(submission, ClientMessages.NotATask(ClientMessages.WithoutJson(status)).TrimEnd('.'), status, null, PartialResponse.FindId(answer.Body, answer.Key));
        if (!wire!.HasOddId && ErrorReader.ReadClear(wire) is { } error)
            return Failed(new GatewayException(ErrorKinds.Of(status, error), ClientMessages.Refused(submission, status, error)) { HttpStatus = status, Error = error });
        return Unknown(submission, ClientMessages.NotATask(ClientMessages.WithoutIdOrError(status)).TrimEnd('.'), status, null, PartialResponse.FindId(answer.Body, answer.Key));
    }

    private static CreateOutcome Made(MJSubmission submission, MJTask task)
    {
        // The answer to a create never holds the result, so that a word for success is about the create.
        if (task is { Status: MJTaskStatus.Completed, Url: null }) task = task with { Status = MJTaskStatus.Pending, RawStatus = null, Progress = null };
        return new CreateOutcome(task with
        {
            Model = submission.Model,
            SourceJobId = submission.SourceJobId,
            SourceImageNo = submission.SourceImageNo,
            UpscaleType = submission.UpscaleType,
            Prompt = submission.Prompt,
            SourceTaskId = submission.SourceTaskId,
            SourcePrompt = submission.SourcePrompt,
        }, null, false);
    }

    private static CreateOutcome Failed(GatewayException error, bool mayRepeat = false) => new(null, error, mayRepeat);

    private static CreateOutcome Unknown(MJSubmission submission, string cause, int? status, MJError? error, string? probableId = null, Exception? inner = null) =>
        Failed(new GatewayException(GatewayErrorKind.SubmitOutcomeUnknown, ClientMessages.OutcomeUnknown(submission, cause, probableId), inner)
        { HttpStatus = status, Error = error, ProbableTaskId = probableId });
}
