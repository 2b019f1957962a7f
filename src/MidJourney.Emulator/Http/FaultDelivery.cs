using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace MidJourney.Emulator;

/// <summary>Answers as a fault says.</summary>
internal sealed class FaultDelivery(EmulatorState state)
{
    // A reset overtakes what the client has not read yet, so that is given time to arrive.
    private static readonly TimeSpan BeforeReset = TimeSpan.FromMilliseconds(20);

    /// <summary>The faults that keep the request from taking effect.</summary>
    public async ValueTask InsteadAsync(Exchange exchange, Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Stall:
                await Task.Delay(Timeout.Infinite, exchange.Http.RequestAborted);
                return;
            case FaultKind.CutBefore:
                await CutAsync(exchange, fault);
                return;
            case FaultKind.NoId:
                AnswerWithoutId(exchange, fault);
                break;
            case FaultKind.Redirect:
                exchange.Http.Response.Headers.Location = fault.Location;
                exchange.Answer(fault.Status ?? 302, "", default);
                break;
            default:
                AnswerStatus(exchange, fault);
                break;
        }
        await exchange.SendAsync();
    }

    /// <summary>The faults that spoil a prepared answer.</summary>
    public async ValueTask AfterAsync(Exchange exchange, Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.CutAfter:
                await CutAsync(exchange, fault);
                return;
            case FaultKind.HalfBody:
                await exchange.SendHalfAsync();
                await Task.Delay(BeforeReset, exchange.Http.RequestAborted);
                await CutAsync(exchange, fault);
                return;
            case FaultKind.SlowDrip:
                await exchange.SendSlowlyAsync(piece: 1, fault.Delay, state.Options.TimeProvider);
                return;
            case FaultKind.NotJson:
                exchange.AnswerPage(fault.Status ?? 200, fault.Message);
                break;
            case FaultKind.HugeBody:
                Pad(exchange, fault.Bytes);
                break;
        }
        await exchange.SendAsync();
    }

    private void AnswerStatus(Exchange exchange, Fault fault)
    {
        int status = fault.Status ?? 500;
        exchange.RetryAfter(fault.RetryAfter ?? DateText(fault.RetryAfterDate));
        if (fault.Text is { } text)
            exchange.AnswerText(status, fault.ContentType, text);
        else
            exchange.AnswerError(status, fault.Body, fault.Code, fault.Message);
        if (fault.Kind == FaultKind.HugeBody)
            Pad(exchange, fault.Bytes);
    }

    private string? DateText(TimeSpan? fromNow) =>
        fromNow is { } time ? (state.Options.TimeProvider.GetUtcNow() + time).ToString("R", CultureInfo.InvariantCulture) : null;

    private static void AnswerWithoutId(Exchange exchange, Fault fault)
    {
        var json = exchange.BeginJson();
        json.WriteStartObject();
        if (exchange.Create.Model is { } model)
            json.WriteString("model"u8, model.Name);
        if (fault.Code is not null || fault.Message is not null)
            json.WriteError(fault.Code, fault.Message, fault.Body == BodyStyle.ErrorMessage);
        json.WriteEndObject();
        exchange.EndJson(fault.Status ?? 200);
    }

    /// <summary>White space before the last brace keeps JSON what it was.</summary>
    private static void Pad(Exchange exchange, int length)
    {
        var body = exchange.Body;
        if (length <= body.Length || body.IsEmpty)
            return;
        byte[] padded = exchange.Rent(length);
        body.Span[..^1].CopyTo(padded);
        padded.AsSpan(body.Length - 1, length - body.Length).Fill((byte)' ');
        padded[length - 1] = body.Span[^1];
        exchange.Body = padded.AsMemory(0, length);
    }

    private static async ValueTask CutAsync(Exchange exchange, Fault fault)
    {
        exchange.Status = 0;
        if (fault.Orderly && exchange.Http.Features.Get<IConnectionSocketFeature>() is { } connection)
        {
            connection.Socket.Shutdown(SocketShutdown.Send);
            await Task.Delay(BeforeReset, exchange.Http.RequestAborted);
        }
        exchange.Http.Abort();
    }
}
