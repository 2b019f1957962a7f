using System.Globalization;
using System.Net;
using System.Text;

namespace MidJourney.Bench.Report;

/// <summary>The chart of docs/benchmarks.md: for each row, what the alternatives and the limit need, relative to the module.
/// It has its own background, so it is readable on any page.</summary>
internal static class Chart
{
    private const int Width = 920, LabelWidth = 250, RowHeight = 64, Top = 60, Bottom = 48, Right = 40;

    private static readonly double[] Ticks = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

    public static string Draw(IReadOnlyList<ChartRow> rows)
    {
        var values = rows.SelectMany(row => row.Others.Select(mark => mark.Value / row.Value)).Append(1).ToArray();
        // Room on both sides for the text beside a mark.
        var (min, max) = (Math.Log(values.Min()) - 0.9, Math.Log(values.Max()) + 0.9);
        var height = Top + rows.Count * RowHeight + Bottom;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" role="img"
                font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13">
            <title>The alternatives and the limit, relative to MidJourney</title>
            """).AppendLine("""
            <style>
            .strong { font-weight: 600 }
            .page { fill: #ffffff; stroke: #d0d7de } text { fill: #1f2328 } .weak { fill: #59636e } .grid { stroke: #e4e8ec }
            .ours { fill: #0969da; stroke: #0969da } .other { fill: #bc4c00 } .limit { stroke: #1a7f37; stroke-width: 3 }
            @media (prefers-color-scheme: dark) {
            .page { fill: #0d1117; stroke: #3d444d } text { fill: #f0f6fc } .weak { fill: #9198a1 } .grid { stroke: #262c36 }
            .ours { fill: #4493f8; stroke: #4493f8 } .other { fill: #f0883e } .limit { stroke: #3fb950 }
            }
            </style>
            """);
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect class="page" x="0.5" y="0.5" width="{Width - 1}" height="{height - 1}" rx="6"/>""");
        AddLegend(svg);
        foreach (var tick in Ticks.Where(t => Math.Log(t) > min && Math.Log(t) < max))
        {
            var (x, isOurs) = (X(tick), tick == 1);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line class="{(isOurs ? "ours" : "grid")}" x1="{x:0.#}" y1="{Top - 8}" x2="{x:0.#}" y2="{height - Bottom}"/>""");
            Text(svg, x, height - Bottom + 18, $"{tick} ×", "weak", "middle");
        }
        Text(svg, X(1), height - 12, "◂ better", "weak", "end", -8);
        Text(svg, X(1), height - 12, "worse than MidJourney ▸", "weak", "start", 8);
        for (var n = 0; n < rows.Count; n++) AddRow(svg, rows[n], Top + n * RowHeight + RowHeight / 2, X);
        return svg.AppendLine("</svg>").ToString().ReplaceLineEndings("\n");

        double X(double ratio) => LabelWidth + (Math.Log(ratio) - min) / (max - min) * (Width - LabelWidth - Right);
    }

    private static void AddLegend(StringBuilder svg)
    {
        Text(svg, 20, 28, "Relative to MidJourney (logarithmic); left is better", "strong", "start");
        svg.AppendLine("""<circle class="ours" cx="568" cy="24" r="6"/>""");
        svg.AppendLine("""<rect class="other" x="681" y="18" width="12" height="12"/><line class="limit" x1="794" y1="15" x2="794" y2="33"/>""");
        Text(svg, 582, 28, "MidJourney", "", "start");
        Text(svg, 700, 28, "instead", "", "start");
        Text(svg, 804, 28, "limit", "", "start");
    }

    private static void AddRow(StringBuilder svg, ChartRow row, int y, Func<double, double> x)
    {
        Text(svg, 20, y - 3, row.Label, "", "start");
        Text(svg, 20, y + 14, row.Text, "weak", "start");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<line class="grid" x1="{LabelWidth}" y1="{y}" x2="{Width - Right}" y2="{y}"/>""");
        foreach (var mark in row.Others)
        {
            var at = x(mark.Value / row.Value);
            svg.AppendLine(mark.IsLimit
                ? string.Create(CultureInfo.InvariantCulture, $"""<line class="limit" x1="{at:0.#}" y1="{y - 9}" x2="{at:0.#}" y2="{y + 9}"/>""")
                : string.Create(CultureInfo.InvariantCulture, $"""<rect class="other" x="{at - 6:0.#}" y="{y - 6}" width="12" height="12"/>"""));
            // The limit's text stands above the line, those of alternatives below it; those of faster ones end at their mark, so that neighbours seldom meet.
            if (mark.IsLimit) Text(svg, at, y - 14, mark.Text, "weak", "end", 4);
            else Text(svg, at, y + 22, mark.Text, "weak", mark.Value < row.Value ? "end" : "middle", mark.Value < row.Value ? 8 : 0);
        }
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<circle class="ours" cx="{x(1):0.#}" cy="{y}" r="6"/>""");
    }

    private static void Text(StringBuilder svg, double x, double y, string text, string style, string anchor, double shift = 0) =>
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text class="{style}" x="{x + shift:0.#}" y="{y:0.#}" text-anchor="{anchor}">{WebUtility.HtmlEncode(text)}</text>""");
}
