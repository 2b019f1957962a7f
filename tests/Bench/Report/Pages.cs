using System.Runtime.InteropServices;
using System.Text;

namespace MidJourney.Bench.Report;

/// <summary>The two pages: tests/Bench/Results.md with every figure, docs/benchmarks.md with those that have a headline.</summary>
internal static class Pages
{
    private const string Command = "dotnet run -c Release --project tests/Bench --";

    /// <summary>The figures of docs/benchmarks.md, what a user gets from each, and the benches that measure it.</summary>
    private static readonly (string Title, string About, string[] Benches)[] Topics =
    [
        ("End to end", """
            The whole job: 1,000 job IDs are upscaled, waited for and saved, through a gateway that allows 20 requests per second and 100 running tasks. The
            limit is a schedule that knows
            everything in advance: it fills each free place at once, and reads each task once, when it has ended. With callbacks, the gateway says when a task
            has ended, so that hardly any read is wasted.
            """, ["e2e"]),
        ("Requests and delay", """
            Reading a task more often shows its end sooner, so requests and delay trade against each other. The limit is that of any schedule that knows how
            long tasks usually take, but not this one.
            """, ["polls"]),
        ("Submitting", """
            How many rows per second `$rows | Invoke-MJUpscale` submits if nothing else limits it. Each row is looked up in the journal, and is on the disk
            before its request leaves; the alternatives do neither.
            """, ["submit", "latency"]),
        ("Start", "What the module adds to the start of a script. The processes are new each time.", ["import"]),
        ("Memory", "A run of any length needs the same memory. After each 1,000 jobs, unused memory is collected and the rest is measured.", ["scale", "memory"]),
        ("Ctrl+C", "A person presses Ctrl+C in a terminal: the time until the next prompt is printed.", ["stop"]),
        ("The same command again", "All jobs are finished and in the journal, so the module returns their tasks and sends nothing.", ["rerun"]),
    ];

    public static void Write(string root, IReadOnlyList<Section> sections)
    {
        WriteFile(Path.Combine(root, "tests", "Bench", "Results.md"), Record(sections));
        WriteFile(Path.Combine(root, "docs", "benchmarks.md"), Summary(sections));
        WriteFile(Path.Combine(root, "docs", "benchmarks.svg"), Chart.Draw([.. HeadlinesOf(sections).Select(f => f.Chart).OfType<ChartRow>()]));
    }

    public static string TextOf(Section section)
    {
        var text = new StringBuilder();
        text.AppendLine($"## {section.Title}").AppendLine();
        text.AppendLine(section.About.TrimEnd()).AppendLine();
        text.AppendLine($"`{Command} {section.Name}` ({WhenOf([section])})").AppendLine();
        var table = new Table("figure", "MidJourney", "reference", "limit", "ratio", "goal", "result");
        foreach (var figure in section.Figures)
            table.Add(figure.What, figure.Module, figure.Reference, figure.Limit, figure.Ratio, figure.Goal.Text, figure.Goal.Result);
        text.Append(table);
        foreach (var reason in section.Figures.Where(f => f.Goal.IsMissed && f.Reason is not null).GroupBy(f => f.Reason, f => f.What))
            text.AppendLine().AppendLine($"*{string.Join("; ", reason)}:* {reason.Key}");
        foreach (var detail in section.Details) text.AppendLine().AppendLine(detail.TrimEnd());
        return text.ToString();
    }

    public static string Machine() =>
        $"{Environment.ProcessorCount} × {Processor()}, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}";

    public static void WriteFile(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        Console.WriteLine($"Wrote {path}.");
    }

    private static string Record(IReadOnlyList<Section> sections)
    {
        var page = new StringBuilder();
        page.AppendLine("# Results of the bench").AppendLine();
        page.AppendLine($"""
            `./build.ps1 Bench` measures everything and writes this page; the command below a heading measures that section alone and updates it. Do not edit
            the page. `--quick` shortens a run and
            writes its pages to `out/Bench`. The module runs in the PowerShell that `.config/dotnet-tools.json` names, the emulator in a process of its own on
            the same machine, so both share
            its cores, and anything else that runs meanwhile affects the figures. Figures are medians, unless a row says otherwise. Compare ratios within one
            run, not times between runs.

            Measured on {MachinesOf(sections)}.

            **{GoalsMet(sections)}** Below each table, the page explains what is missed.
            """);
        foreach (var section in sections) page.AppendLine().Append(TextOf(section));
        return page.ToString();
    }

