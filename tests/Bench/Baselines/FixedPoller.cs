using System.Text.Json;

namespace MidJourney.Bench.Baselines;

/// <summary>Waits as the published clients do: reads each task at once, then at a fixed interval until it has ended.</summary>
internal sealed class FixedPoller(HttpClient client, int concurrency, TimeSpan interval) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(concurrency);
    private int _reads;

    public int Reads => _reads;

    /// <summary>Makes tasks and returns their ids.</summary>
    public async Task<string[]> CreateAsync(int count) =>
        await Task.WhenAll(Enumerable.Range(1, count).Select(async number =>
        {
            var answer = await InSlotAsync(() => client.PostAsync(Rows.Path, Rows.Body(number)));
            return answer.GetProperty("id").GetString()!;
        }));

    /// <summary>When each task was seen to have ended, by id.</summary>
    public async Task<Dictionary<string, DateTime>> WaitAsync(string[] ids)
    {
        var seen = await Task.WhenAll(ids.Select(async id => (Id: id, At: await WaitAsync(id))));
        return seen.ToDictionary(one => one.Id, one => one.At);
    }

    public void Dispose() => _slots.Dispose();

    private async Task<DateTime> WaitAsync(string id)
    {
        while (true)
        {
            Interlocked.Increment(ref _reads);
            var answer = await InSlotAsync(() => client.GetAsync($"{Rows.Path}/task/{id}"));
            if (answer.GetProperty("status").GetString() == "completed") return DateTime.UtcNow;
            await Task.Delay(interval);
        }
    }

    private async Task<JsonElement> InSlotAsync(Func<Task<HttpResponseMessage>> send)
    {
        await _slots.WaitAsync();
        try
        {
            using var answer = await send();
            using var document = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
            return document.RootElement.Clone();
        }
        finally
        {
            _slots.Release();
        }
    }
}
