using System.Runtime.InteropServices;
using System.Text;

namespace MidJourney.Bench.Report;

/// <summary>The two pages of a run: tests/Bench/Results.md with every figure, docs/benchmarks.md with those that have a headline.</summary>
internal static class Pages
{
    public static void Write(string root, IReadOnlyList<Section> sections, TimeSpan took)
    {
        var measured = $"Measured on {Machine()}; {DateTime.UtcNow:yyyy-MM-dd}; {took.TotalMinutes:0} minutes.";
        WriteFile(Path.Combine(root, "tests", "Bench", "Results.md"), Results(sections, measured));
        WriteFile(Path.Combine(root, "docs", "benchmarks.md"), Summary(sections, measured));
    }

    private static string Results(IReadOnlyList<Section> sections, string measured)
    {
        var page = new StringBuilder();
        page.AppendLine("# Results of the bench").AppendLine();
        page.AppendLine("""
            `./build.ps1 Bench` writes this page; do not edit it. The module runs in the PowerShell that `.config/dotnet-tools.json` names. The emulator runs in a
            process of its own on the same machine, so both share its cores, and anything else that runs meanwhile affects the figures. Compare ratios within one
            run, not times between runs.
            """).AppendLine();
        page.AppendLine(measured).AppendLine();
        page.AppendLine($"**{GoalsMet(sections)}** Below each table, the page explains what is missed.");
        foreach (var section in sections) page.AppendLine().Append(TextOf(section));
        return page.ToString();
    }

    private static string Summary(IReadOnlyList<Section> sections, string measured)
    {
        var figures = sections.SelectMany(s => s.Figures).Where(f => f.Headline is not null).ToArray();
        var page = new StringBuilder();
        page.AppendLine("# Benchmarks").AppendLine();
        page.AppendLine($"""
            `./build.ps1 Bench` measures the built module in PowerShell 7 with [the emulator](../src/MidJourney.Emulator/README.md), in processes of their own on one machine, and writes
            this page; do not edit it. The figures are medians of several runs, unless a row says otherwise. Compare ratios, not times: both sides of a comparison ran interleaved on
            the same machine. {measured}
            """).AppendLine();
        var table = new Table("", "MidJourney", "reference", "ratio", "goal", "result");
        foreach (var figure in figures) table.Add(figure.Headline!, figure.Module, figure.Reference, figure.Ratio, figure.Goal.Text, ResultOf(figure));
        page.Append(table).AppendLine();
        var missed = figures.Where(f => f.Goal.IsMissed && f.Reason is not null).ToArray();
        if (missed.Length > 0) page.AppendLine("Why goals are missed:").AppendLine();
        foreach (var figure in missed) page.AppendLine($"- *{figure.Headline!.Split(" (")[0]}:* {figure.Reason}");
        if (missed.Length > 0) page.AppendLine();
        page.AppendLine($"{GoalsMet(sections)} [The complete results](../tests/Bench/Results.md) list every figure with the command that measures it.");
        page.AppendLine().AppendLine("![Polls per task and median delay, by strategy](polls.svg)");
        return page.ToString();
    }

    public static string TextOf(Section section)
    {
        var text = new StringBuilder();
        text.AppendLine($"## {section.Title}").AppendLine();
        text.AppendLine(section.About).AppendLine();
        text.AppendLine($"`dotnet run -c Release --project tests/Bench -- {section.Name}`").AppendLine();
        var table = new Table("figure", "MidJourney, median", "reference, median", "ratio", "goal", "result");
        foreach (var figure in section.Figures) table.Add(figure.What, figure.Module, figure.Reference, figure.Ratio, figure.Goal.Text, figure.Goal.Result);
        text.Append(table);
        foreach (var reason in section.Figures.Where(f => f.Goal.IsMissed && f.Reason is not null).GroupBy(f => f.Reason, f => f.What))
            text.AppendLine().AppendLine($"*{string.Join("; ", reason)}:* {reason.Key}");
        foreach (var detail in section.Details) text.AppendLine().AppendLine(detail.TrimEnd());
        return text.ToString();
    }

    private static string ResultOf(Figure figure) => figure.Goal.IsMissed ? "**missed**" : figure.Goal.Result;

    private static string GoalsMet(IEnumerable<Section> sections)
    {
        var figures = sections.SelectMany(s => s.Figures).Where(f => f.Goal.Excess is not null).ToArray();
        return $"{figures.Count(f => !f.Goal.IsMissed)} of {figures.Length} goals are met.";
    }

    private static string Machine() =>
        $"{Environment.ProcessorCount} × {Processor()}, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}";

    private static string Processor()
    {
        if (!File.Exists("/proc/cpuinfo")) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "cores";
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? "cores" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static void WriteFile(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        Console.WriteLine($"Wrote {path}.");
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

    public void Add(params IEnumerable<string> cells) => _text.AppendLine($"| {string.Join(" | ", cells)} |");

    public override string ToString() => _text.ToString();
}
