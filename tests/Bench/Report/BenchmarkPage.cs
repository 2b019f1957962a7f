using System.Text;

namespace MidJourney.Bench.Report;

/// <summary>The page that shows every figure.</summary>
internal static class BenchmarkPage
{
    public static string Of(IReadOnlyList<Section> sections, TimeSpan took)
    {
        var page = new StringBuilder();
        page.AppendLine("# Benchmarks").AppendLine();
        page.AppendLine("""
            Written by `./build.ps1 Bench`; do not edit. The module runs in the PowerShell that `.config/dotnet-tools.json` names, the emulator in a
            process of its own on the same machine: the two share its cores. So look at ratios within one run, not at times of two.
            Everything else that runs meanwhile shows, too.
            """).AppendLine();
        page.AppendLine($"Measured on {Host.Describe()}; {DateTime.UtcNow:yyyy-MM-dd}; {took.TotalMinutes:0} minutes.").AppendLine();
        var (met, all) = Tally(sections);
        page.AppendLine($"**{met} of {all} goals are met.** What is missed is explained below its table.");
        foreach (var section in sections) page.AppendLine().Append(TextOf(section));
        return page.ToString();
    }

    public static string TextOf(Section section)
    {
        var text = new StringBuilder();
        text.AppendLine($"## {section.Title}").AppendLine();
        text.AppendLine(section.About).AppendLine();
        text.AppendLine($"`dotnet run -c Release --project tests/Bench -- {section.Name}`").AppendLine();
        var table = new Table("figure", "ours, median", "reference, median", "ratio", "goal", "");
        foreach (var figure in section.Figures)
            table.Add(figure.What, figure.Ours, figure.Reference, figure.Ratio, figure.Verdict.Goal, figure.Verdict.ToString());
        text.Append(table);
        foreach (var why in section.Figures.Where(f => f.Verdict.IsMissed && f.Why is not null).GroupBy(f => f.Why, f => f.What))
            text.AppendLine().AppendLine($"*{string.Join("; ", why)}:* {why.Key}");
        foreach (var detail in section.Details) text.AppendLine().AppendLine(detail.TrimEnd());
        return text.ToString();
    }

    private static (int Met, int All) Tally(IEnumerable<Section> sections)
    {
        var judged = sections.SelectMany(s => s.Figures).Where(f => f.Verdict.Excess is not null).ToArray();
        return (judged.Count(f => !f.Verdict.IsMissed), judged.Length);
    }
}
