namespace MidJourney;

/// <summary>What became of one try to create a task: made, certainly not made, or nobody knows (design: money first).</summary>
internal sealed class CreateVerdict
{
    private CreateVerdict(MJTask? task, GatewayException? error, bool mayRepeat) => (Task, Error, MayRepeat) = (task, error, mayRepeat);

    /// <summary>The task, if it was made.</summary>
    public MJTask? Task { get; }

    /// <summary>Otherwise, why not, or that it is not known.</summary>
    public GatewayException? Error { get; }

    /// <summary>It certainly was not made, for a reason that may pass.</summary>
    public bool MayRepeat { get; }

    /// <summary>It need not be made: it is there.</summary>
    public static CreateVerdict Known(MJTask task) => new(task, null, false);

    /// <summary>The verdict when an answer came.</summary>
    public static CreateVerdict Of(MJSubmission submission, HttpAnswer answer, Uri baseUri)
    {
        if (answer.IsSuccess) return OfSuccess(submission, answer);
        var error = ErrorReader.Read(answer.Body, answer.ContentType);
        var status = answer.Status;
        if (answer.IsPutOff)
            return Failed(new GatewayException(GatewayErrorKind.RateLimited, Messages.Answered(status, error))
            { HttpStatus = status, Error = error, RetryAfter = answer.RetryAfter }, mayRepeat: true);
        // 303 is how a server says where the result of a request is that it has taken; 101 says nothing of it.
        if (status is >= 500 or 408 or 303 or < 200) return Unknown(submission, Messages.Answered(status, error), status, error);
        var (kind, message) = status switch
        {
            < 400 => (GatewayErrorKind.UnexpectedRedirect, Messages.Redirected(baseUri, answer.Location)),
            401 => (GatewayErrorKind.Unauthorized, Messages.CreateUnauthorized(submission, error)),
            407 => (GatewayErrorKind.ProxyAuthenticationRequired, Messages.NotSent(submission, Messages.ProxyRefused())),
            404 => (GatewayCode.KindOf(error) ?? GatewayErrorKind.EndpointNotFound, Messages.Refused(submission, status, error)),
            _ => (RefusalKind.Of(status, error), Messages.Refused(submission, status, error)),
        };
        return Failed(new GatewayException(kind, message) { HttpStatus = status, Error = status == 407 ? null : error });
    }

    /// <summary>The verdict when none came.</summary>
    /// <param name="submission">What was to be made.</param>
    /// <param name="fault">How the transport failed.</param>
    /// <param name="wasStarted">Whether any of the body may have left.</param>
    /// <param name="baseUri">The gateway.</param>
    public static CreateVerdict OfNoAnswer(MJSubmission submission, TransportException fault, bool wasStarted, Uri baseUri) =>
        // Such a tunnel was never made, whatever the framework did with the body.
        fault.IsProxyRefusal ? Failed(new GatewayException(GatewayErrorKind.ProxyAuthenticationRequired, Messages.NotSent(submission, fault.Message)))
        : wasStarted
        ? Unknown(submission, fault.Message, null, null, inner: fault.InnerException)
        : Failed(new GatewayException(GatewayErrorKind.ConnectionFailed, Messages.NotConnected(submission, baseUri, fault.Message), fault.InnerException), mayRepeat: true);

    private static CreateVerdict OfSuccess(MJSubmission submission, HttpAnswer answer)
    {
        var status = answer.Status;
        if (answer.BodyFault is { } broken)
            return Unknown(submission, Messages.CutOff(broken), status, null, TornAnswer.FindId(answer.Body.Span), broken);
        if (!TaskReader.TryParse(answer.Body, out var wire))
            return Unknown(submission, Messages.NotATask(Messages.WithoutJson(status)).TrimEnd('.'), status, null, TornAnswer.FindId(answer.Body.Span));
        if (TaskReader.IdOf(wire) is { } id)
            return new CreateVerdict(TaskReader.Read(wire, id, answer.Body) with
            {
                Model = submission.Model,
                SourceJobId = submission.SourceJobId,
                SourceImageNo = submission.SourceImageNo,
                UpscaleType = submission.UpscaleType,
                Prompt = submission.Prompt,
                SourceTaskId = submission.SourceTaskId,
                SourcePrompt = submission.SourcePrompt,
            }, null, false);
        if (ErrorReader.Read(wire) is { } error)
            return Failed(new GatewayException(GatewayCode.KindOf(error) ?? GatewayErrorKind.GatewayRefused, Messages.Refused(submission, status, error))
            { HttpStatus = status, Error = error });
        return Unknown(submission, Messages.NotATask(Messages.WithoutIdOrError(status)).TrimEnd('.'), status, null);
    }

    private static CreateVerdict Failed(GatewayException error, bool mayRepeat = false) => new(null, error, mayRepeat);

    private static CreateVerdict Unknown(MJSubmission submission, string cause, int? status, MJError? error, string? probableId = null, Exception? inner = null) =>
        Failed(new GatewayException(GatewayErrorKind.SubmitOutcomeUnknown, Messages.OutcomeUnknown(submission, cause, probableId), inner)
        { HttpStatus = status, Error = error, ProbableTaskId = probableId });
}
