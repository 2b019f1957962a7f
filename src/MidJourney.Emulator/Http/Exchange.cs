using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace MidJourney.Emulator;

/// <summary>One request with its answer. A connection serves its requests one after another, all with the same exchange.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The JSON writer writes to memory: disposing it would give nothing back.")]
internal sealed class Exchange
{
    private const int LargestKeptBuffer = 64 * 1024;
    private const int Piece = 64 * 1024;

    private ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Utf8JsonWriter _json;
    private readonly List<byte[]> _rented = [];
    private bool _flushed;

    public Exchange() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });

    public DefaultHttpContext Http { get; } = new();

    public string Path { get; private set; } = "";

    public string Method { get; private set; } = "";

    public string? Authorization { get; private set; }

    public long ReceivedAt { get; set; }

    // What the request is about, as far as it is known.
    public JobKey Key { get; set; }

    public string? TaskId { get; set; }

    public EmulatedTask? Subject { get; set; }

    public CreateRequest Create { get; set; }

    public int FileIndex { get; set; }

    public string? RequestText { get; set; }

    // The answer. Status 0 stands for none.
    public int Status { get; set; }

    public string ContentType { get; set; } = "";

    public ReadOnlyMemory<byte> Body { get; set; }

    public void Begin(IFeatureCollection features)
    {
        Http.Initialize(features);
        var request = Http.Request;
        Path = request.Path.Value ?? "";
        Method = request.Method;
        Authorization = request.Headers.Authorization;
        Key = default;
        TaskId = null;
        Subject = null;
        Create = default;
        RequestText = null;
        Status = 0;
        Body = default;
        _flushed = false;
    }

    public void End()
    {
        foreach (byte[] rented in _rented)
            ArrayPool<byte>.Shared.Return(rented);
        _rented.Clear();
        if (_buffer.Capacity > LargestKeptBuffer)
            _buffer = new ArrayBufferWriter<byte>(512);
        Http.Uninitialize();
    }

    public Utf8JsonWriter BeginJson()
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        return _json;
    }

    public void EndJson(int status)
    {
        _json.Flush();
        Answer(status, "application/json", _buffer.WrittenMemory);
    }

    public void AnswerText(int status, string contentType, string text)
    {
        _buffer.ResetWrittenCount();
        Encoding.UTF8.GetBytes(text, _buffer);
        Answer(status, contentType, _buffer.WrittenMemory);
    }

    public void Answer(int status, string contentType, ReadOnlyMemory<byte> body)
    {
        Status = status;
        ContentType = contentType;
        Body = body;
    }

    /// <summary>A buffer for the body, taken back at the end of the exchange.</summary>
    public byte[] Rent(int length)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        _rented.Add(rented);
        return rented;
    }

    /// <summary>
    /// Sends the answer, but leaves its last piece to <see cref="FinishAsync"/>: a request whose answer has arrived is then
    /// no longer counted as being in flight.
    /// </summary>
    public ValueTask SendAsync()
    {
        var writer = Head();
        if (Method == "HEAD" || Status is 204 or 304)
            return default;
        if (Body.Length > Piece)
            return SendPiecesAsync(writer, Piece, TimeSpan.Zero, TimeProvider.System);
        Put(writer, Body.Span);
        return default;
    }

    /// <summary>The same in small pieces, with a pause before each but the first.</summary>
    public ValueTask SendSlowlyAsync(int piece, TimeSpan pause, TimeProvider time) => SendPiecesAsync(Head(), piece, pause, time);

    /// <summary>Sends the head for the whole body, but only half of that.</summary>
    public async ValueTask SendHalfAsync()
    {
        var writer = Head();
        Put(writer, Body.Span[..(Body.Length / 2)]);
        await writer.FlushAsync(Http.RequestAborted);
    }

    public void RetryAfter(string? value)
    {
        if (value is not null)
            Http.Response.Headers[HeaderNames.RetryAfter] = value;
    }

    /// <summary>Sends what is left. Kestrel does so by itself where nothing was flushed before.</summary>
    public async ValueTask FinishAsync()
    {
        if (_flushed && Status != 0)
            await Http.Response.BodyWriter.FlushAsync();
    }

    private static void Put(PipeWriter writer, ReadOnlySpan<byte> bytes)
    {
        // Before the response has started, the writer gives memory only to those who say how much they need.
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
    }

    private PipeWriter Head()
    {
        var response = Http.Response;
        response.StatusCode = Status;
        if (Body.Length > 0)
            response.ContentType = ContentType;
        if (Status is not (204 or 304))
            response.ContentLength = Body.Length;
        return response.BodyWriter;
    }

    private async ValueTask SendPiecesAsync(PipeWriter writer, int piece, TimeSpan pause, TimeProvider time)
    {
        for (int sent = 0; sent < Body.Length; sent += piece)
        {
            if (sent > 0)
            {
                _flushed = true;
                await writer.FlushAsync(Http.RequestAborted);
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, time, Http.RequestAborted);
            }
            Put(writer, Body.Span.Slice(sent, Math.Min(piece, Body.Length - sent)));
        }
    }
}
