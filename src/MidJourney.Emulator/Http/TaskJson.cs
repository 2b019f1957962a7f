using System.Globalization;
using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>Tasks as the wire shows them, in the shape that was asked for.</summary>
internal static class TaskJson
{
    public static void AnswerCreated(Exchange exchange, EmulatedTask task, string baseText)
    {
        var shape = task.Shape;
        if (shape.RawCreate is { } raw)
        {
            exchange.AnswerText(200, "application/json", Fill(raw, task, baseText));
            return;
        }
        var json = exchange.BeginJson();
        json.WriteStartObject();
        WriteId(json, task.Id, shape.CreateId);
        WriteCreatedAt(json, task);
        json.WriteString("status"u8, shape.CreateStatus ?? StatusWhileRunning(shape, 0));
        json.WriteString("model"u8, task.Model);
        WriteExtra(json, shape);
        json.WriteEndObject();
        exchange.EndJson(200);
    }

    public static void AnswerRead(Exchange exchange, EmulatedTask task, long now, string baseText)
    {
        var shape = task.Shape;
        if (shape.RawReads is { Count: > 0 } raw)
        {
            exchange.AnswerText(200, "application/json", Fill(raw[Math.Min(task.Reads, raw.Count) - 1], task, baseText));
            return;
        }
        var json = exchange.BeginJson();
        json.WriteStartObject();
        WriteId(json, task.Id, shape.ReadId);
        json.WriteString("model"u8, task.Model);
        WriteCreatedAt(json, task);
        if (now < task.EndTicks)
            WriteRunning(json, task, Elapsed(task, now));
        else if (task.Fails)
            WriteFailed(json, shape);
        else
            WriteCompleted(json, task, now, baseText);
        WriteMetadata(json, task, now);
        WriteExtra(json, shape);
        json.WriteEndObject();
        exchange.EndJson(200);
    }

    private static void WriteRunning(Utf8JsonWriter json, EmulatedTask task, double elapsed)
    {
        json.WriteString("status"u8, StatusWhileRunning(task.Shape, elapsed));
        if (Progress(task.Shape, elapsed) is { } progress)
            json.WriteNumber("progress"u8, Math.Round(progress, 4));
    }

