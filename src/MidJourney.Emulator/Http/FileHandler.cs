using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace MidJourney.Emulator;

/// <summary><c>GET /files/{taskId}/{n}.png</c>: the results, which anyone may download.</summary>
internal sealed class FileHandler(EmulatorState state) : IOperationHandler
{
    public Operation Operation => Operation.File;

    public bool IsGateway => false;

    public bool Takes(Exchange exchange, ReadOnlySpan<char> path)
    {
        int slash = path.IndexOf('/');
        int dot = path.LastIndexOf('.');
        if (slash <= 0 || dot < slash || !int.TryParse(path[(slash + 1)..dot], NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return false;
        var task = state.Tasks.Find(path[..slash]);
        exchange.Subject = task;
        exchange.TaskId = task?.Id ?? path[..slash].ToString();
        exchange.FileIndex = index;
        return true;
    }

    public ValueTask ReceiveAsync(Exchange exchange)
    {
        state.Counts.CountFile(exchange.Authorization is not null);
        exchange.Key = exchange.Subject?.Key ?? default;
        return default;
    }

    public void Perform(Exchange exchange)
    {
        int index = exchange.FileIndex;
        if (exchange.Subject is not { Fails: false } task || index >= task.Outputs * task.Images || state.Now < task.EndTicks)
        {
            exchange.AnswerError(404, state.Options.ErrorBody, 404, "no such file");
            return;
        }
        var headers = exchange.Http.Response.Headers;
        string etag = $"\"{task.Id}-{index}\"";
        headers.ETag = etag;
        headers.AcceptRanges = "bytes";
        if (exchange.Http.Request.Headers.IfNoneMatch == etag)
        {
            exchange.Answer(304, "", default);
            return;
        }
        string name = string.Create(CultureInfo.InvariantCulture, $"{task.Id}/{index}");
        var image = PngImage.Write(name, SeededDraw.Bits(task.Number, (ulong)index), task.Shape.ImageBytes, exchange.Rent);
        AnswerPart(exchange, ContentType(task.Shape), image, etag);
    }

    private static void AnswerPart(Exchange exchange, string contentType, ReadOnlyMemory<byte> file, string etag)
    {
        var request = exchange.Http.Request.Headers;
        bool mayBePart = request.IfRange.Count == 0 || request.IfRange == etag;
        if (!mayBePart || !ByteRange.TryParse(request.Range, file.Length, out var range))
        {
            exchange.Answer(200, contentType, file);
            return;
        }
        var headers = exchange.Http.Response.Headers;
        if (range.Length == 0)
        {
            headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{file.Length}");
            exchange.Answer(416, contentType, default);
            return;
        }
        headers[HeaderNames.ContentRange] = string.Create(
            CultureInfo.InvariantCulture, $"bytes {range.Start}-{range.Start + range.Length - 1}/{file.Length}");
        exchange.Answer(206, contentType, file.Slice(range.Start, range.Length));
    }

    private static string ContentType(TaskShape shape) => shape.ContentType switch
    {
        "image" => "image/png",
        "video" => "video/mp4",
        _ => "application/octet-stream",
    };
}
