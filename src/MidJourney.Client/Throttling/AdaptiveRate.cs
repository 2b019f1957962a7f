namespace MidJourney.Throttling;

/// <summary>
/// Finds the rate at which a gateway takes requests: none is set until it first answers 429; then a little less than
/// what got through, raised slowly while that holds and quickly once the old limit is clearly gone. Times are seconds.
/// </summary>
internal sealed class AdaptiveRate
{
    /// <summary>Requests a second when nothing gets through at all.</summary>
    private const double Slowest = 1.0 / 15;
    private const double Below = 0.96;
    private const double StrongDecrease = 0.7;

    /// <summary>After a 429 nothing is sent for so long, so that the gateway's count can run down.</summary>
    private const double Rest = 0.5;

    private const double DoublingsBelowCeiling = 1;
    private const double DoublingsBeyondCeiling = 0.5;
    private const double BeyondCeiling = 1.1;

    /// <summary>How the rate creeps near its ceiling: by e to the power of this times the squared time since the last 429.</summary>
    private const double Creep = 0.00012;

    /// <summary>A turn that was missed may be made up for, but not by much.</summary>
    private const double MostLag = 0.06;
    private const double Window = 1;
    private const double MostGrowth = 4;

    private readonly Queue<double> _through = new();
    private readonly RandomThrottling _chance = new();
    private bool _isLimited;
    private bool _isFirstGuess;
    private bool _isProven;
    private double _start;
    private double _ceiling;
    private double _since;
    private double _nextTurn;

    /// <summary>When a 429 lowered it last; negative if none ever has.</summary>
    public double LastLowered { get; private set; } = -1;

    /// <summary>Zero, and the request counts as sent; or the time until its turn.</summary>
    public double TryPass(double now)
    {
        if (!_isLimited) return 0;
        if (_nextTurn > now) return _nextTurn - now;
        Forget(now);
        _nextTurn = Math.Max(_nextTurn, now - MostLag) + 1 / RateAt(now);
        return 0;
    }

    /// <summary>Requests a second that are let through; null while there is no limit.</summary>
    public double? Limit(double now) => _isLimited ? RateAt(now) : null;

    /// <summary>The time until a turn, which others may take first.</summary>
    public double TimeToTurn(double now) => _isLimited ? Math.Max(0, _nextTurn - now) : 0;

    /// <summary>A request got through.</summary>
    public void Through(double now)
    {
        _through.Enqueue(now);
        Forget(now);
        _chance.Through();
        if (_isProven) return;
        _isProven = true;
        _since = Math.Max(_since, now);
    }

    /// <summary>A request that was sent at that time was answered 429.</summary>
    public void PutOff(double sent, double now)
    {
        if (_chance.IsTolerated()) return;
        // What was sent before the last change says nothing about the rate since.
        if (_isLimited && sent < _since) return;
        Forget(now);
        var through = _through.Count / Window;
        if (_chance.RateIfChance(_isLimited ? RateAt(now) : through, through, now) is { } before)
        {
            (_isLimited, _isFirstGuess, _isProven) = (true, true, true);
            (_start, _ceiling, _since) = (before, before, now);
            return;
        }
        if (!_isLimited)
        {
            var rate = Math.Max(through, 1);
            (_isLimited, _isFirstGuess, _start, _ceiling) = (true, true, Below * rate, rate);
        }
        else
        {
            var rate = RateAt(now);
            var lower = Math.Max(StrongDecrease * rate, Below * Math.Min(rate, through));
            _ceiling = Math.Max(Math.Max(Math.Min(rate, through), StrongDecrease * _ceiling), lower);
            (_isFirstGuess, _start) = (false, Math.Max(lower, Slowest));
        }
        _isProven = false;
        LastLowered = now;
        _since = now + Rest;
        _nextTurn = Math.Max(_nextTurn, _since);
    }

    private double RateAt(double now)
    {
        // Only what gets through can tell that more would.
        if (!_isProven) return _start;
        var time = Math.Max(0, now - _since);
        // A gateway may have let a burst through or held one back, so the first guess is soon tried for more.
        if (_isFirstGuess) return Backed(_start, _start * Math.Pow(2, time * DoublingsBeyondCeiling));
        var from = _start;
        var knee = Below * _ceiling;
        if (from < knee)
        {
            var climb = Math.Log(knee / from, 2) / DoublingsBelowCeiling;
            if (time < climb) return from * Math.Pow(2, time * DoublingsBelowCeiling);
            (from, time) = (knee, time - climb);
        }
        var top = Math.Max(from, BeyondCeiling * _ceiling);
        var creep = Math.Sqrt(Math.Log(top / from) / Creep);
        return time < creep ? from * Math.Exp(Creep * time * time) : Backed(top, top * Math.Pow(2, (time - creep) * DoublingsBeyondCeiling));
    }

    /// <summary>No more than a few times what really got through of late, whatever time alone would make of it.</summary>
    private double Backed(double least, double rate) => Math.Min(rate, Math.Max(least, MostGrowth * Math.Max(1, _through.Count) / Window));

    private void Forget(double now)
    {
        while (_through.Count > 0 && _through.Peek() <= now - Window) _through.Dequeue();
    }
}
