using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>What an answer to a read means: the task, a fault that may pass, or the end of asking.</summary>
internal static class ReadOutcome
{
    /// <exception cref="GatewayException">It is not the task.</exception>
    public static MJTask Of(GatewayResponse answer, string id, Uri baseUri)
    {
        if (answer.IsSuccess) return OfSuccess(answer, id);
        var error = ErrorReader.Read(answer.Body, answer.ContentType, answer.Key, answer.BodyFault is not null);
        var status = answer.Status;
        var cause = Messages.Answered(status, error);
        var (kind, message) = status switch
        {
            < 400 => (GatewayErrorKind.UnexpectedRedirect, Messages.Redirected(baseUri, answer)),
            407 => (GatewayErrorKind.ProxyAuthenticationRequired, Messages.ReadFailed(id, Messages.ProxyRefused())),
            404 => (GatewayErrorKind.TaskNotFound, Messages.TaskNotFound(id, error)),
            429 => (GatewayErrorKind.RateLimited, Messages.ReadFailed(id, cause)),
            408 => (GatewayErrorKind.RequestTimedOut, Messages.ReadFailed(id, cause)),
            >= 500 => (GatewayErrorKind.ServerError, Messages.ReadFailed(id, cause)),
            _ => (ErrorKinds.Of(status, error), Messages.ReadFailed(id, cause)),
        };
        throw new GatewayException(kind, message)
        { HttpStatus = status, Error = status == 407 ? null : error, RetryAfter = answer.RetryAfter, IsTransient = answer.IsTransient, IsRead = true };
    }

    private static MJTask OfSuccess(GatewayResponse answer, string id)
    {
        if (answer.BodyFault is { } broken)
            throw Invalid(id, Messages.CutOff(broken), answer.Status, null, broken);
        var wanted = answer.Key.RedactFunctional(id);
        if (!TaskReader.TryParse(answer.Body, answer.Key, wanted, out var wire))
            throw Invalid(id, Messages.WithoutJson(answer.Status), answer.Status, null);
        if (wire.HasInvalidId || !TaskReader.IsTask(wire))
            throw Invalid(id, Messages.WithoutTask(answer.Status, ErrorReader.Read(wire)), answer.Status, ErrorReader.Read(wire));
        if (wire.Id is { } given && given != wanted && given != WireId.Escape(wanted))
            throw Invalid(id, Messages.OtherTask(answer.Status, given), answer.Status, ErrorReader.Read(wire));
        return TaskReader.Read(wire, id);
    }

    private static GatewayException Invalid(string id, string cause, int status, MJError? error, Exception? inner = null) =>
        new(GatewayErrorKind.InvalidResponse, Messages.ReadFailed(id, cause), inner) { HttpStatus = status, Error = error, IsTransient = true, IsRead = true };
}
