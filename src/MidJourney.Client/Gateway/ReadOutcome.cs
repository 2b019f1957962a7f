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
        var cause = ClientMessages.HttpStatus(status, error);
        var (kind, message) = status switch
        {
            < 400 => (GatewayErrorKind.UnexpectedRedirect, ClientMessages.Redirected(baseUri, answer.ShownLocation)),
            407 => (GatewayErrorKind.ProxyAuthenticationRequired, ClientMessages.ReadFailed(id, ClientMessages.ProxyRefused())),
            404 => (GatewayErrorKind.TaskNotFound, ClientMessages.TaskNotFound(id, error)),
            429 => (GatewayErrorKind.RateLimited, ClientMessages.ReadFailed(id, cause)),
            408 => (GatewayErrorKind.RequestTimedOut, ClientMessages.ReadFailed(id, cause)),
            >= 500 => (GatewayErrorKind.ServerError, ClientMessages.ReadFailed(id, cause)),
            _ => (ErrorKinds.Of(status, error), ClientMessages.ReadFailed(id, cause)),
        };
        throw new GatewayException(kind, message)
        { HttpStatus = status, Error = status == 407 ? null : error, RetryAfter = answer.RetryAfter, IsTransient = answer.IsTransient, IsRead = true };
    }

    private static MJTask OfSuccess(GatewayResponse answer, string id)
    {
        if (answer.BodyFault is { } broken)
            throw Invalid(id, ClientMessages.ResponseCutOff(broken), answer.Status, null, broken);
        var wanted = answer.Key.RedactNeeded(id);
        if (!TaskReader.TryParse(answer.Body, answer.Key, wanted, out var wire))
            throw Invalid(id, ClientMessages.WithoutJson(answer.Status), answer.Status, null);
        if (wire.HasOddId || !TaskReader.IsTask(wire))
            throw Invalid(id, ClientMessages.WithoutTask(answer.Status, ErrorReader.Read(wire)), answer.Status, ErrorReader.Read(wire));
        if (wire.Id is { } given && given != wanted && given != WireId.Shown(wanted))
            throw Invalid(id, ClientMessages.WithOtherTask(answer.Status, given), answer.Status, ErrorReader.Read(wire));
        return TaskReader.Read(wire, id);
    }

    private static GatewayException Invalid(string id, string cause, int status, MJError? error, Exception? inner = null) =>
        new(GatewayErrorKind.InvalidResponse, ClientMessages.ReadFailed(id, cause), inner) { HttpStatus = status, Error = error, IsTransient = true, IsRead = true };
}
