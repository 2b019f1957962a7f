namespace MidJourney.Polling;

/// <summary>
/// How long tasks of one kind take, learned from reads: a life table over logarithmic age bins. A read shows that a task
/// was still running at some age, or that it ended between two ages. Both count, so that early knowledge is not skewed
/// towards short tasks. Ages are seconds. Not thread-safe.
/// </summary>
internal sealed class DurationModel
{
    private const double FirstEdge = 0.1;
    private const double Ratio = 1.03;
    private const int Bins = 360;
    private const double MaxPrior = 900;

    /// <summary>The maximum time between two reads of a task, in case it does not behave as the others.</summary>
    public const double MaxGap = 10;

    /// <summary>The published clients poll every 3 s.</summary>
    private const double ReferenceInterval = 3;

    /// <summary>Ages up to this multiple of the maximum age observed are known.</summary>
    public const double AheadOfAge = 1.2;
    private const double FirstGap = 0.5;

    /// <summary>
    /// How much of what is gained over a fixed interval saves reads; the rest saves delay. With less, tasks of 20 or 120 s cost more reads than
    /// polling every 3 s; with more, log-normal tasks are not seen 30 % sooner.
    /// </summary>
    private const double ReadsShare = 0.2;

    /// <summary>The weight of the neighbouring ages, in observed tasks.</summary>
    private const double NeighbourWeight = 25;

    /// <summary>How fast knowledge of one age fades towards the prior at the next.</summary>
    private const double Doubt = 0.006;

    /// <summary>Above this, old observations fade, so that the model follows a gateway that changes its pace.</summary>
    private const double MaxEnds = 4096;

    private static readonly double[] Edges = MakeEdges();

    private readonly double[] _exposure = new double[Bins];
    private readonly double[] _ends = new double[Bins];
    private readonly double[] _hazard = new double[Bins];
    private bool _isStale = true;
    private long _refreshes;
    private double _scale;

    /// <summary>Observed ends; only recent ones once there are very many.</summary>
    public double Ends { get; private set; }

    /// <summary>The maximum age observed.</summary>
    public double Horizon { get; private set; }

    /// <summary>The minimum age at which a task ended, at least.</summary>
    public double Earliest { get; private set; }

    /// <summary>A task was running at both ages.</summary>
    public void ObserveRunning(double fromAge, double toAge)
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
    public void ObserveEnd(double fromAge, double toAge)
    {
        Refresh();
        // When it ended in between is unknown; most likely when others did.
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
        Earliest = Ends == 0 ? fromAge : Math.Min(Earliest, fromAge);
        if (++Ends > MaxEnds) Fade();
        Horizon = Math.Max(Horizon, toAge);
        _isStale = true;
    }

    /// <summary>The age at which to read a task that is running at this age: sooner where many tasks end, later where few do.</summary>
    public double NextAge(double age)
    {
        Refresh();
        // Beyond the maximum age observed, a peak of a few ends may look like the end of all.
        var last = Math.Min(age + MaxGap, Math.Max(age, Horizon) * AheadOfAge + FirstGap);
        double at = age, left = 1;
        for (var bin = BinOf(age); ; bin++)
        {
            var density = _scale * Math.Sqrt(_hazard[bin]);
            var end = Math.Min(EdgeAfter(bin), last);
            if (density * (end - at) >= left) return at + left / density;
            if (end >= last) return end;
            left -= density * (end - at);
            at = end;
        }
    }

    /// <summary>
    /// Of all schedules with as many reads, that whose density is proportional to the square root of the hazard has the minimum delay (Cauchy and
    /// Schwarz). The scale makes nearly as many reads as a fixed interval would: fewer, the more the durations allow to gain.
    /// </summary>
    private void Rescale()
    {
        double running = 1, duration = 0, roots = 0;
        for (var bin = 0; bin < Bins && running > 1e-4; bin++)
        {
            var length = Edges[bin + 1] - Edges[bin];
            var left = running * Math.Exp(-_hazard[bin] * length);
            var exposed = (running - left) / _hazard[bin];
            duration += exposed;
            roots += exposed * Math.Sqrt(_hazard[bin]);
            running = left;
        }
        var reads = duration / ReferenceInterval + 1;
        // Reads times delay: of the fixed interval, and of this schedule.
        var gain = reads * (ReferenceInterval / 2) / (roots * roots / 2);
        _scale = reads / roots / Math.Pow(Math.Max(1, gain), ReadsShare);
    }

    /// <summary>The chance of an end per second at this age.</summary>
    public double HazardAt(double age)
    {
        Refresh();
        return _hazard[BinOf(age)];
    }

    /// <summary>The age by which this share of the tasks has ended.</summary>
    public double Quantile(double share)
    {
        Refresh();
        var (left, bin) = (-Math.Log(1 - share), 0);
        for (; bin < Bins - 1 && left > _hazard[bin] * (Edges[bin + 1] - Edges[bin]); bin++) left -= _hazard[bin] * (Edges[bin + 1] - Edges[bin]);
        return Edges[bin] + left / _hazard[bin];
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
        // It changes slowly and costs most of the time.
        if (_refreshes++ < 64 || _refreshes % 16 == 0) Rescale();
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

    /// <summary>Without observations, all orders of magnitude of a duration are equally likely.</summary>
    private static double Prior(int bin)
    {
        var middle = (Edges[bin] + Edges[bin + 1]) / 2;
        return 1 / (middle * Math.Log(Math.Max(MaxPrior / middle, Math.E)));
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

/// <summary>What a session has learned about its tasks, shared by all its pollers.</summary>
internal sealed class PollKnowledge
{
    private readonly Dictionary<(string? Model, string? UpscaleType), TaskKind> _kinds = [];

    /// <summary>Guards everything in it.</summary>
    public object Lock { get; } = new();

    /// <summary>Whether a callback comes for each end.</summary>
    public Trust HintsCome { get; } = new(0.97, 24);

    /// <summary>Whether callbacks come for ends only.</summary>
    public Trust HintsAreTrue { get; } = new(0.5);

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

/// <summary>What is known about tasks of the same model and type.</summary>
internal sealed class TaskKind
{
    public DurationModel Durations { get; } = new();

    /// <summary>Whether the progress of its tasks is reliable: each report is compared with the prediction from the task's earlier reports.</summary>
    public Trust Progress { get; } = new(0.9);
}

/// <summary>Whether a source is reliable, from checks of what it told.</summary>
/// <param name="minShare">The share of checks that must come true.</param>
/// <param name="minChecks">The checks that it takes.</param>
internal sealed class Trust(double minShare, double minChecks = 16)
{
    private const double MaxChecks = 64;

    private double _good;
    private double _checks;

    /// <summary>Enough checks came true.</summary>
    public bool IsEarned => _checks >= minChecks && _good >= minShare * _checks;

    /// <summary>Too few checks so far, and none that speak against it.</summary>
    public bool IsOpen => _checks < minChecks && _good >= minShare * _checks;

    public void Check(bool cameTrue)
    {
        _checks++;
        if (cameTrue) _good++;
        if (_checks <= MaxChecks) return;
        _checks /= 2;
        _good /= 2;
    }

    /// <summary>Forgets all checks.</summary>
    public void Reset() => (_good, _checks) = (0, 0);
}
