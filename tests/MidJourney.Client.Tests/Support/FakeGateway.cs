using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MidJourney.Client.Tests;

internal delegate Task<HttpResponseMessage> Answer(HttpRequestMessage request, CancellationToken ended);

/// <summary>A transport without a network: hands out the scripted answers in order, then the last one for ever.</summary>
internal sealed class FakeGateway(TimeProvider time, params Answer[] script) : HttpMessageHandler
{
    private readonly List<SentRequest> _sent = [];
    private int _inFlight;
    private readonly ConcurrentDictionary<string, int> _given = new();

    /// <summary>Whether the answers go out as they are scripted, although several then name one task.</summary>
    public bool RepeatsIds { get; init; }

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
            return await WithOwnIdAsync(request, await answer(request, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            lock (_sent) _inFlight--;
        }
    }

    /// <summary>A gateway gives each task an id of its own and reads the one that was asked for; the ordinary answers are all of one.</summary>
    private async Task<HttpResponseMessage> WithOwnIdAsync(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (RepeatsIds || response.Content is not ByteArrayContent content) return response;
        var text = await content.ReadAsStringAsync().ConfigureAwait(false);
        if (Regex.Match(text, "\"id\":\"([^\"]+)\"") is not { Success: true } match) return response;
        var (given, own) = (match.Groups[1].Value, Uri.UnescapeDataString(request.RequestUri!.Segments[^1]));
        if (request.Method == HttpMethod.Get && given != Sample.Id) return response;
        if (request.Method == HttpMethod.Post && _given.AddOrUpdate(given, 1, (_, times) => times + 1) is var times) own = times == 1 ? given : $"{given}-{times}";
        if (own == given) return response;
        response.Content = new StringContent(text.Replace($"\"{given}\"", JsonSerializer.Serialize(own), StringComparison.Ordinal), System.Text.Encoding.UTF8, content.Headers.ContentType?.MediaType ?? "application/json");
        return response;
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