    private static void WriteFailed(Utf8JsonWriter json, TaskShape shape)
    {
        json.WriteString("status"u8, shape.FailedStatus);
        WriteProgressAtEnd(json, shape);
        var failure = shape.Failure;
        switch (shape.Error)
        {
            case ErrorStyle.Missing:
                break;
            case ErrorStyle.PlainText:
                json.WriteString("error"u8, failure?.Message);
                break;
            default:
                json.WriteStartObject("error"u8);
                json.WriteErrorFields(failure?.Code, failure?.Message, shape.Error == ErrorStyle.ErrorMessage);
                WriteExtra(json, shape);
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteCompleted(Utf8JsonWriter json, EmulatedTask task, long now, string baseText)
    {
        var shape = task.Shape;
        json.WriteString("status"u8, shape.CompletedStatus);
        WriteProgressAtEnd(json, shape);
        bool late = now - task.EndTicks < shape.UrlDelay.Ticks;
        if (late && shape.LateUrl == LateUrlStyle.EmptyOutput)
        {
            json.WriteStartArray("output"u8);
            json.WriteEndArray();
        }
        else if (!late || shape.LateUrl != LateUrlStyle.MissingOutput)
        {
            WriteOutput(json, task, late, baseText);
        }
        WriteUsage(json, shape, task.Outputs);
    }

    private static void WriteOutput(Utf8JsonWriter json, EmulatedTask task, bool late, string baseText)
    {
        json.WriteStartArray("output"u8);
        for (int output = 0; output < task.Outputs; output++)
        {
            json.WriteStartObject();
            json.WriteStartArray("content"u8);
            for (int image = 0; image < task.Images; image++)
                WriteContent(json, task, output, image, late, baseText);
            json.WriteEndArray();
            WriteExtra(json, task.Shape);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteContent(Utf8JsonWriter json, EmulatedTask task, int output, int image, bool late, string baseText)
    {
        var shape = task.Shape;
        json.WriteStartObject();
        json.WriteString("type"u8, shape.ContentType);
        if (!late)
            WriteUrl(json, task, (output * task.Images) + image, baseText);
        else if (shape.LateUrl == LateUrlStyle.EmptyUrl)
            json.WriteString("url"u8, "");
        if (shape.ResultJobIds)
            json.WriteString("jobId"u8, task.ResultJobId(output));
        WriteExtra(json, shape);
        json.WriteEndObject();
    }

    private static void WriteUrl(Utf8JsonWriter json, EmulatedTask task, int index, string baseText)
    {
        if (task.Shape.Url is { } pattern)
        {
            string number = index.ToString(CultureInfo.InvariantCulture);
            json.WriteString("url"u8, Fill(pattern, task, baseText).Replace("{n}", number, StringComparison.Ordinal));
            return;
        }
        string extension = task.Shape.ContentType switch { "image" => "png", "video" => "mp4", _ => "bin" };
        json.WriteString("url"u8, string.Create(CultureInfo.InvariantCulture, $"{baseText}/files/{task.Id}/{index}.{extension}"));
    }

    private static void WriteUsage(Utf8JsonWriter json, TaskShape shape, int quantity)
    {
        if (shape.CostStyle == CostStyle.NoUsage)
            return;
        json.WriteStartObject("usage"u8);
        decimal cost = shape.Cost * quantity;
        switch (shape.CostStyle)
        {
            case CostStyle.Text:
                json.WriteString("cost"u8, cost.ToString(CultureInfo.InvariantCulture));
                break;
            case CostStyle.Number:
                json.WriteNumber("cost"u8, cost);
                break;
            case CostStyle.Empty:
                json.WriteString("cost"u8, "");
                break;
            case CostStyle.Null:
                json.WriteNull("cost"u8);
                break;
        }
        json.WriteNumber("discount"u8, 1);
        json.WriteNumber("quantity"u8, quantity);
        json.WriteString("unit_price"u8, shape.Cost.ToString(CultureInfo.InvariantCulture));
        WriteExtra(json, shape);
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, EmulatedTask task, long now)
    {
        if (task.Shape.MetadataJson is { } text)
        {
            json.WritePropertyName("metadata"u8);
            json.WriteRawValue(text, skipInputValidation: true);
            return;
        }
        json.WriteStartObject("metadata"u8);
        json.WriteNumber("in_queue_at"u8, task.CreatedAt.ToUnixTimeSeconds());
        if (now >= task.EndTicks)
            json.WriteNumber("completed_at"u8, task.EndsAt.ToUnixTimeSeconds());
        WriteExtra(json, task.Shape);
        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, string id, IdField field)
    {
        if (field is not IdField.TaskId)
            json.WriteString("id"u8, id);
        if (field is not IdField.Id)
            json.WriteString("task_id"u8, id);
    }

    private static void WriteCreatedAt(Utf8JsonWriter json, EmulatedTask task)
    {
        if (task.Shape.CreatedAt == CreatedAtStyle.Unix)
            json.WriteNumber("created_at"u8, task.CreatedAt.ToUnixTimeSeconds());
        else if (task.Shape.CreatedAt == CreatedAtStyle.Iso8601)
            json.WriteString("created_at"u8, task.CreatedAt.UtcDateTime);
    }

    private static void WriteProgressAtEnd(Utf8JsonWriter json, TaskShape shape)
    {
        if (shape.ProgressWhenEnded)
            json.WriteNumber("progress"u8, shape.Progress == ProgressStyle.Percent ? 100 : 1);
    }

    private static void WriteExtra(Utf8JsonWriter json, TaskShape shape)
    {
        if (!shape.ExtraFields)
            return;
        json.WriteString("x_note"u8, "a field nobody documented: \u00e9\u4e2d\ud83d\ude00");
        json.WritePropertyName("x_data"u8);
        json.WriteRawValue("""[1,-2.5e10,null,true,{"deep":{"deeper":[]}}]"""u8);
    }

    private static double Elapsed(EmulatedTask task, long now) =>
        Math.Clamp((double)(now - task.CreatedTicks) / (task.EndTicks - task.CreatedTicks), 0, 1);

    private static string StatusWhileRunning(TaskShape shape, double elapsed) =>
        shape.RunningStatuses.Count > 0 ? Share(shape.RunningStatuses, elapsed) : "in_progress";

    private static double? Progress(TaskShape shape, double elapsed) => shape.Progress switch
    {
        ProgressStyle.Percent => elapsed * 100,
        ProgressStyle.Stuck => shape.ProgressAt,
        ProgressStyle.Jumps when shape.ProgressSteps.Count > 0 => Share(shape.ProgressSteps, elapsed),
        ProgressStyle.Misleading => 0.99 - (0.9 * elapsed),
        ProgressStyle.Fraction => elapsed,
        _ => null,
    };

    private static T Share<T>(IReadOnlyList<T> values, double elapsed) =>
        values[Math.Min((int)(elapsed * values.Count), values.Count - 1)];

    private static string Fill(string text, EmulatedTask task, string baseText) => text
        .Replace("{id}", task.Id, StringComparison.Ordinal)
        .Replace("{base}", baseText, StringComparison.Ordinal);
}
