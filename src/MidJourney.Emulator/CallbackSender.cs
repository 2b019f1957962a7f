namespace MidJourney.Emulator;

/// <summary>Calls the callback URLs of tasks, in the background. Its errors are counted, and never reach the client.</summary>
internal sealed class CallbackSender(GatewayEmulator emulator) : IDisposable
{
    // As many connections as a small receiver can be expected to accept.
    private const int AtATime = 32;

    // They stand for the reader's own address in documentation, whose examples are run against the emulator.
    private static readonly string[] NotCalled = ["example.com", "example.org", "example.net"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly SemaphoreSlim _free = new(AtATime);
    private readonly Lock _counting = new();
    private CancellationTokenSource _run = new();

    private TimeProvider Time => emulator.Settings.TimeProvider;

    /// <summary>Plans the callbacks of a task that was just made.</summary>
    public void Start(EmulatedTask task)
    {
        var callback = task.Shape.Callback;
        if (task.Callback is not { } given || callback.Body == CallbackBody.Off || NotCalled.Contains(new Uri(given).Host))
            return;
        string url = UrlOf(task, given, callback);
        lock (_counting)
        {
            for (int number = 0; number < callback.At.Count; number++)
            {
                var call = new Call(task, callback, url, number, _run);
                // The wait begins now, so that a fake clock that is advanced next ends it.
                var due = WaitUntilAsync(call.Due, call.End);
                _ = Task.Run(() => RunAsync(call, due));
            }
        }
    }

    /// <summary>Forgets what is planned and cuts what is being sent. None of it is counted any more.</summary>
    public void Reset()
    {
        CancellationTokenSource before;
        lock (_counting) (before, _run) = (_run, new CancellationTokenSource());
        before.Cancel();
    }

    public void Dispose()
    {
        Reset();
        _http.Dispose();
    }

    private static string UrlOf(EmulatedTask task, string given, CallbackShape callback) => callback.Url is not { } pattern
        ? given
        : pattern.Replace("{url}", given, StringComparison.Ordinal)
            .Replace("{origin}", new Uri(given).GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("{id}", task.Id, StringComparison.Ordinal);

    private async Task RunAsync(Call call, Task due)
    {
        try
        {
            await due;
            await CallAsync(call);
        }
        catch (OperationCanceledException) when (call.Run.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Update(call, () => emulator.Counts.CountInternalError(e));
        }
        finally
        {
            call.Task.MarkCalledBack();
        }
    }

    private async Task CallAsync(Call call)
    {
        if (call.IsLost)
        {
            Update(call, () => emulator.Counts.CountCallback(lost: 1));
            return;
        }
        var delays = call.Callback.RetryDelays;
        for (int attempt = 1; !await SendAsync(call, attempt); attempt++)
        {
            call.Task.MarkCalledBack();
            if (attempt > delays.Count)
            {
                Update(call, () => emulator.Counts.CountCallback(givenUp: 1));
                return;
            }
            await Task.Delay(delays[attempt - 1], Time, call.End);
        }
    }

    /// <summary>Whether the request was answered with 2xx.</summary>
    private async Task<bool> SendAsync(Call call, int attempt)
    {
        await _free.WaitAsync(call.End);
        try
        {
            var (text, type) = CallbackContent.Of(call.Task, call.Callback, call.Share, emulator.BaseText);
            var record = new CallbackRecord
            {
                TaskId = call.Task.Id,
                Url = call.Url,
                Share = call.Share,
                Attempt = attempt,
                At = emulator.Now,
                Body = emulator.Settings.RecordDetails ? text : null,
            };
            Update(call, () =>
            {
                call.Task.Add(record);
                emulator.Counts.CountCallback(sent: 1, retried: attempt > 1 ? 1 : 0);
            });
            using var content = CallbackContent.Of(text, type, call.Callback.Pause, Time);
            int status = await StatusOfAsync(call, content);
            bool isAnswered = status is >= 200 and <= 299;
            Update(call, () =>
            {
                record.Status = status;
                emulator.Counts.CountCallback(answered: isAnswered ? 1 : 0);
            });
            return isAnswered;
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>The status of the answer, 0 for none.</summary>
    private async Task<int> StatusOfAsync(Call call, HttpContent content)
    {
        if (!Uri.TryCreate(call.Url, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            return 0;
        using var timeout = new CancellationTokenSource(call.Callback.Timeout, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, call.End);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return (int)answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !call.End.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>Timers have whole milliseconds, and may be early by one.</summary>
    private async Task WaitUntilAsync(DateTimeOffset due, CancellationToken end)
    {
        while (due - emulator.Now is var wait && wait > TimeSpan.Zero)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(wait.TotalMilliseconds), int.MaxValue)), Time, end).ConfigureAwait(false);
    }

    private void Update(Call call, Action change)
    {
        lock (_counting)
        {
            if (call.Run == _run) change();
        }
    }

    private sealed record Call(EmulatedTask Task, CallbackShape Callback, string Url, int Number, CancellationTokenSource Run)
    {
        public CancellationToken End { get; } = Run.Token;

        public double Share => Math.Clamp(Callback.At[Number], 0, 1);

        public DateTimeOffset Due => Task.TimeOf(Share) is var time && time < DateTimeOffset.MaxValue ? time + Callback.Delay : time;

        public bool IsLost => SeededDraw.Unit(SeededDraw.Bits(Task.Number, 4), (ulong)Number) < Callback.LossRate;
    }
}
