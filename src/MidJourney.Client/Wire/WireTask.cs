using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidJourney;

/// <summary>
/// A task's answer or an error's, field by field as it came. Every field is a bare element, because the contract has
/// seen most of them in more than one shape; <see cref="TaskReader"/> and <see cref="ErrorReader"/> make sense of them.
/// </summary>
internal sealed class WireTask
{
    [JsonPropertyName("id")] public JsonElement Id { get; set; }
    [JsonPropertyName("task_id")] public JsonElement TaskId { get; set; }
    [JsonPropertyName("status")] public JsonElement Status { get; set; }
    [JsonPropertyName("model")] public JsonElement Model { get; set; }
    [JsonPropertyName("created_at")] public JsonElement CreatedAt { get; set; }
    [JsonPropertyName("progress")] public JsonElement Progress { get; set; }
    [JsonPropertyName("output")] public JsonElement Output { get; set; }
    [JsonPropertyName("usage")] public JsonElement Usage { get; set; }
    [JsonPropertyName("error")] public JsonElement Error { get; set; }
    [JsonPropertyName("metadata")] public JsonElement Metadata { get; set; }
    [JsonPropertyName("code")] public JsonElement Code { get; set; }
    [JsonPropertyName("message")] public JsonElement Message { get; set; }
    [JsonPropertyName("detail")] public JsonElement Detail { get; set; }
}

[JsonSerializable(typeof(WireTask))]
[JsonSourceGenerationOptions(MaxDepth = 64, AllowTrailingCommas = true, ReadCommentHandling = JsonCommentHandling.Skip)]
internal sealed partial class WireJson : JsonSerializerContext;
