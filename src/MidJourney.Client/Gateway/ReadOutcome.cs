using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>The outcome of a read: the task, a transient fault, or a final error.</summary>
internal static class ReadOutcome
{
    /// <exception cref="GatewayException">The response is not the task.</exception>
    public static MJTask Of(GatewayResponse response, string id, Uri baseUri)
    {
        if (response.IsSuccess) return OfSuccess(response, id);
        var error = ErrorReader.Read(response.Body, response.ContentType, response.Key, response.BodyFault is not null);
        var status = response.Status;
        var cause = Messages.Answered(status, error);
        var (kind, message) = status switch
        {
            < 400 => (GatewayErrorKind.UnexpectedRedirect, Messages.Redirected(baseUri, response)),
            407 => (GatewayErrorKind.ProxyAuthenticationRequired, Messages.ReadFailed(id, Messages.ProxyRefused())),
            404 => (GatewayErrorKind.TaskNotFound, Messages.TaskNotFound(id, error)),
            429 => (GatewayErrorKind.RateLimited, Messages.ReadFailed(id, cause)),
            408 => (GatewayErrorKind.RequestTimedOut, Messages.ReadFailed(id, cause)),
            >= 500 => (GatewayErrorKind.ServerError, Messages.ReadFailed(id, cause)),
            _ => (ErrorKinds.Of(status, error), Messages.ReadFailed(id, cause)),
        };
        throw new GatewayException(kind, message)
        { HttpStatus = status, Error = status == 407 ? null : error, RetryAfter = response.RetryAfter, IsTransient = response.IsTransient, IsRead = true };
    }

    private static MJTask OfSuccess(GatewayResponse response, string id)
    {
        if (response.BodyFault is { } broken)
            throw Invalid(id, Messages.CutOff(broken), response.Status, null, broken);
        var wanted = response.Key.RedactNeeded(id);
        if (!TaskReader.TryParse(response.Body, response.Key, wanted, out var wire))
            throw Invalid(id, Messages.WithoutJson(response.Status), response.Status, null);
        if (wire.HasOddId || !TaskReader.IsTask(wire))
            throw Invalid(id, Messages.WithoutTask(response.Status, ErrorReader.Read(wire)), response.Status, ErrorReader.Read(wire));
        if (wire.Id is { } given && given != wanted && given != WireId.Shown(wanted))
            throw Invalid(id, Messages.OtherTask(response.Status, given), response.Status, ErrorReader.Read(wire));
        return TaskReader.Read(wire, id);
    }

    private static GatewayException Invalid(string id, string cause, int status, MJError? error, Exception? inner = null) =>
        new(GatewayErrorKind.InvalidResponse, Messages.ReadFailed(id, cause), inner) { HttpStatus = status, Error = error, IsTransient = true, IsRead = true };
}
