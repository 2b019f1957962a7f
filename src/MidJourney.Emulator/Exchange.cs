namespace MidJourney.Emulator;

/// <summary>One request to the gateway, what it is about, and its answer, which is kept here until it is sent.</summary>
internal sealed class Exchange
{
    private const int LastPiece = 64 * 1024;

    private readonly Stream _wire;
    private int _sent;

    /// <summary>From now on, what is written to the response is kept in <see cref="Answer"/>.</summary>
    public Exchange(HttpContext http, Operation operation)
    {
        (Http, Operation, _wire) = (http, operation, http.Response.Body);
        http.Response.Body = Answer;
        http.Features.Set(this);
    }

    public HttpContext Http { get; }
    public Operation Operation { get; }
    public CancellationToken Aborted => Http.RequestAborted;
    public bool HasAuthorization => Http.Request.Headers.Authorization.Count > 0;

    public JobKey Key { get; set; } // of the create or precharge, or of the task that is read or downloaded
    public string? TaskId { get; set; }
    public EmulatedTask? Task { get; set; } // that is read or downloaded, or was made
    public bool ShowsEnd { get; set; } // a read of a task that has ended
    public CreateRequest? Create { get; set; }
    public string? RequestText { get; set; }

    public MemoryStream Answer { get; } = new();
    public bool IsCut { get; set; }

    private bool HasBody => !IsCut && !HttpMethods.IsHead(Http.Request.Method) && Http.Response.StatusCode is not (204 or 304);

    public static Exchange Of(HttpContext http) => http.Features.Get<Exchange>()!;

    /// <summary>
    /// Sends the answer except its last piece, which is left to <see cref="FinishAsync"/>: a client that has the whole answer
    /// must no longer be counted as having a request in flight.
    /// </summary>
    public Task SendAsync() => SendUpToAsync(Answer.Length - LastPiece, Aborted);

    public Task SendHalfAsync() => SendUpToAsync(Answer.Length / 2, Aborted);

    public async Task SendSlowlyAsync(TimeSpan pause, TimeProvider time)
    {
        for (int sent = 1; sent < Answer.Length; sent++)
        {
            await SendUpToAsync(sent, Aborted);
            await System.Threading.Tasks.Task.Delay(pause, time, Aborted);
        }
    }

    public Task FinishAsync() => SendUpToAsync(Answer.Length, CancellationToken.None);

    private async Task SendUpToAsync(long end, CancellationToken cancellationToken)
    {
        if (Http.Response.StatusCode is 204 or 304)
            Http.Response.ContentLength = null;
        if (!HasBody || end <= _sent)
            return;
        int start = _sent;
        _sent = (int)end;
        await _wire.WriteAsync(Answer.GetBuffer().AsMemory(start, _sent - start), cancellationToken);
    }
}
