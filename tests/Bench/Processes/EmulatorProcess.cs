using System.Diagnostics;
using System.Text.Json;

namespace MidJourney.Bench.Processes;

/// <summary>An emulator in a process of its own, and what it says of itself.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    public const string ApiKey = "test";

    private readonly Process _process;
    private readonly HttpClient _admin;

    private EmulatorProcess(Process process, Uri baseUri)
    {
        _process = process;
        BaseUri = baseUri;
        _admin = new HttpClient { BaseAddress = new Uri(baseUri, "/_emulator/") };
    }

    public Uri BaseUri { get; }

    public static async Task<EmulatorProcess> StartAsync(Programs programs, string options = "")
    {
        var start = DotNet.StartInfo(programs.Emulator, ["--exit-with-stdin", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? "nothing";
        var at = line.IndexOf("http", StringComparison.Ordinal);
        return at >= 0 ? new EmulatorProcess(process, new Uri(line[at..])) : throw new InvalidOperationException($"The emulator said {line}.");
    }

    public async Task<Counts> CountsAsync()
    {
        var answer = await GetAsync("counts");
        return answer.GetProperty("counts").Deserialize<Counts>(JsonSerializerOptions.Web)! with { MadeTwice = answer.GetProperty("madeTwice").GetInt32() };
    }

    /// <summary>When the last 4096 requests arrived.</summary>
    public async Task<DateTimeOffset[]> RequestTimesAsync() =>
        [.. (await GetAsync("requests")).EnumerateArray().Select(request => request.GetProperty("at").GetDateTimeOffset())];

    /// <summary>When each task made so far ends.</summary>
    public async Task<Dictionary<string, DateTimeOffset>> EndsAsync() => (await GetAsync("tasks")).EnumerateArray()
        .ToDictionary(task => task.GetProperty("id").GetString()!, task => task.GetProperty("endsAt").GetDateTimeOffset());

    public async Task ResetAsync()
    {
        using var answer = await _admin.PostAsync("reset", null);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<JsonElement> GetAsync(string what)
    {
        using var document = JsonDocument.Parse(await _admin.GetByteArrayAsync(what));
        return document.RootElement.Clone();
    }
}
