using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>The outcome of a read: the task, a transient fault, or a final error.</summary>
internal static class ReadOutcome
{
    /// <exception cref="GatewayException">The response is not the task.</exception>
    public static MJTask Of(GatewayResponse response, string id, GatewayOptions options, MJOrigin? origin = null)
    {
        if (response.IsSuccess) return OfSuccess(response, id, origin);
        var error = ErrorReader.Read(response.Body, response.ContentType, response.Key, response.BodyFault is not null);
        var status = response.Status;
        var cause = ClientMessages.HttpStatus(status, error);
        var kind = status == 404 ? GatewayErrorKind.TaskNotFound : KindOf(status, error);
        var message = status switch
        {
            < 400 => ClientMessages.Redirected(options.BaseUri, response.ShownLocation),
            407 => ClientMessages.ReadFailed(id, ClientMessages.ProxyRefused(), origin),
            404 => ClientMessages.TaskNotFound(id, error, origin),
            _ => ClientMessages.ReadFailed(id, cause, origin),
        };
        if (kind == GatewayErrorKind.Unauthorized) message = ClientMessages.ReadUnauthorized(id, options.KeySource, cause);
        throw new GatewayException(kind, message)
        { HttpStatus = status, Error = status == 407 ? null : error, RetryAfter = response.RetryAfter, IsTransient = response.IsTransient, IsRead = true };
    }

    /// <summary>The kind of error of a read that failed, of a task or of anything else.</summary>
    public static GatewayErrorKind KindOf(int status, MJError? error) => status switch
    {
        < 400 => GatewayErrorKind.UnexpectedRedirect,
        407 => GatewayErrorKind.ProxyAuthenticationRequired,
        429 => GatewayErrorKind.RateLimited,
        408 => GatewayErrorKind.RequestTimedOut,
        >= 500 => GatewayErrorKind.ServerError,
        _ => ErrorKinds.Of(status, error),
    };

    private static MJTask OfSuccess(GatewayResponse response, string id, MJOrigin? origin)
    {
        if (response.BodyFault is { } broken)
            throw Invalid(id, origin, ClientMessages.ResponseCutOff(broken), response.Status, null, broken);
        var requestedId = response.Key.RedactFunctional(id);
        if (!TaskReader.TryParse(response.Body, response.Key, requestedId, out var wire))
            throw Invalid(id, origin, ClientMessages.WithoutJson(response.Status), response.Status, null);
        if (wire.HasInvalidId || !TaskReader.IsTask(wire))
            throw Invalid(id, origin, ClientMessages.WithoutTask(response.Status, ErrorReader.Read(wire)), response.Status, ErrorReader.Read(wire));
        if (wire.Id is { } given && given != requestedId && given != WireId.Escape(requestedId))
            throw Invalid(id, origin, ClientMessages.WithOtherTask(response.Status, given), response.Status, ErrorReader.Read(wire));
        return TaskReader.Read(wire, id);
    }

    private static GatewayException Invalid(string id, MJOrigin? origin, string cause, int status, MJError? error, Exception? inner = null) =>
        new(GatewayErrorKind.InvalidResponse, ClientMessages.ReadFailed(id, cause, origin), inner) { HttpStatus = status, Error = error, IsTransient = true, IsRead = true };
}
