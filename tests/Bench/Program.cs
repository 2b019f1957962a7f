using MidJourney.Bench.Simulation;

var count = args.Length > 0 ? int.Parse(args[0]) : 1000;
foreach (var arrivals in Arrivals.All)
    foreach (var durations in Durations.All)
    {
        var fixed3 = Gateway.Run(new IntervalStrategy(0, _ => 3), durations, Progress.None, arrivals, count, 16, 1);
        var late3 = Gateway.Run(new IntervalStrategy(3, _ => 3), durations, Progress.None, arrivals, count, 16, 1);
        Console.WriteLine($"{arrivals.Name}, {durations.Name}: fixed3 polls {fixed3.Polls:0.00} ({late3.Polls:0.00}) p50 {fixed3.Median:0.00} p95 {fixed3.P95:0.00} max {fixed3.Max:0.0}");
        foreach (var progress in Progress.All)
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var o = Gateway.Run(new ModuleStrategy(), durations, progress, arrivals, count, 16, 1);
            Console.WriteLine($"   {progress.Name,-14} polls {o.Polls,6:0.00} ({o.Polls / fixed3.Polls:P0}, {o.Polls / late3.Polls:P0})  p50 {o.Median:0.00} ({o.Median / fixed3.Median:P0}) p95 {o.P95:0.00} max {o.Max:0.0} peak {o.PeakRate} {watch.ElapsedMilliseconds} ms");
        }
    }
