using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>
/// An answer, field by field as it came; of a field that came twice, the last that is not null. The task may stand at the root or directly in <c>data</c>,
/// <c>task</c> or <c>result</c> (contract: answers in an envelope). Every field is a bare element, because the contract has seen most of them in more than one
/// shape; <see cref="TaskReader"/> and <see cref="ErrorReader"/> make sense of them.
/// </summary>
internal sealed class WireTask
{
    private static readonly string[] Envelopes = ["data", "task", "result"];
    private static readonly string[] IdNames = ["id", "task_id", "taskId"];

    private readonly JsonElement[] _places;
    private readonly int _at;

    /// <param name="answer">The answer's root, an object.</param>
    /// <param name="body">The bytes that it was read from.</param>
    /// <param name="key">Takes the key out of what is shown.</param>
    /// <param name="wanted">The id that was asked for: the task is where it stands.</param>
    public WireTask(JsonElement answer, ReadOnlyMemory<byte> body, KeyRedactor key, string? wanted = null)
    {
        (Body, Key) = (body, key);
        _places = [answer, .. Envelopes.Select(name => Field(answer, name)).SelectMany(e => e.ValueKind == JsonValueKind.Array ? InList(e, wanted, key) : [e]).Where(e => e.ValueKind == JsonValueKind.Object)];
        var ids = _places.SelectMany((place, at) => IdNames.Select(name => (Id: WireId.From(PlainJson.Text(Field(place, name)), key), At: at))).Where(i => i.Id is not null).ToList();
        Ids = [.. ids.Select(i => i.Id!)];
        var chosen = Math.Max(0, ids.FindIndex(i => i.Id == wanted));
        if (ids.Count > 0) (Id, _at) = ids[chosen];
        else _at = Math.Max(0, Array.FindIndex(_places, 1, p => Field(p, "status").ValueKind == JsonValueKind.String));
    }

    /// <summary>The answer's JSON, as far as it makes sense.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    public KeyRedactor Key { get; }

    /// <summary>The task's id, fit to be shown and asked for; null when the answer holds none.</summary>
    public string? Id { get; }

    /// <summary>Every id that could be the task's.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>Something stands where the task's id should, and is none: too long, say.</summary>
    public bool HasOddId => Id is null && _places.Any(p => IdNames.Any(name => PlainJson.Text(Field(p, name)) is { Length: > 0 } text && text != "0"));

    /// <summary>Where an error may stand: in the task, then around it.</summary>
    public IEnumerable<JsonElement> ErrorPlaces => _places.Where((_, at) => at != _at).Prepend(Task);

    /// <summary>The object that holds the task's fields.</summary>
    public JsonElement Task => _places[_at];

    /// <summary>Whether the task is wrapped, so that what stands around it is not about it.</summary>
    public bool IsWrapped => _at > 0;

    /// <summary>A field of the task.</summary>
    public JsonElement this[string name]
    {
        get
        {
            var own = Field(Task, name);
            // Beside an id at the root, the rest may be wrapped.
            return own.ValueKind != JsonValueKind.Undefined || IsWrapped ? own : _places.Skip(1).Select(p => Field(p, name)).FirstOrDefault(e => e.ValueKind != JsonValueKind.Undefined);
        }
    }

    /// <summary>The task that was asked for, out of a list of tasks; none where no task was asked for.</summary>
    public static IEnumerable<JsonElement> InList(JsonElement list, string? wanted, KeyRedactor key) =>
        wanted is null ? [] : list.EnumerateArray().Where(e => IdNames.Any(name => WireId.From(PlainJson.Text(Field(e, name)), key) == wanted)).Take(1);

    /// <summary>A field of an object; undefined where there is none.</summary>
    public static JsonElement Field(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value)) return default;
        if (value.ValueKind != JsonValueKind.Null) return value;
        foreach (var property in element.EnumerateObject())
            if (property.NameEquals(name) && property.Value.ValueKind != JsonValueKind.Null) value = property.Value;
        return value;
    }
}

/// <summary>
/// Ids that came off the wire: opaque, so that they are sent back exactly as they came, and yet fit to be shown. What is
/// unprintable in one is kept as <c>\uXXXX</c> and turned back when it is sent.
/// </summary>
internal static class WireId
{
    private const int EscapeLength = 6;

    /// <summary>What the wire gave for an id, as objects hold it; null when it cannot be one, or could not be asked for.</summary>
    /// <param name="text">The text or number; null for none.</param>
    /// <param name="key">Hides the key, should it be in the id.</param>
    public static string? From(string? text, KeyRedactor key) =>
        text is { Length: <= MJTask.MaxIdLength } && text.IndexOf('\ufffd') < 0 && text != "0" && CanBeId(text) ? Shown(key.HideInId(text)) : null;

    /// <summary>Whether an id can be one at all: one dot or two cannot be escaped, and would climb out of the path.</summary>
    public static bool CanBeId(string id) => !string.IsNullOrWhiteSpace(id) && id is not ("." or "..");

    /// <summary>The id as objects hold it; the same text for every id that is printable.</summary>
    public static string Shown(string id) =>
        SafeText.IsPrintable(id) ? id : SafeText.Printable(id.Replace("\\", "\\u005c"));

    /// <summary>The id as the gateway wrote it.</summary>
    public static string Exact(string shown)
    {
        if (shown.IndexOf("\\u", StringComparison.Ordinal) < 0) return shown;
        var exact = new StringBuilder(shown.Length);
        for (var at = 0; at < shown.Length;)
        {
            var unit = UnitAt(shown, at);
            exact.Append(unit ?? shown[at]);
            at += unit is null ? 1 : EscapeLength;
        }
        return exact.ToString();
    }

    /// <summary>What an escape stands for that <see cref="Shown"/> may have made; null where there is none.</summary>
    private static char? UnitAt(string text, int at)
    {
        if (at + EscapeLength > text.Length || text[at] != '\\' || text[at + 1] != 'u') return null;
        if (!ushort.TryParse(text.Substring(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)) return null;
        return unit == '\\' || SafeText.IsUnprintable((char)unit) ? (char)unit : null;
    }
}
