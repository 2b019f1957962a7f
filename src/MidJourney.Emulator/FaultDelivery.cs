using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;

namespace MidJourney.Emulator;

/// <summary>Answers as a fault says.</summary>
internal sealed class FaultDelivery(GatewayEmulator emulator)
{
    // A reset overtakes what the client has not read yet, so that gets time to arrive.
    private static readonly TimeSpan BeforeReset = TimeSpan.FromMilliseconds(20);

    /// <summary>The faults that keep the request from taking effect.</summary>
    public async Task AnswerInsteadAsync(Exchange exchange, Fault fault)
    {
        var response = exchange.Http.Response;
        switch (fault.Kind)
        {
            case FaultKind.Stall:
                await Task.Delay(Timeout.Infinite, exchange.Aborted);
                break;
            case FaultKind.CutBefore:
                await CutAsync(exchange, fault);
                break;
            case FaultKind.NoId:
                await WithoutId(exchange, fault).ExecuteAsync(exchange.Http);
                break;
            case FaultKind.Redirect:
                response.Headers.Location = fault.Location;
                response.StatusCode = fault.Status ?? 302;
                break;
            default:
                response.Headers.RetryAfter = fault.RetryAfter ?? DateText(fault.RetryAfterDate);
                await ErrorOf(fault).ExecuteAsync(exchange.Http);
                if (fault.Kind == FaultKind.HugeBody)
                    Pad(exchange, fault.Bytes);
                break;
        }
    }

    /// <summary>The faults that spoil an answer.</summary>
    public async Task SpoilAsync(Exchange exchange, Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.CutAfter:
                await CutAsync(exchange, fault);
                break;
            case FaultKind.HalfBody:
                await exchange.SendHalfAsync();
                await Task.Delay(BeforeReset, exchange.Aborted);
                await CutAsync(exchange, fault);
                break;
            case FaultKind.SlowDrip:
                await exchange.SendSlowlyAsync(fault.Delay, emulator.Settings.TimeProvider);
                break;
            case FaultKind.NotJson:
                exchange.Answer.SetLength(0);
                await ErrorBody.Of(fault.Status ?? 200, BodyStyle.Html, null, fault.Message).ExecuteAsync(exchange.Http);
                break;
            case FaultKind.HugeBody:
                Pad(exchange, fault.Bytes);
                break;
        }
    }

    private static IResult ErrorOf(Fault fault) => fault.Text is { } text
        ? Results.Text(text, fault.ContentType, statusCode: fault.Status ?? 500)
        : ErrorBody.Of(fault.Status ?? 500, fault.Body, fault.Code, fault.Message);

    private static IResult WithoutId(Exchange exchange, Fault fault)
    {
        var json = new JsonObject();
        if (exchange.Create?.Model is { } model)
            json["model"] = model.Name;
        if (fault.Code is not null || fault.Message is not null)
            json["error"] = ErrorBody.Fields(fault.Code, fault.Message, fault.Body == BodyStyle.ErrorMessage);
        return Results.Text(json.ToJsonString(), "application/json", statusCode: fault.Status ?? 200);
    }

    private string? DateText(TimeSpan? fromNow) => fromNow is { } time ? (emulator.Now + time).ToString("R", CultureInfo.InvariantCulture) : null;

    /// <summary>White space before the last brace keeps JSON valid.</summary>
    private static void Pad(Exchange exchange, int length)
    {
        byte[] body = exchange.Answer.ToArray();
        if (length <= body.Length || body.Length == 0)
            return;
        byte[] padded = new byte[length];
        padded.AsSpan().Fill((byte)' ');
        body.AsSpan(..^1).CopyTo(padded);
        padded[^1] = body[^1];
        exchange.Replace(padded);
    }

    private static async Task CutAsync(Exchange exchange, Fault fault)
    {
        exchange.IsCut = true;
        if (fault.Orderly && exchange.Http.Features.Get<IConnectionSocketFeature>() is { } connection)
        {
            connection.Socket.Shutdown(SocketShutdown.Send);
            await Task.Delay(BeforeReset, exchange.Aborted);
        }
        exchange.Http.Abort();
    }
}
