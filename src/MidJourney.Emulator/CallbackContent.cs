using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>What callbacks carry.</summary>
internal static class CallbackContent
{
    // The code of the gateway for what moderation refused.
    private const string Refused = "110001";

    /// <summary>The body of a callback about a share of the task's duration, and its type.</summary>
    public static (string Text, string? Type) Of(EmulatedTask task, CallbackShape callback, double share, string baseText)
    {
        const string json = "application/json";
        if (callback.Text is { } text)
            return (TaskJson.Fill(text, task, baseText), callback.ContentType);
        return callback.Body switch
        {
            CallbackBody.Job => (Job(task, share).ToJsonString(), json),
            CallbackBody.Form => (Form(task, share), "application/x-www-form-urlencoded"),
            CallbackBody.Foreign => (Read().Replace(task.Id, new string([.. task.Id.Reverse()]), StringComparison.Ordinal), json),
            CallbackBody.Nested => (new JsonObject { ["event"] = "task", ["payload"] = Read() }.ToJsonString(), json),
            CallbackBody.Empty => ("", null),
            _ => (Read(), json),
        };

        string Read() => TaskJson.Read(task, task.TimeOf(share), baseText);
    }

    public static HttpContent Of(string text, string? type, TimeSpan pause, TimeProvider time)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        HttpContent content = pause > TimeSpan.Zero ? new SlowContent(bytes, pause, time) : new ByteArrayContent(bytes);
        if (type is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    /// <summary>As the service behind the gateway writes it: with its own ID, and nothing of the gateway's.</summary>
    private static JsonObject Job(EmulatedTask task, double share)
    {
        var id = task.ResultJobId();
        bool isDone = share >= 1 && !task.Fails;
        var urls = Enumerable.Range(0, isDone ? task.Images : 0).Select(image => JsonValue.Create($"https://cdn.example/{id}/{image}.png"));
        int failed = $"{task.Shape.Failure?.Code}" == Refused ? 4 : 3;
        int status = share switch { <= 0 => 0, < 1 => 1, _ => isDone ? 2 : failed };
        return new JsonObject { ["id"] = id, ["text"] = task.Prompt ?? "", ["urls"] = new JsonArray([.. urls]), ["status"] = status, ["comment"] = "" };
    }

    private static string Form(EmulatedTask task, double share) =>
        $"id={task.Id}&model={task.Model}&status={WebUtility.UrlEncode(TaskJson.StatusOf(task, task.TimeOf(share)))}";

    /// <summary>A body that comes byte by byte.</summary>
    private sealed class SlowContent(byte[] bytes, TimeSpan pause, TimeProvider time) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            for (int sent = 0; sent < bytes.Length; sent++)
            {
                await Task.Delay(pause, time, cancellationToken);
                await stream.WriteAsync(bytes.AsMemory(sent, 1), cancellationToken);
                await stream.FlushAsync(cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