    private static string Summary(IReadOnlyList<Section> sections)
    {
        var shown = HeadlinesOf(sections).ToArray();
        var page = new StringBuilder();
        page.AppendLine("# Benchmarks").AppendLine();
        page.AppendLine($"""
            How fast the module is, next to what you would use instead, and next to the limit that nothing could beat. All figures are of the built module in
            PowerShell 7, with
            [the emulator](../src/MidJourney.Emulator/README.md) as the gateway, each in a new process on the same machine ({MachinesOf(sections)}). The
            alternatives ran in turns with the module,
            so compare the ratios; times depend on the machine.

            ![The alternatives and the limit, relative to MidJourney](benchmarks.svg)
            """).AppendLine();
        var table = new Table("", "MidJourney", "instead", "limit", "ratio", "goal", "result");
        foreach (var figure in shown)
            table.Add(figure.Headline!, figure.Module, figure.Reference, figure.Limit, figure.Ratio, figure.Goal.Text, figure.Goal.IsMissed ? "**missed**" : figure.Goal.Result);
        page.Append(table).AppendLine();

        var missed = shown.Where(f => f.Goal.IsMissed && f.Reason is not null).GroupBy(f => f.Reason, f => f.Headline!.Split(" (")[0]).ToArray();
        if (missed.Length > 0) page.AppendLine("## What stands in the way").AppendLine();
        foreach (var reason in missed) page.AppendLine($"- **{string.Join("; ", reason.Distinct())}:** {reason.Key}");
        if (missed.Length > 0) page.AppendLine();

        page.AppendLine("## How it is measured").AppendLine();
        page.AppendLine($"`./build.ps1 Bench` measures everything; each command below measures one figure and updates its rows. Both write this page; do not edit it.").AppendLine();
        foreach (var topic in Topics)
        {
            if (sections.Where(s => topic.Benches.Contains(s.Name)).ToArray() is not { Length: > 0 } measured) continue;
            page.AppendLine($"- **{topic.Title}.** {topic.About.TrimEnd().ReplaceLineEndings("\n  ")}");
            page.AppendLine($"  `{Command} {string.Join(' ', topic.Benches)}` ({WhenOf(measured)})");
        }
        page.AppendLine().AppendLine("[The complete results](../tests/Bench/Results.md) have more figures, among them saving, the journal, rate limits and the gallery, " +
            "and describe each measurement.");
        return page.ToString();
    }

    private static IEnumerable<Figure> HeadlinesOf(IReadOnlyList<Section> sections) =>
        from topic in Topics
        from section in sections
        where topic.Benches.Contains(section.Name)
        from figure in section.Figures
        where figure.Headline is not null
        select figure;

    private static string WhenOf(IReadOnlyCollection<Section> sections) =>
        $"{Math.Max(1, Math.Round(sections.Sum(s => s.Minutes)))} min; measured {string.Join(", ", sections.Select(s => $"{s.MeasuredOn:yyyy-MM-dd}").Distinct())}";

    private static string MachinesOf(IEnumerable<Section> sections) => string.Join("; ", sections.Select(s => s.Machine).Distinct());

    private static string GoalsMet(IEnumerable<Section> sections)
    {
        var figures = sections.SelectMany(s => s.Figures).Where(f => f.Goal.Excess is not null).ToArray();
        return $"{figures.Count(f => !f.Goal.IsMissed)} of {figures.Length} goals are met.";
    }

    private static string Processor()
    {
        if (!File.Exists("/proc/cpuinfo")) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "cores";
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? "cores" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}

/// <summary>A Markdown table.</summary>
internal sealed class Table
{
    private readonly StringBuilder _text = new();

    public Table(params IReadOnlyCollection<string> columns)
    {
        Add(columns);
        _text.AppendLine("|" + string.Concat(Enumerable.Repeat("---|", columns.Count)));
    }

    public void Add(params IEnumerable<string> cells) =>
        _text.AppendLine($"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", @"\|", StringComparison.Ordinal)))} |");

    public override string ToString() => _text.ToString();
}
