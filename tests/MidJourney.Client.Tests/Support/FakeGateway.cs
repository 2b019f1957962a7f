namespace MidJourney.Client.Tests;

internal delegate Task<HttpResponseMessage> Answer(HttpRequestMessage request, CancellationToken ended);

/// <summary>A transport without a network: hands out the scripted answers in order, then the last one for ever.</summary>
internal sealed class FakeGateway(TimeProvider time, params Answer[] script) : HttpMessageHandler
{
    private readonly List<SentRequest> _sent = [];
    private int _inFlight;

    public int MostInFlight { get; private set; }

    public SentRequest[] Sent
    {
        get { lock (_sent) return [.. _sent]; }
    }

    /// <summary>Requests whose body was asked for.</summary>
    public int BodiesSent => Sent.Count(s => s.Body is not null);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = Note(request);
        try
        {
            return await answer(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_sent) _inFlight--;
        }
    }

    private Answer Note(HttpRequestMessage request)
    {
        lock (_sent)
        {
            var sent = new SentRequest
            {
                Method = request.Method,
                Uri = request.RequestUri!,
                Authorization = request.Headers.Authorization?.ToString(),
                ContentType = request.Content?.Headers.ContentType?.ToString(),
                At = time.GetUtcNow(),
            };
            request.Options.Set(Answers.Sent, sent);
            _sent.Add(sent);
            MostInFlight = Math.Max(MostInFlight, ++_inFlight);
            return script[Math.Min(_sent.Count, script.Length) - 1];
        }
    }
}
