namespace MidJourney.Tests;

/// <summary>A reader's machine while examples run: a key, the gateway's address, and a journal.</summary>
internal sealed class ReaderEnvironment : IDisposable
{
    /// <summary>Stand in the docs for ids of the reader's own.</summary>
    private static readonly string[] TaskIds = ["d758n65e878c73cmdg20", "d758n65e878c73cmdg2g"];

    private const string JobId = "f2a61b7c-4a43-4c1a-b8d9-0f6a1d2e3c4b";

    private static readonly TaskShape Ended = new() { Duration = TaskDuration.Fixed(TimeSpan.Zero) };

    private readonly Dictionary<string, string?> _before = [];

    public ReaderEnvironment(Uri gateway)
    {
        Set("MIDJOURNEY_API_KEY", TestKey.Value);
        Set("MIDJOURNEY_BASE_URI", gateway.ToString());
        Set("MIDJOURNEY_JOURNAL_PATH", TestFolder.NewFile(".jsonl"));
        Set("PSModulePath", Path.GetDirectoryName(Repository.Module));
    }

    /// <summary>
    /// The code as the reader would run it: in a folder of its own, with ids of tasks that there are, and with a job that no other example has.
    /// </summary>
    public static string Prepare(string code, GatewayEmulator gateway)
    {
        foreach (var id in TaskIds) code = code.Replace(id, gateway.AddTask($"job-of-{id}", shape: Ended).Id, StringComparison.Ordinal);
        code = code.Replace(JobId, Guid.NewGuid().ToString(), StringComparison.Ordinal);
        code = code.Replace("http://127.0.0.1:8080", gateway.BaseUri.ToString(), StringComparison.Ordinal);
        var folder = Directory.CreateDirectory(TestFolder.NewFile("")).FullName;
        return $"$null = $ExecutionContext.SessionState.Path.SetLocation('{folder}')\n{code}";
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before) Environment.SetEnvironmentVariable(name, value);
    }

    private void Set(string name, string? value)
    {
        _before[name] = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, value);
    }
}
