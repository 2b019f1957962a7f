using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>Errors in every style they are seen in.</summary>
internal static class ErrorAnswers
{
    // The one code for it that was seen on the wire.
    private const int RateLimited = 1002;

    public static void AnswerTooMany(this Exchange exchange, EmulatorOptions options, string message)
    {
        exchange.RetryAfter(options.RetryAfter);
        exchange.AnswerError(429, options.ErrorBody, RateLimited, message);
    }

    public static void AnswerError(this Exchange exchange, int status, BodyStyle style, JsonNode? code, string? message)
    {
        message ??= DefaultMessage(status);
        switch (style)
        {
            case BodyStyle.Empty:
                exchange.Answer(status, "", default);
                return;
            case BodyStyle.Html:
                exchange.AnswerPage(status, message);
                return;
        }
        var json = exchange.BeginJson();
        json.WriteStartObject();
        switch (style)
        {
            case BodyStyle.ErrorText:
                json.WriteString("error"u8, message);
                break;
            case BodyStyle.Message:
                json.WriteString("message"u8, message);
                break;
            case BodyStyle.Detail:
                json.WriteString("detail"u8, message);
                break;
            case BodyStyle.StatusData:
                json.WriteStatusData(status, code, message);
                break;
            default:
                json.WriteError(code, message, style == BodyStyle.ErrorMessage);
                break;
        }
        json.WriteEndObject();
        exchange.EndJson(status);
    }

    public static void AnswerPage(this Exchange exchange, int status, string? message)
    {
        string text = WebUtility.HtmlEncode(message ?? DefaultMessage(status));
        exchange.AnswerText(status, "text/html; charset=utf-8",
            $"""
            <html>
            <head><title>{status} {text}</title></head>
            <body><center><h1>{status} {text}</h1></center><hr><center>nginx</center></body>
            </html>

            """);
    }

    public static void WriteError(this Utf8JsonWriter json, JsonNode? code, string? message, bool errorMessage)
    {
        json.WriteStartObject("error"u8);
        json.WriteErrorFields(code, message, errorMessage);
        json.WriteEndObject();
    }

    public static void WriteErrorFields(this Utf8JsonWriter json, JsonNode? code, string? message, bool errorMessage)
    {
        json.WriteCode("code"u8, code);
        if (message is not null)
            json.WriteString(errorMessage ? "error_message"u8 : "message"u8, message);
    }

    private static void WriteStatusData(this Utf8JsonWriter json, int status, JsonNode? code, string message)
    {
        json.WriteStartObject("status"u8);
        json.WriteNumber("code"u8, status);
        json.WriteString("message"u8, message);
        json.WriteCode("error_code"u8, code);
        json.WriteEndObject();
        json.WriteNull("data"u8);
    }

    private static void WriteCode(this Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonNode? code)
    {
        if (code is null)
            return;
        json.WritePropertyName(name);
        code.WriteTo(json);
    }

    private static string DefaultMessage(int status) => status switch
    {
        200 => "Welcome",
        402 => "insufficient balance",
        403 => "not permitted",
        429 => "too many requests",
        500 => "internal error",
        502 => "bad gateway",
        503 => "service unavailable",
        504 => "gateway timeout",
        _ => "error",
    };
}
