namespace MidJourney.Polling;

/// <summary>
/// How long tasks of one kind take, learned from reads: a life table over logarithmic age bins. A read tells that a task
/// was still running at some age, or that it ended between two; both count, so that what is learned while most tasks
/// still run is not skewed towards the short ones. Ages are seconds. Not safe for use by several threads.
/// </summary>
internal sealed class DurationModel
{
    private const double FirstEdge = 0.1;
    private const double Ratio = 1.03;
    private const int Bins = 360;
    private const double LongestPrior = 900;

    /// <summary>How many tasks' worth of observation the neighbouring ages count for.</summary>
    private const double NeighbourWeight = 25;

    /// <summary>How fast knowledge of an age fades towards the prior at the next.</summary>
    private const double Doubt = 0.006;

    /// <summary>Beyond this many ends what was learned fades, so that a gateway may change its pace.</summary>
    private const double MostEnds = 4096;

    private static readonly double[] Edges = MakeEdges();

    private readonly double[] _exposure = new double[Bins];
    private readonly double[] _ends = new double[Bins];
    private readonly double[] _hazard = new double[Bins];
    private bool _isStale = true;

    /// <summary>How many ends were seen; recent ones, once there are very many.</summary>
    public double Ends { get; private set; }

    /// <summary>The greatest age at which any of them was seen.</summary>
    public double Horizon { get; private set; }

    /// <summary>A task was running at the first age and still at the second.</summary>
    public void SeenRunning(double fromAge, double toAge)
    {
        for (var (bin, from) = (BinOf(fromAge), fromAge); from < toAge; bin++)
        {
            var end = Math.Min(toAge, EdgeAfter(bin));
            _exposure[bin] += end - from;
            from = end;
        }
        Horizon = Math.Max(Horizon, toAge);
        _isStale = true;
    }

    /// <summary>A task was running at the first age and had ended at the second.</summary>
    public void SeenEnded(double fromAge, double toAge)
    {
        Refresh();
        // Where in between is not known; most likely where others ended.
        var mass = 0.0;
        for (var (bin, from) = (BinOf(fromAge), fromAge); from < toAge; from = EdgeAfter(bin++))
            mass += _hazard[bin] * (Math.Min(toAge, EdgeAfter(bin)) - from);
        var before = 0.0;
        for (var (bin, from) = (BinOf(fromAge), fromAge); from < toAge; from = EdgeAfter(bin++))
        {
            var length = Math.Min(toAge, EdgeAfter(bin)) - from;
            var share = _hazard[bin] * length / mass;
            _ends[bin] += share;
            _exposure[bin] += length * (1 - before - share / 2);
            before += share;
        }
        if (++Ends > MostEnds) Fade();
        Horizon = Math.Max(Horizon, toAge);
        _isStale = true;
    }

    /// <summary>
    /// The age at which to read a task that is running at this one: when the delay that has built up if it ended
    /// meanwhile reaches the policy's budget on average; sooner where many ends are near, later where few are.
    /// </summary>
    public double NextAge(double age, in PollPolicy policy)
    {
        Refresh();
        double cumulated = 0, accrued = 0, at = age;
        for (var bin = BinOf(age); ; bin++)
        {
            var edge = EdgeAfter(bin);
            while (at < edge)
            {
                var waited = at - age;
                var step = Math.Min(edge - at, 0.02 + waited * 0.1);
                cumulated += _hazard[bin] * step;
                var chance = 1 - Math.Exp(-cumulated);
                accrued += chance * step;
                at += step;
                waited += step;
                if (accrued >= policy.Budget || waited >= policy.QuietCap || (waited >= policy.Cap && chance > policy.QuietChance)) return at;
            }
        }
    }

    private void Refresh()
    {
        if (!_isStale) return;
        var previous = Prior(0);
        for (var bin = 0; bin < Bins; bin++)
        {
            var expected = (1 - Doubt) * previous + Doubt * Prior(bin);
            var weight = NeighbourWeight * (Edges[bin + 1] - Edges[bin]);
            previous = _hazard[bin] = (_ends[bin] + expected * weight) / (_exposure[bin] + weight);
        }
        _isStale = false;
    }

    private void Fade()
    {
        for (var bin = 0; bin < Bins; bin++)
        {
            _ends[bin] /= 2;
            _exposure[bin] /= 2;
        }
        Ends /= 2;
    }

    /// <summary>Without knowledge, every order of magnitude of durations is as likely as any other.</summary>
    private static double Prior(int bin)
    {
        var middle = (Edges[bin] + Edges[bin + 1]) / 2;
        return 1 / (middle * Math.Log(Math.Max(LongestPrior / middle, Math.E)));
    }

    private static double EdgeAfter(int bin) => bin + 1 < Bins ? Edges[bin + 1] : double.PositiveInfinity;

    private static int BinOf(double age) =>
        age < Edges[1] ? 0 : Math.Min(Bins - 1, (int)(Math.Log(age / FirstEdge) / Math.Log(Ratio) + 1e-9));

    private static double[] MakeEdges()
    {
        var edges = new double[Bins + 1];
        for (var i = 1; i <= Bins; i++) edges[i] = FirstEdge * Math.Pow(Ratio, i);
        return edges;
    }
}

/// <summary>What a session has learned of its tasks, shared by everything that waits in it.</summary>
internal sealed class PollKnowledge
{
    private readonly Dictionary<(string? Model, string? UpscaleType), TaskKind> _kinds = [];

    /// <summary>Held while anything of it is read or changed.</summary>
    public object Lock { get; } = new();

    public TaskKind KindOf(MJTask task)
    {
        lock (Lock)
        {
            var key = (task.Model, task.UpscaleType);
            if (!_kinds.TryGetValue(key, out var kind)) _kinds[key] = kind = new TaskKind();
            return kind;
        }
    }
}

/// <summary>What is known of tasks that take alike: same model, same type.</summary>
internal sealed class TaskKind
{
    public DurationModel Durations { get; } = new();

    public ProgressTrust Trust { get; } = new();
}

/// <summary>
/// Whether the progress that tasks of one kind report can be believed: each report of a task that was read before is
/// compared with what its earlier reports had foretold.
/// </summary>
internal sealed class ProgressTrust
{
    private const double LeastChecks = 16;
    private const double LeastShare = 0.9;
    private const double MostChecks = 64;

    private double _good;
    private double _checks;

    /// <summary>Whether enough of it came true.</summary>
    public bool IsEarned => _checks >= LeastChecks && _good >= LeastShare * _checks;

    /// <summary>Whether nothing speaks against it yet, though not enough for it.</summary>
    public bool IsOpen => _checks < LeastChecks && _good >= LeastShare * _checks;

    public void Check(bool cameTrue)
    {
        _checks++;
        if (cameTrue) _good++;
        if (_checks <= MostChecks) return;
        _checks /= 2;
        _good /= 2;
    }
}
