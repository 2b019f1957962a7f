using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MidJourney.Emulator;

/// <summary>Tasks as the wire shows them, in their shape.</summary>
internal static class TaskJson
{
    public static string Created(EmulatedTask task, string baseText)
    {
        var shape = task.Shape;
        if (shape.RawCreate is { } raw)
            return Fill(raw, task, baseText);
        var json = new JsonObject();
        AddId(json, task.Id, shape.CreateId);
        AddCreatedAt(json, task);
        json["status"] = shape.CreateStatus ?? StatusWhileRunning(shape, 0);
        json["model"] = task.Model;
        return AddExtra(json, shape).ToJsonString();
    }

    public static string Read(EmulatedTask task, DateTimeOffset now, string baseText)
    {
        var shape = task.Shape;
        if (shape.RawReads is { Count: > 0 } raw)
            return Fill(raw[Math.Clamp(task.Reads, 1, raw.Count) - 1], task, baseText);
        var json = new JsonObject();
        AddId(json, task.Id, shape.ReadId);
        json["model"] = task.Model;
        AddCreatedAt(json, task);
        if (now < task.EndsAt)
            AddRunning(json, task, now);
        else
            AddEnded(json, task, now, baseText);
        json["metadata"] = shape.MetadataJson is { } text ? Raw(text) : Metadata(task, now);
        return AddExtra(json, shape).ToJsonString();
    }

    public static string StatusOf(EmulatedTask task, DateTimeOffset now) =>
        now < task.EndsAt ? StatusWhileRunning(task.Shape, ElapsedOf(task, now)) : task.Fails ? task.Shape.FailedStatus : task.Shape.CompletedStatus;

    internal static string Fill(string text, EmulatedTask task, string baseText) =>
        text.Replace("{id}", task.Id, StringComparison.Ordinal).Replace("{base}", baseText, StringComparison.Ordinal);

    private static double ElapsedOf(EmulatedTask task, DateTimeOffset now) => Math.Clamp((now - task.CreatedAt) / (task.EndsAt - task.CreatedAt), 0, 1);

    private static void AddId(JsonObject json, string id, IdField field)
    {
        if (field is not IdField.TaskId) json["id"] = id;
        if (field is not IdField.Id) json["task_id"] = id;
    }

    private static void AddCreatedAt(JsonObject json, EmulatedTask task)
    {
        if (task.Shape.CreatedAt == CreatedAtStyle.Unix) json["created_at"] = task.CreatedAt.ToUnixTimeSeconds();
        if (task.Shape.CreatedAt == CreatedAtStyle.Iso8601) json["created_at"] = task.CreatedAt.UtcDateTime;
    }

    private static void AddRunning(JsonObject json, EmulatedTask task, DateTimeOffset now)
    {
        var (shape, elapsed) = (task.Shape, ElapsedOf(task, now));
        json["status"] = StatusOf(task, now);
        double? progress = shape.Progress switch
        {
            ProgressStyle.Percent => elapsed * 100,
            ProgressStyle.Stuck => shape.ProgressAt,
            ProgressStyle.Jumps when shape.ProgressSteps.Count > 0 => Share(shape.ProgressSteps, elapsed),
            ProgressStyle.Misleading => 0.99 - (0.9 * elapsed),
            ProgressStyle.Fraction => elapsed,
            _ => null,
        };
        if (progress is { } value) json["progress"] = Math.Round(value, 4);
    }

    private static void AddEnded(JsonObject json, EmulatedTask task, DateTimeOffset now, string baseText)
    {
        var shape = task.Shape;
        json["status"] = StatusOf(task, now);
        if (shape.ProgressWhenEnded) json["progress"] = shape.Progress == ProgressStyle.Percent ? 100 : 1;
        if (task.Fails)
        {
            if (shape.Error != ErrorStyle.Missing) json["error"] = Error(shape, shape.Failure);
            if (task.IsBilled) AddUsage(json, task);
            return;
        }
        bool isLate = now - task.EndsAt < shape.UrlDelay;
        if (isLate && shape.LateUrl == LateUrlStyle.EmptyOutput)
            json["output"] = new JsonArray();
        else if (!isLate || shape.LateUrl != LateUrlStyle.MissingOutput)
            json["output"] = new JsonArray([.. Enumerable.Range(0, task.Outputs).Select(output => Output(task, output, isLate, baseText))]);
        AddUsage(json, task);
    }

