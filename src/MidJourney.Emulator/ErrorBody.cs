using System.Net;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>The error bodies that the gateway and the proxies before it are known to send; README.md has the table.</summary>
public enum BodyStyle { Error, ErrorMessage, ErrorText, Message, Detail, StatusData, Html, Empty }

/// <summary>Answers with an error, in every style.</summary>
internal static class ErrorBody
{
    // The one code for it that was seen on the wire.
    private const int RateLimited = 1002;

    public static IResult Of(int status, BodyStyle style, JsonNode? code, string? message)
    {
        message ??= DefaultMessage(status);
        var json = style switch
        {
            BodyStyle.Empty or BodyStyle.Html => null,
            BodyStyle.ErrorText => new JsonObject { ["error"] = message },
            BodyStyle.Message => new JsonObject { ["message"] = message },
            BodyStyle.Detail => new JsonObject { ["detail"] = message },
            BodyStyle.StatusData => new JsonObject { ["status"] = StatusFields(status, code, message), ["data"] = null },
            _ => new JsonObject { ["error"] = Fields(code, message, style == BodyStyle.ErrorMessage) },
        };
        return style switch
        {
            BodyStyle.Empty => Results.StatusCode(status),
            BodyStyle.Html => Results.Text(Page(status, WebUtility.HtmlEncode(message)), "text/html; charset=utf-8", statusCode: status),
            _ => Results.Text(json!.ToJsonString(), "application/json", statusCode: status),
        };
    }

    public static IResult TooMany(HttpContext http, EmulatorOptions options, string message)
    {
        http.Response.Headers.RetryAfter = options.RetryAfter;
        return Of(429, options.ErrorBody, RateLimited, message);
    }

    public static JsonObject Fields(JsonNode? code, string? message, bool isErrorMessage)
    {
        var fields = new JsonObject();
        if (code is not null)
            fields["code"] = code.DeepClone();
        if (message is not null)
            fields[isErrorMessage ? "error_message" : "message"] = message;
        return fields;
    }

    private static JsonObject StatusFields(int status, JsonNode? code, string message)
    {
        var fields = new JsonObject { ["code"] = status, ["message"] = message };
        if (code is not null)
            fields["error_code"] = code.DeepClone();
        return fields;
    }

    private static string Page(int status, string text) =>
        $"""
        <html>
        <head><title>{status} {text}</title></head>
        <body><center><h1>{status} {text}</h1></center><hr><center>nginx</center></body>
        </html>

        """;

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
