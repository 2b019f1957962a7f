using System.Diagnostics;
using System.Text.Json;

namespace MidJourney.Tests;

/// <summary>The emulator as a process of its own; it ends with this one, whatever happens.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private readonly Process _process;

    private EmulatorProcess(Process process, string baseUri) => (_process, BaseUri) = (process, baseUri);

    public string BaseUri { get; }

    /// <param name="apiKey">The key it lets in.</param>
    /// <param name="script">Options and faults, as the emulator's README tells.</param>
    public static async Task<EmulatorProcess> StartAsync(string apiKey, string script)
    {
        var file = TestFolder.NewFile(".json");
        await File.WriteAllTextAsync(file, script);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MidJourney.Emulator.dll"), "--port", "0", "--exit-with-stdin", "--api-key", apiKey, "--script", file])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        Assert.True(line?.StartsWith("Listening on ", StringComparison.Ordinal) == true, $"The emulator did not start: {line}");
        return new EmulatorProcess(process, line!["Listening on ".Length..]);
    }

    public async Task<EmulatorCounts> CountsAsync()
    {
        using var client = new HttpClient();
        await using var json = await client.GetStreamAsync(new Uri($"{BaseUri}/_emulator/counts"));
        using var read = await JsonDocument.ParseAsync(json);
        var counts = read.RootElement.GetProperty("counts");
        return new EmulatorCounts(Number("creates"), Number("reads"), Number("files"), Number("tasksMade"), read.RootElement.GetProperty("madeTwice").GetInt64());

        long Number(string name) => counts.GetProperty(name).GetInt64();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    internal sealed record EmulatorCounts(long Creates, long Reads, long Files, long TasksMade, long MadeTwice);
}
