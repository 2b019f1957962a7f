using System.Text.Json;

namespace MidJourney;

/// <summary>Finds code and text in an error body, whichever of the contract's shapes it has.</summary>
internal static class ErrorReader
{
    /// <summary>What the answer says went wrong; null when it says nothing.</summary>
    public static MJError? Read(WireTask wire)
    {
        if (From(wire.Error) is { } error) return error;
        // {"status":{"code":402,"message":"…","error_code":40201},"data":null}
        if (wire.Status.ValueKind == JsonValueKind.Object && From(wire.Status) is { } status) return status;
        var message = Text(wire.Message) ?? Text(wire.Detail) ?? RawOf(wire.Detail);
        var code = Text(wire.Code);
        return IsNone(code, message) ? null : GatewayCode.Describe(code, message);
    }

    /// <summary>Only what stands in the field for errors: beside a task that did not fail, other words are no error.</summary>
    public static MJError? ReadError(WireTask wire) => From(wire.Error);

    /// <summary>What a body says went wrong that may not be JSON at all; a page of HTML gives its title or nothing.</summary>
    public static MJError? Read(ReadOnlyMemory<byte> body, string? contentType)
    {
        if (TaskReader.TryParse(body, out var wire)) return Read(wire);
        var text = System.Text.Encoding.UTF8.GetString(body.ToArray(), 0, Math.Min(body.Length, 4096));
        var message = LooksLikeHtml(text, contentType) ? TitleOf(text) : WireText.Message(text);
        return string.IsNullOrEmpty(message) ? null : GatewayCode.Describe(null, message);
    }

    /// <summary>An error object, or a plain text in its place; null for neither and for code 0, which means none.</summary>
    private static MJError? From(JsonElement element)
    {
        if (element.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            return Text(element) is { Length: > 0 } text ? GatewayCode.Describe(element.ValueKind == JsonValueKind.Number ? text : null, text) : null;
        if (element.ValueKind != JsonValueKind.Object) return null;
        var code = Field(element, "error_code") ?? Field(element, "code");
        var message = Field(element, "error_message") ?? Field(element, "message") ?? Field(element, "error") ?? Field(element, "detail") ?? Field(element, "msg");
        return IsNone(code, message) ? null : GatewayCode.Describe(code, message);
    }

    private static string? Field(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Text(value) : null;

    private static string? Text(JsonElement element) =>
        PlainJson.Text(element) is { } text && !string.IsNullOrWhiteSpace(text) ? WireText.Message(text) : null;

    private static string? RawOf(JsonElement element) =>
        element.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? WireText.Message(element.GetRawText()) : null;

    // Code 0 is the contract's "no error", whatever text stands beside it.
    private static bool IsNone(string? code, string? message) =>
        code is null ? message is null : code.Trim().TrimStart('0').Length == 0;

    private static bool LooksLikeHtml(string text, string? contentType) =>
        contentType?.IndexOf("html", StringComparison.OrdinalIgnoreCase) >= 0 || text.TrimStart().StartsWith("<", StringComparison.Ordinal);

    private static string? TitleOf(string html)
    {
        var start = html.IndexOf("<title>", StringComparison.OrdinalIgnoreCase);
        if (start < 0) return null;
        start += "<title>".Length;
        var end = html.IndexOf('<', start);
        return end > start ? WireText.Message(html.Substring(start, end - start)) : null;
    }
}
