using System.Globalization;
using System.Net;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>Finds code and text in an error body, whichever of the contract's shapes it has.</summary>
internal static class ErrorReader
{
    private const int MostBytes = 4096;

    /// <summary>What the answer says went wrong; null when it says nothing.</summary>
    public static MJError? Read(WireTask wire)
    {
        if (ReadClear(wire) is { } clear) return clear;
        // Kind words around a task are not about it.
        foreach (var place in wire.IsWrapped ? [wire.Task] : wire.ErrorPlaces)
        {
            var (code, message) = (Text(WireTask.Field(place, "code"), wire.Key), MessageOf(place, wire.Key));
            if (!IsNone(code, message)) return ErrorKinds.Describe(code, message);
        }
        return null;
    }

    /// <summary>
    /// Only what says clearly that something went wrong: a code other than 0 and 2xx, <c>success: false</c>, or an error object or text that is not empty
    /// (contract: answers in an envelope). A message alone may be a kind word.
    /// </summary>
    public static MJError? ReadClear(WireTask wire)
    {
        foreach (var place in wire.ErrorPlaces)
        {
            if (From(WireTask.Field(place, "error"), wire.Key) is { } error) return error;
            // {"status":{"code":402,"message":"…","error_code":40201},"data":null}
            if (From(WireTask.Field(place, "status"), wire.Key, isStatus: true) is { } status) return status;
            var code = Text(WireTask.Field(place, "code"), wire.Key);
            if (IsOfError(code) || IsFalse(WireTask.Field(place, "success"))) return ErrorKinds.Describe(code, MessageOf(place, wire.Key));
        }
        return null;
    }

    /// <summary>Only what stands in the field for errors: beside a task that did not fail, other words are no error.</summary>
    public static MJError? ReadError(WireTask wire) => From(wire["error"], wire.Key);

    /// <summary>What a body says went wrong that may not be JSON at all; a page of HTML gives its title or nothing.</summary>
    public static MJError? Read(ReadOnlyMemory<byte> body, string? contentType, KeyRedactor? key = null, bool isTorn = false)
    {
        key ??= KeyRedactor.None;
        if (TaskReader.TryParse(body, key, null, out var wire)) return Read(wire);
        var text = System.Text.Encoding.UTF8.GetString(body.ToArray(), 0, Math.Min(body.Length, MostBytes));
        var message = LooksLikeHtml(text, contentType) ? TitleOf(text, key) : SafeText.Message(key.Redact(text, isTorn || body.Length > MostBytes));
        return string.IsNullOrEmpty(message) ? null : ErrorKinds.Describe(null, message);
    }

    /// <summary>An error object, or a plain text in its place; null for neither and for code 0, which means none.</summary>
    private static MJError? From(JsonElement element, KeyRedactor key, bool isStatus = false)
    {
        if (!isStatus && element.ValueKind == JsonValueKind.Number) return Text(element, key) is { } number && IsOfError(number) ? ErrorKinds.Describe(number, number) : null;
        if (!isStatus && element.ValueKind == JsonValueKind.String) return Text(element, key) is { } text ? ErrorKinds.Describe(null, text) : null;
        if (element.ValueKind != JsonValueKind.Object) return null;
        var code = Field(element, "error_code", key) ?? Field(element, "code", key);
        var message = Field(element, "error_message", key) ?? Field(element, "message", key) ?? Field(element, "error", key) ?? Field(element, "detail", key) ?? Field(element, "msg", key);
        return IsNone(code, message) || (isStatus && code is null) ? null : ErrorKinds.Describe(code, message);
    }

    private static string? MessageOf(JsonElement place, KeyRedactor key)
    {
        var detail = WireTask.Field(place, "detail");
        return Field(place, "message", key) ?? Field(place, "msg", key) ?? Text(detail, key) ?? RawOf(detail, key);
    }

    private static string? Field(JsonElement element, string name, KeyRedactor key) => Text(WireTask.Field(element, name), key);

    private static string? Text(JsonElement element, KeyRedactor key) =>
        PlainJson.Text(element) is { } text && !string.IsNullOrWhiteSpace(text) ? SafeText.Message(key.Redact(text)) : null;

    private static string? RawOf(JsonElement element, KeyRedactor key) =>
        element.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? SafeText.Message(key.Redact(element.GetRawText())) : null;

    // Code 0 is the contract's "no error", whatever text stands beside it.
    private static bool IsNone(string? code, string? message) => code is null ? message is null : !IsOfError(code);

    private static bool IsOfError(string? code)
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
