using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>Finds the code and the text in an error response of any of the contract's shapes.</summary>
internal static class ErrorReader
{
    private const int MaxBytes = 4096;

    private static readonly string[] MessageNames = ["error_message", "message", "error", "detail", "msg"];

    /// <summary>The error that the response reports; null if it reports none.</summary>
    public static MJError? Read(WireTask wire)
    {
        if (ReadClear(wire) is { } clear) return clear;
        // Text outside a wrapped task is about the request, not about the task.
        foreach (var place in wire.IsWrapped ? [wire.Task] : wire.ErrorPlaces)
        {
            var (code, message) = (Field(place, "code", wire.Key), MessageOf(place, wire.Key));
            if (!IsEmpty(code, message)) return ErrorKinds.Describe(code, message);
        }
        return null;
    }

    /// <summary>
    /// Only a clear error: a code other than 0 and 2xx, <c>success: false</c>, or an error object or text that is not empty (contract: answers in an
    /// envelope). A message alone may report success.
    /// </summary>
    public static MJError? ReadClear(WireTask wire)
    {
        foreach (var place in wire.ErrorPlaces)
        {
            if (From(WireTask.Field(place, "error"), wire.Key) is { } error) return error;
            // {"status":{"code":402,"message":"…","error_code":40201},"data":null}
            if (From(WireTask.Field(place, "status"), wire.Key, isStatus: true) is { } status) return status;
            var code = Field(place, "code", wire.Key);
            if (IsErrorCode(code) || IsFalse(WireTask.Field(place, "success"))) return ErrorKinds.Describe(code, MessageOf(place, wire.Key));
        }
        return null;
    }

    /// <summary>Only the error field: if a task did not fail, other text beside it is not an error.</summary>
    public static MJError? ReadError(WireTask wire) => From(wire["error"], wire.Key);

    /// <summary>The error in a body that may not be JSON. An HTML page gives only its title.</summary>
    public static MJError? Read(ReadOnlyMemory<byte> body, string? contentType, KeyRedactor? key = null, bool isTruncated = false)
    {
        key ??= KeyRedactor.None;
        if (TaskReader.TryParse(body, key, null, out var wire)) return Read(wire);
        var text = Encoding.UTF8.GetString(body.ToArray(), 0, Math.Min(body.Length, MaxBytes));
        var message = LooksLikeHtml(text, contentType) ? TitleOf(text, key) : SafeText.Message(key.Redact(text, isTruncated || body.Length > MaxBytes));
        return string.IsNullOrEmpty(message) ? null : ErrorKinds.Describe(null, message);
    }

    /// <summary>Whether a body is a web page.</summary>
    public static bool IsPage(ReadOnlyMemory<byte> body, string? contentType) =>
        LooksLikeHtml(Encoding.UTF8.GetString(body.ToArray(), 0, Math.Min(body.Length, MaxBytes)), contentType);

    private static MJError? From(JsonElement element, KeyRedactor key, bool isStatus = false)
    {
        if (!isStatus && element.ValueKind == JsonValueKind.Number) return Text(element, key) is { } number && IsErrorCode(number) ? ErrorKinds.Describe(number, number) : null;
        if (!isStatus && element.ValueKind == JsonValueKind.String) return Text(element, key) is { } text ? ErrorKinds.Describe(null, text) : null;
        if (element.ValueKind != JsonValueKind.Object) return null;
        var code = Field(element, "error_code", key) ?? Field(element, "code", key);
        var message = MessageNames.Select(name => Field(element, name, key)).FirstOrDefault(t => t is not null);
        return IsEmpty(code, message) || (isStatus && code is null) ? null : ErrorKinds.Describe(code, message);
    }

    private static string? MessageOf(JsonElement place, KeyRedactor key)
    {
        var detail = WireTask.Field(place, "detail");
        return Field(place, "message", key) ?? Field(place, "msg", key) ?? Text(detail, key)
            ?? (detail.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? SafeText.Message(key.Redact(detail.GetRawText())) : null);
    }

    private static string? Field(JsonElement element, string name, KeyRedactor key) => Text(WireTask.Field(element, name), key);

    private static string? Text(JsonElement element, KeyRedactor key) =>
        PlainJson.Text(element) is { } text && !string.IsNullOrWhiteSpace(text) ? SafeText.Message(key.Redact(text)) : null;

    // Code 0 is the contract's "no error", whatever text is beside it.
    private static bool IsEmpty(string? code, string? message) => code is null ? message is null : !IsErrorCode(code);

    private static bool IsErrorCode(string? code)
    {
        if (code is null) return false;
        if (decimal.TryParse(code.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return number is not (0 or (>= 200 and < 300));
        return !code.Trim().Equals("ok", StringComparison.OrdinalIgnoreCase) && TaskReader.StatusOf(code) is MJTaskStatus.Unknown or MJTaskStatus.Failed or MJTaskStatus.Cancelled;
    }

    private static bool IsFalse(JsonElement element) =>
        element.ValueKind == JsonValueKind.False || (element.ValueKind == JsonValueKind.String && "false".Equals(PlainJson.Text(element), StringComparison.OrdinalIgnoreCase));

    private static bool LooksLikeHtml(string text, string? contentType) =>
        contentType?.IndexOf("html", StringComparison.OrdinalIgnoreCase) >= 0 || text.TrimStart().StartsWith("<", StringComparison.Ordinal);

    private static string? TitleOf(string html, KeyRedactor key)
    {
        var start = html.IndexOf("<title>", StringComparison.OrdinalIgnoreCase);
        if (start < 0) return null;
        start += "<title>".Length;
        var end = html.IndexOf('<', start);
        return end > start ? SafeText.Message(key.Redact(WebUtility.HtmlDecode(html.Substring(start, end - start)))) : null;
    }
}
