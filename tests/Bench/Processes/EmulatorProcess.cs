using System.Diagnostics;
using System.Text.Json;

namespace MidJourney.Bench.Processes;

/// <summary>An emulator in a process of its own, its counters, and the scripts that use it.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    public const string ApiKey = "test";

    private readonly Programs _programs;
    private readonly Process _process;
    private readonly HttpClient _admin;

    private EmulatorProcess(Programs programs, Process process, Uri baseUri)
    {
        (_programs, _process, BaseUri) = (programs, process, baseUri);
        _admin = new HttpClient { BaseAddress = new Uri(baseUri, "/_emulator/") };
    }

    public Uri BaseUri { get; }

    public static async Task<EmulatorProcess> StartAsync(Programs programs, string options)
    {
        var process = Process.Start(Run.StartInfo(programs.Emulator, ["--exit-with-stdin", .. Split(options)]))!;
        var line = await process.StandardOutput.ReadLineAsync() ?? "nothing";
        var at = line.IndexOf("http", StringComparison.Ordinal);
        return at >= 0 ? new EmulatorProcess(programs, process, new Uri(line[at..])) : throw new InvalidOperationException($"The emulator printed {line}.");
    }

    /// <summary>
    /// Runs a script of the Scripts folder in a new PowerShell process. The script gets the module's path as -Module, and the gateway, the key and the journal from the environment.
    /// </summary>
    /// <param name="script">The script's file name.</param>
    /// <param name="arguments">Its arguments, separated by spaces.</param>
    /// <param name="journal">The journal's path; by default a new journal per run.</param>
    /// <param name="module">The module to import; by default MidJourney.</param>
    /// <param name="stop">Ends the process.</param>
    public Task<Run> RunScriptAsync(string script, string arguments = "", string? journal = null, string? module = null, CancellationToken stop = default) =>
        Run.StartAsync(PwshInfo(journal, ["-NonInteractive", "-File", PathOf(script), "-Module", module ?? _programs.Module, .. Split(arguments)]), stop);

    /// <summary>Runs a command in a new PowerShell process, with a new journal.</summary>
    public Task<Run> RunCommandAsync(string command) => Run.StartAsync(PwshInfo(null, ["-NonInteractive", "-Command", command]));

    /// <summary>Starts an interactive PowerShell in a terminal; it runs a script of the Scripts folder and then shows its prompt.</summary>
    public Terminal StartTerminal(string script, string arguments, string journal) =>
        Terminal.Start(PwshInfo(journal, ["-NoLogo", "-NoExit", "-File", PathOf(script), "-Module", _programs.Module, .. Split(arguments)]));

    public async Task<Counts> CountsAsync()
    {
        var answer = await GetAsync("counts");
        return answer.GetProperty("counts").Deserialize<Counts>(JsonSerializerOptions.Web)! with { MadeTwice = answer.GetProperty("madeTwice").GetInt32() };
    }

    /// <summary>When the last 4096 requests arrived.</summary>
    public async Task<DateTimeOffset[]> RequestTimesAsync() =>
        [.. (await GetAsync("requests")).EnumerateArray().Select(request => request.GetProperty("at").GetDateTimeOffset())];

    /// <summary>The tasks made so far, in this order.</summary>
    public async Task<EmulatedTask[]> TasksAsync() => (await GetAsync("tasks")).Deserialize<EmulatedTask[]>(JsonSerializerOptions.Web)!;

    /// <summary>When each task made so far ends, by task id.</summary>
    public async Task<Dictionary<string, DateTimeOffset>> EndsAsync() => (await TasksAsync()).ToDictionary(task => task.Id, task => task.EndsAt);

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

    private static string PathOf(string script) => Path.Combine(AppContext.BaseDirectory, "Scripts", script);

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private ProcessStartInfo PwshInfo(string? journal, IEnumerable<string> arguments)
    {
        var start = Run.StartInfo(Programs.Pwsh, ["-NoProfile", .. arguments]);
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        start.Environment["MIDJOURNEY_API_KEY"] = ApiKey;
        start.Environment["MIDJOURNEY_BASE_URI"] = BaseUri.AbsoluteUri;
        start.Environment["MIDJOURNEY_JOURNAL_PATH"] = journal ?? _programs.NewJournal();
        return start;
    }

    private async Task<JsonElement> GetAsync(string what)
    {
        using var document = JsonDocument.Parse(await _admin.GetByteArrayAsync(what));
        return document.RootElement.Clone();
    }
}

/// <param name="Id">The task's ID.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="EndsAt">When it ends.</param>
/// <param name="SeenAt">When a read first showed that it has ended.</param>
/// <param name="Reads">How often it was read.</param>
internal sealed record EmulatedTask(string Id, DateTimeOffset CreatedAt, DateTimeOffset EndsAt, DateTimeOffset? SeenAt, int Reads);

/// <summary>The emulator's counters.</summary>
internal sealed record Counts
{
    public long Creates { get; init; }

    public long TasksMade { get; init; }

    public long Reads { get; init; }

    public long TooManyRequests { get; init; }

    public int InFlight { get; init; }

    public int MaxInFlight { get; init; }

    /// <summary>The number of jobs for which more than one task was made.</summary>
    public int MadeTwice { get; init; }
}
