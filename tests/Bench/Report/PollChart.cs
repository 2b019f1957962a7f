using MidJourney.Bench.Simulation;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace MidJourney.Bench.Report;

/// <summary>Polls per task and median delay: one panel per kind of task, one marker per strategy.</summary>
internal static class PollChart
{
    private const double Width = 1100, Height = 460, Gap = 0.02;

    private static readonly (string Name, OxyColor Color, MarkerType Marker)[] Kinds =
    [
        ("fixed 3 s", OxyColor.Parse("#d62728"), MarkerType.Square),
        ("fixed 5 s", OxyColor.Parse("#ff7f0e"), MarkerType.Square),
        ("exponential", OxyColor.Parse("#8c564b"), MarkerType.Triangle),
        ("ours, progress none", OxyColor.Parse("#1f77b4"), MarkerType.Circle),
        ("ours, progress linear", OxyColor.Parse("#2ca02c"), MarkerType.Circle),
        ("ours, progress stuck at 95 %", OxyColor.Parse("#17becf"), MarkerType.Diamond),
        ("ours, progress in jumps", OxyColor.Parse("#9467bd"), MarkerType.Diamond),
    ];

    public static void Write(IReadOnlyDictionary<Situation, Outcome> outcomes, string file)
    {
        var model = new PlotModel
        {
            Title = "Polls per task and median delay, all at once and 5 per second (lower left is better)",
            TitleFontSize = 14,
            DefaultFont = "Arial, sans-serif",
            Background = OxyColors.White,
        };
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.BottomCenter, LegendPlacement = LegendPlacement.Outside, LegendOrientation = LegendOrientation.Horizontal });
        model.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Left, Title = "median delay, s", Minimum = 0.1, Maximum = 30, MajorGridlineStyle = LineStyle.Dot });
        for (var panel = 0; panel < Durations.All.Length; panel++) AddPanel(model, outcomes, Durations.All[panel], panel);
        File.WriteAllText(file, new SvgExporter { Width = Width, Height = Height }.ExportToString(model).ReplaceLineEndings("\n") + "\n");
    }

    private static void AddPanel(PlotModel model, IReadOnlyDictionary<Situation, Outcome> outcomes, Durations durations, int panel)
    {
        var share = 1.0 / Durations.All.Length;
        var max = outcomes.Where(o => o.Key.Durations == durations).Max(o => o.Value.Polls);
        model.Axes.Add(new LinearAxis
        {
            Key = durations.Name,
            Title = $"polls per task: {durations.Name}",
            Position = AxisPosition.Bottom,
            StartPosition = panel * share + Gap / 2,
            EndPosition = (panel + 1) * share - Gap / 2,
            Minimum = 0,
            Maximum = max * 1.1,
            MajorGridlineStyle = LineStyle.Dot,
        });
        foreach (var (name, color, marker) in Kinds)
        {
            var series = new ScatterSeries { XAxisKey = durations.Name, MarkerType = marker, MarkerFill = color, MarkerSize = 5, Title = panel == 0 ? name : null };
            series.Points.AddRange(outcomes.Where(o => o.Key.Durations == durations && NameOf(o.Key) == name).Select(o => new ScatterPoint(o.Value.Polls, o.Value.Median)));
            model.Series.Add(series);
        }
    }

    private static string NameOf(Situation situation) =>
        situation.Strategy == Strategy.Ours ? $"ours, progress {situation.Progress.Name}" : situation.Strategy.Name;
}
