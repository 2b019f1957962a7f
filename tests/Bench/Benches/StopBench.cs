using System.Diagnostics;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>How soon the prompt is back after Ctrl+C.</summary>
internal sealed class StopBench : IBench
{
    private const int Limit = 32;
    private const string CtrlC = "\x03", Enter = "\r", Begun = "<begun>", Prompt = "<ready>";

    public string Name => "stop";

    public async Task<Section> RunAsync(Setup setup)
    {
        var (tasks, rounds) = (setup.Pick(500, 50), setup.Pick(10, 3));
        var section = new Section(Name, "Ctrl+C", $"""
            An interactive PowerShell in a terminal (`script` of util-linux; `Scripts/terminal.ps1`). The time runs from the key Ctrl+C to the next prompt.
            {rounds} rounds each.
            *In flight*: {tasks} tasks that do not end, followed by an endless producer piped to `Invoke-MJUpscale`, are all piped to `Wait-MJTask`; every
            answer is delayed by 1 s, and {Limit} requests are
            in flight. *Locked journal*: `Invoke-MJUpscale` waits for the journal, whose lock another process holds. *Reference*: a loop that uses no module.
            """);
        if (!Terminal.IsAvailable)
        {
            section.Details.Add("Not measured: this needs Linux and `/usr/bin/script`.");
            return section;
        }

        await using var emulator = await setup.StartEmulatorAsync("--answer-delay 1000 --duration 600");
        var journal = setup.Programs.NewJournal();
        await using var terminal = emulator.StartTerminal("terminal.ps1", $"-Tasks {tasks} -ThrottleLimit {Limit}", journal);
        var at = await terminal.WaitForAsync(Prompt, 0);
        var nothing = await StopAsync("idle", () => Task.Delay(300));
        var busy = await StopAsync("busy", UntilBusyAsync);
        double[] locked;
        var creates = (await emulator.CountsAsync()).Creates;
        using (File.Open(journal + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            locked = await StopAsync("one", () => Task.Delay(1000));
        if ((await emulator.CountsAsync()).Creates != creates) throw new InvalidOperationException("A create was sent while the journal was locked.");
        Add($"with {Limit} requests in flight", busy);
        Add("while another process locks the journal", locked);
        return section;

        async Task<double[]> StopAsync(string command, Func<Task> whenToStop)
        {
            var times = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                terminal.Type(command + Enter);
                at = await terminal.WaitForAsync(Begun + "\r\n", at);
                await whenToStop();
                var clock = Stopwatch.StartNew();
                terminal.Type(CtrlC);
                at = await terminal.WaitForAsync(Prompt, at);
                times.Add(clock.Elapsed.TotalMilliseconds);
            }
            return [.. times];
        }

        async Task UntilBusyAsync()
        {
            while ((await emulator.CountsAsync()).InFlight < Limit) await Task.Delay(5);
        }

        void Add(string what, double[] times) => section.Figures.Add(new(what,
            $"{times.Median():0} ms, slowest {times.Max():0} ms", $"{nothing.Median():0} ms, slowest {nothing.Max():0} ms")
        {
            Headline = $"From Ctrl+C to the prompt {what} (instead: in a loop without the module)",
            Goal = Goal.All("≤ 100 ms, slowest ≤ 1 s", Goal.AtMost(times.Median(), 100), Goal.AtMost(times.Max(), 1000)),
        });
    }
}
