using MidJourney.Json;
using MidJourney.Pricing;

namespace MidJourney.Gateway;

/// <summary>The outcome of reading a page of the bill: the page, that there is no bill, a transient fault, or a final error.</summary>
internal static class BillOutcome
{
    /// <exception cref="GatewayException">The gateway refuses the read, or cannot answer it now.</exception>
    public static BillPage Of(GatewayResponse response, GatewayOptions options)
    {
        var status = response.Status;
        if (response is { IsSuccess: true, BodyFault: { } broken })
        {
            throw new GatewayException(GatewayErrorKind.InvalidResponse, ClientMessages.BillNotRead(ClientMessages.ResponseCutOff(broken)), broken)
            { HttpStatus = status, IsTransient = true };
        }
        // Amounts beside an error are none: a bill of 0 would look as if nothing had been billed.
        var isError = TaskReader.TryParse(response.Body, response.Key, null, out var wire) && ErrorReader.ReadClear(wire) is not null;
        if (response.IsSuccess && !isError && BillPage.TryRead(response.Body, response.Key) is { } page) return page;
        var error = ErrorReader.Read(response.Body, response.ContentType, response.Key, response.BodyFault is not null);
        // Whether this gateway has a bill is not documented.
        if (response.IsSuccess || status is 404 or 405 or 501) return new BillPage { NotOffered = ClientMessages.WithoutBill(status, error) };
        var cause = ClientMessages.HttpStatus(status, error);
        var kind = ReadOutcome.KindOf(status, error);
        var message = status switch
        {
            < 400 => ClientMessages.Redirected(options.BaseUri, response.ShownLocation),
            407 => ClientMessages.BillNotRead(ClientMessages.ProxyRefused()),
            _ => ClientMessages.BillNotRead(cause),
        };
        if (kind == GatewayErrorKind.Unauthorized) message = ClientMessages.BillUnauthorized(options.KeySource, cause);
        throw new GatewayException(kind, message)
        { HttpStatus = status, Error = status == 407 ? null : error, RetryAfter = response.RetryAfter, IsTransient = response.IsTransient };
    }
}
