using System.Text.Json;

namespace MidJourney;

/// <summary>
/// A task's answer or an error's, field by field as it came; of a field that came twice, the last. Every field is a bare
/// element, because the contract has seen most of them in more than one shape; <see cref="TaskReader"/> and
/// <see cref="ErrorReader"/> make sense of them.
/// </summary>
internal sealed class WireTask(JsonElement fields)
{
    public JsonElement Id => Field("id"u8);

    public JsonElement TaskId => Field("task_id"u8);

    public JsonElement Status => Field("status"u8);

    public JsonElement Model => Field("model"u8);

    public JsonElement CreatedAt => Field("created_at"u8);

    public JsonElement Progress => Field("progress"u8);

    public JsonElement Output => Field("output"u8);

    public JsonElement Usage => Field("usage"u8);

    public JsonElement Error => Field("error"u8);

    public JsonElement Metadata => Field("metadata"u8);

    public JsonElement Code => Field("code"u8);

    public JsonElement Message => Field("message"u8);

    public JsonElement Detail => Field("detail"u8);

    private JsonElement Field(ReadOnlySpan<byte> name) => fields.TryGetProperty(name, out var value) ? value : default;
}