    private static void AddUsage(JsonObject json, EmulatedTask task)
    {
        if (task.Shape.CostStyle != CostStyle.NoUsage) json["usage"] = Usage(task);
    }

    private static JsonNode? Error(TaskShape shape, TaskFailure? failure) => shape.Error == ErrorStyle.PlainText
        ? failure?.Message
        : AddExtra(ErrorBody.Fields(failure?.Code, failure?.Message, shape.Error == ErrorStyle.ErrorMessage), shape);

    private static JsonObject Output(EmulatedTask task, int output, bool isLate, string baseText)
    {
        var contents = Enumerable.Range(output * task.Images, task.Images).Select(index => Content(task, output, index, isLate, baseText));
        return AddExtra(new JsonObject { ["content"] = new JsonArray([.. contents]) }, task.Shape);
    }

    private static JsonObject Content(EmulatedTask task, int output, int index, bool isLate, string baseText)
    {
        var shape = task.Shape;
        var json = new JsonObject { ["type"] = shape.ContentType };
        if (!isLate) json["url"] = UrlOf(task, index.ToString(CultureInfo.InvariantCulture), baseText);
        else if (shape.LateUrl == LateUrlStyle.EmptyUrl) json["url"] = "";
        if (shape.ResultJobIds) json["jobId"] = task.ResultJobId(output);
        return AddExtra(json, shape);
    }

    private static string UrlOf(EmulatedTask task, string index, string baseText)
    {
        string extension = task.Shape.ContentType switch { "image" => "png", "video" => "mp4", _ => "bin" };
        return task.Shape.Url is { } pattern
            ? Fill(pattern, task, baseText).Replace("{n}", index, StringComparison.Ordinal)
            : $"{baseText}/files/{task.Id}/{index}.{extension}";
    }

    private static JsonObject Usage(EmulatedTask task)
    {
        var shape = task.Shape;
        var json = new JsonObject();
        if (shape.CostStyle != CostStyle.Missing)
        {
            json["cost"] = shape.CostStyle switch
            {
                CostStyle.Text => task.Cost.ToString(CultureInfo.InvariantCulture),
                CostStyle.Number => task.Cost,
                CostStyle.Empty => "",
                _ => null,
            };
        }
        json["discount"] = 1;
        json["quantity"] = task.Outputs;
        json["unit_price"] = task.UnitPrice.ToString(CultureInfo.InvariantCulture);
        if (task.Currency != "USD") json["currency"] = task.Currency;
        return AddExtra(json, shape);
    }

    private static JsonObject Metadata(EmulatedTask task, DateTimeOffset now)
    {
        var json = new JsonObject { ["in_queue_at"] = task.CreatedAt.ToUnixTimeSeconds() };
        if (now >= task.EndsAt) json["completed_at"] = task.EndsAt.ToUnixTimeSeconds();
        return AddExtra(json, task.Shape);
    }

    private static JsonObject AddExtra(JsonObject json, TaskShape shape)
    {
        if (!shape.ExtraFields)
            return json;
        json["x_note"] = "a field nobody documented: \u00e9\u4e2d\ud83d\ude00";
        json["x_data"] = Raw("""[1,-2.5e10,null,true,{"deep":{"deeper":[]}}]""");
        return json;
    }

    private static string StatusWhileRunning(TaskShape shape, double elapsed) =>
        shape.RunningStatuses.Count > 0 ? Share(shape.RunningStatuses, elapsed) : "in_progress";

    private static T Share<T>(IReadOnlyList<T> values, double elapsed) => values[Math.Min((int)(elapsed * values.Count), values.Count - 1)];

    private static JsonValue? Raw(string text) => JsonValue.Create(new RawText(text));

    /// <summary>Any text, JSON or not, written as it is.</summary>
    [JsonConverter(typeof(RawTextWriter))]
    private sealed record RawText(string Text);

    private sealed class RawTextWriter : JsonConverter<RawText>
    {
        public override RawText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, RawText value, JsonSerializerOptions options) => writer.WriteRawValue(value.Text, skipInputValidation: true);
    }
}
