using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;

namespace MidJourney.Emulator;

/// <summary>Answers as a fault says.</summary>
internal sealed class FaultDelivery(GatewayEmulator emulator)
{
    // A reset overtakes what the client has not read yet, so that gets time to arrive, also on a busy machine.
    private static readonly TimeSpan BeforeReset = TimeSpan.FromMilliseconds(100);

    /// <summary>The faults that keep the request from taking effect.</summary>
    public Task AnswerInsteadAsync(Exchange exchange, Fault fault) => fault.Kind switch
    {
        FaultKind.Stall => Task.Delay(Timeout.Infinite, exchange.Aborted),
        FaultKind.CutBefore => CutAsync(exchange, fault),
        FaultKind.NoId => WithoutId(exchange, fault).ExecuteAsync(exchange.Http),
        FaultKind.Redirect => RedirectAsync(exchange, fault),
        _ => FailAsync(exchange, fault),
    };

    /// <summary>The faults that spoil an answer.</summary>
    public Task SpoilAsync(Exchange exchange, Fault fault) => fault.Kind switch
    {
        FaultKind.CutAfter => CutAsync(exchange, fault),
        FaultKind.HalfBody => CutHalfwayAsync(exchange, fault),
        FaultKind.SlowDrip => exchange.SendSlowlyAsync(fault.Delay, emulator.Settings.TimeProvider),
        FaultKind.NotJson => ReplaceByPageAsync(exchange, fault),
        FaultKind.HugeBody => PadAsync(exchange, fault.Bytes),
        _ => Task.CompletedTask,
    };

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

    private static async Task CutHalfwayAsync(Exchange exchange, Fault fault)
    {
        await exchange.SendHalfAsync();
        await Task.Delay(BeforeReset, exchange.Aborted);
        await CutAsync(exchange, fault);
    }

    private static Task RedirectAsync(Exchange exchange, Fault fault)
    {
        exchange.Http.Response.Headers.Location = fault.Location;
        return Results.StatusCode(fault.Status ?? 302).ExecuteAsync(exchange.Http);
    }

    private static Task ReplaceByPageAsync(Exchange exchange, Fault fault)
    {
        exchange.Answer.SetLength(0);
        return ErrorBody.Of(fault.Status ?? 200, BodyStyle.Html, null, fault.Message).ExecuteAsync(exchange.Http);
    }

    private async Task FailAsync(Exchange exchange, Fault fault)
    {
        string? date = fault.RetryAfterDate is { } time ? (emulator.Now + time).ToString("R", CultureInfo.InvariantCulture) : null;
        exchange.Http.Response.Headers.RetryAfter = fault.RetryAfter ?? date;
        int status = fault.Status ?? 500;
        var result = fault.Text is { } text ? Results.Text(text, fault.ContentType, statusCode: status) : ErrorBody.Of(status, fault.Body, fault.Code, fault.Message);
        await result.ExecuteAsync(exchange.Http);
        if (fault.Kind == FaultKind.HugeBody)
            await PadAsync(exchange, fault.Bytes);
    }

    private static IResult WithoutId(Exchange exchange, Fault fault)
    {
        var json = new JsonObject();
        if (exchange.Create?.Model is { } model)
            json["model"] = model.Name;
        if (fault.Code is not null || fault.Message is not null)
            json["error"] = ErrorBody.Fields(fault.Code, fault.Message, fault.Body == BodyStyle.ErrorMessage);
        return Results.Text(json.ToJsonString(), "application/json", statusCode: fault.Status ?? 200);
    }

    /// <summary>White space before the last brace keeps JSON valid.</summary>
    private static async Task PadAsync(Exchange exchange, int length)
    {
        byte[] body = exchange.Answer.ToArray();
        if (body.Length == 0 || length <= body.Length)
            return;
        byte[] padding = new byte[length - body.Length];
        Array.Fill(padding, (byte)' ');
        exchange.Answer.SetLength(body.Length - 1);
        await exchange.Answer.WriteAsync((byte[])[.. padding, body[^1]]);
        exchange.Http.Response.ContentLength = length;
    }
}
