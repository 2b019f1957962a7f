using System.Text;

namespace MidJourney.Bench.Report;

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
