using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>
/// A response, field by field. The task may be at the root or directly in <c>data</c>, <c>task</c> or <c>result</c> (contract: answers in an envelope). If a
/// field occurs twice, the last value that is not null counts. Fields are raw JSON, because most occur in more than one shape; <see cref="TaskReader"/> and
/// <see cref="ErrorReader"/> interpret them.
/// </summary>
internal sealed class WireTask
{
    public static readonly string[] Envelopes = ["data", "task", "result"];
    public static readonly string[] IdNames = ["id", "task_id", "taskId"];
    public static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    private readonly JsonElement[] _places;
    private readonly int _at;

    /// <param name="root">The response's root, an object.</param>
    /// <param name="body">The bytes of that object.</param>
    /// <param name="key">Hides the key.</param>
    /// <param name="requestedId">The id that was requested: the task is the object that has it.</param>
    public WireTask(JsonElement root, ReadOnlyMemory<byte> body, KeyRedactor key, string? requestedId = null)
    {
        (Body, Key) = (body, key);
        var wrapped = Envelopes.Select(name => Field(root, name)).SelectMany(e => e.ValueKind == JsonValueKind.Array ? InList(e, requestedId, key) : [e]);
        _places = [root, .. wrapped.Where(e => e.ValueKind == JsonValueKind.Object)];
        var ids = _places.SelectMany((place, at) => IdsIn(place, key).Select(id => (Id: id, At: at))).ToList();
        Ids = [.. ids.Select(i => i.Id)];
        if (ids.Count > 0) (Id, _at) = ids[Math.Max(0, ids.FindIndex(i => i.Id == requestedId))];
        else _at = Math.Max(0, Array.FindIndex(_places, 1, p => Field(p, "status").ValueKind == JsonValueKind.String));
    }

    public ReadOnlyMemory<byte> Body { get; }

    public KeyRedactor Key { get; }

    /// <summary>The task's id, as <see cref="WireId"/> holds it; null if the response has no valid id.</summary>
    public string? Id { get; }

    /// <summary>Every id that could be the task's.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>The task has an id, but an invalid one, such as one that is too long.</summary>
    public bool HasInvalidId => Id is null && _places.Any(p => IdNames.Any(name => PlainJson.Text(Field(p, name)) is { Length: > 0 } text && text != "0"));

    /// <summary>Where an error may be: in the task, then around it.</summary>
    public IEnumerable<JsonElement> ErrorPlaces => _places.Where((_, at) => at != _at).Prepend(Task);

    /// <summary>The object that holds the task's fields.</summary>
    public JsonElement Task => _places[_at];

    public bool IsWrapped => _at > 0;

    /// <summary>A field of the task. The rest of a task whose id is at the root may be in an envelope.</summary>
    public JsonElement this[string name] =>
        Field(Task, name) is var own && (own.ValueKind != JsonValueKind.Undefined || IsWrapped) ? own
        : _places.Skip(1).Select(p => Field(p, name)).FirstOrDefault(e => e.ValueKind != JsonValueKind.Undefined);

    /// <summary>The requested task in a list of tasks.</summary>
    public static IEnumerable<JsonElement> InList(JsonElement list, string? requestedId, KeyRedactor key) =>
        requestedId is null ? [] : list.EnumerateArray().Where(e => IdsIn(e, key).Contains(requestedId)).Take(1);

    /// <summary>A field of an object; undefined if there is none.</summary>
    public static JsonElement Field(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value)) return default;
        if (value.ValueKind != JsonValueKind.Null) return value;
        foreach (var property in element.EnumerateObject())
            if (property.NameEquals(name) && property.Value.ValueKind != JsonValueKind.Null) value = property.Value;
        return value;
    }

    private static IEnumerable<string> IdsIn(JsonElement place, KeyRedactor key) => IdNames.Select(name => WireId.Read(PlainJson.Text(Field(place, name)), key)).OfType<string>();
}

/// <summary>
/// Ids from the gateway. They are opaque and must be sent back unchanged, but shown safely: an unprintable character is held as <c>\uXXXX</c>, and restored
/// when the id is sent.
/// </summary>
internal static class WireId
{
    /// <summary>An id from a response; null if it is not valid.</summary>
    public static string? Read(string? text, KeyRedactor key) =>
        text is { Length: <= MJTask.MaxIdLength } && text.IndexOf('\ufffd') < 0 && text != "0" && IsValid(text) ? Escape(key.RedactId(text)) : null;

    /// <summary>False also for <c>.</c> and <c>..</c>: a URL cannot escape them, so they would change the path.</summary>
    public static bool IsValid(string id) => !string.IsNullOrWhiteSpace(id) && id is not ("." or "..");

    public static string Escape(string id) => SafeText.IsPrintable(id) ? id : SafeText.Printable(id.Replace("\\", "\\u005c"));

    public static string Unescape(string id)
    {
        if (id.IndexOf("\\u", StringComparison.Ordinal) < 0) return id;
        var original = new StringBuilder(id.Length);
        for (var at = 0; at < id.Length;)
        {
            // Other escapes are the gateway's own text.
            var isEscaped = JsonText.EscapedAt(id, at) is { } c && (c == '\\' || SafeText.IsUnprintable(c));
            original.Append(isEscaped ? JsonText.EscapedAt(id, at) : id[at]);
            at += isEscaped ? 6 : 1;
        }
        return original.ToString();
    }
}

/// <summary>JSON as plain .NET values, which PowerShell can format and serialize.</summary>
internal static class PlainJson
{
    /// <summary>An object's fields, except for the named ones.</summary>
    public static ReadOnlyDictionary<string, object?> Fields(JsonElement element, KeyRedactor key, params string[] except)
    {
        if (element.ValueKind != JsonValueKind.Object) return NoFields.Value;
        var fields = new Dictionary<string, object?>();
        foreach (var property in element.EnumerateObject())
            if (NameOf(property) is { } name && !except.Contains(name)) fields[key.RedactFunctional(name)] = Value(property.Value, key);
        return fields.Count == 0 ? NoFields.Value : new(fields);
    }

    public static object? Value(JsonElement element, KeyRedactor key) => element.ValueKind switch
    {
        JsonValueKind.String => Text(element) is { } text ? SafeText.PrintableLines(key.Redact(text)) : null,
        JsonValueKind.Number => key.Redact(element.GetRawText()) is var text && text == element.GetRawText() ? Number(element) : text,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => element.EnumerateArray().Select(item => Value(item, key)).ToArray(),
        JsonValueKind.Object => Fields(element, key),
        _ => null,
    };

    /// <summary>A string or a number as text; null for anything else, and for a string that is not valid Unicode.</summary>
    public static string? Text(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number) return element.GetRawText();
        // A lone surrogate is valid JSON, but not valid text.
        try { return element.ValueKind == JsonValueKind.String ? element.GetString() : null; }
        catch (InvalidOperationException) { return null; }
    }

    /// <summary>A number, or a string that contains one; null otherwise.</summary>
    public static decimal? Decimal(JsonElement element) =>
        decimal.TryParse(Text(element), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out var whole)) return whole;
        if (element.TryGetDecimal(out var exact)) return exact;
        // A number that no type can hold stays text, because JSON has no infinity.
        return double.TryParse(element.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var wide) && !double.IsInfinity(wide) ? wide : element.GetRawText();
    }

    private static string? NameOf(JsonProperty property)
    {
        try { return SafeText.Printable(property.Name); }
        catch (InvalidOperationException) { return null; }
    }
}
