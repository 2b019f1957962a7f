using System.Diagnostics;
using System.Text;

namespace MidJourney.Bench.Processes;

/// <summary>A program in a terminal of its own, as a person has it: Ctrl+C is a key, which the terminal turns into a signal.</summary>
internal sealed class Terminal : IAsyncDisposable
{
    private const string CursorQuery = "\e[6n", CursorAnswer = "\e[1;1R";

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Lock _lock = new();
    private readonly StringBuilder _output = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Terminal(Process process)
    {
        _process = process;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Whether this system has the program <c>script</c> of util-linux, which provides the terminal.</summary>
    public static bool IsAvailable => OperatingSystem.IsLinux() && File.Exists("/usr/bin/script");

    public static Terminal Start(ProcessStartInfo program)
    {
        var words = program.ArgumentList.Prepend(program.FileName).Select(word => $"'{word}'");
        var start = new ProcessStartInfo("/usr/bin/script", ["-q", "-e", "-c", $"stty rows 30 cols 120; exec {string.Join(' ', words)}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in program.Environment) start.Environment[name] = value;
        start.Environment["TERM"] = "xterm";
        return new Terminal(Process.Start(start)!);
    }

    public void Type(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits until the program has printed a text after a position in its output.</summary>
    /// <returns>The position after the text.</returns>
    public async Task<int> WaitForAsync(string text, int from)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var output = _output.ToString();
                if (output.IndexOf(text, from, StringComparison.Ordinal) is >= 0 and var at) return at + text.Length;
                if (_reading.IsCompleted || patience.IsCancellationRequested) throw new InvalidOperationException($"The terminal did not show '{text}' but: {output[from..]}");
                changed = _changed.Task;
            }
            await Task.WhenAny(changed, _reading, Task.Delay(Timeout.Infinite, patience.Token));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var length)
        {
            var text = new string(buffer, 0, length);
            // A terminal says where its cursor is, and PowerShell waits for that before it prints its prompt.
            if (text.Contains(CursorQuery, StringComparison.Ordinal)) Type(CursorAnswer);
            lock (_lock)
            {
                _output.Append(text);
                _changed.TrySetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
