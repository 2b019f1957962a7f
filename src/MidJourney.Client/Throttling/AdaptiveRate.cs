namespace MidJourney.Throttling;

/// <summary>
/// Finds the request rate that a gateway accepts. There is no limit until the first 429. After it the rate is set slightly
/// below what succeeded, then raised: slowly near the last known limit, quickly once that limit is clearly gone. Times are seconds.
/// </summary>
internal sealed class AdaptiveRate
{
    /// <summary>Requests per second while nothing succeeds.</summary>
    private const double MinRate = 1.0 / 15;
    private const double Below = 0.96;
    private const double StrongDecrease = 0.7;

    /// <summary>No requests for this long after a 429, so that the gateway's count can run down.</summary>
    private const double Rest = 0.5;

    private const double DoublingsBelowCeiling = 1;
    private const double DoublingsBeyondCeiling = 0.5;
    private const double BeyondCeiling = 1.1;

    /// <summary>Near the ceiling the rate grows by e to the power of this times the squared time since the last 429.</summary>
    private const double Creep = 0.00012;

    /// <summary>How much of a missed turn can be caught up.</summary>
    private const double MaxLag = 0.06;
    private const double Window = 1;
    private const double MaxGrowth = 4;

    private readonly Queue<double> _succeeded = new();
    private readonly RandomThrottling _random = new();
    private bool _isLimited;
    private bool _isFirstGuess;
    private bool _isProven;
    private double _start;
    private double _ceiling;
    private double _since;
    private double _nextTurn;

    /// <summary>When a 429 last lowered the rate; negative if none has.</summary>
    public double LastLowered { get; private set; } = -1;

    /// <summary>Zero, and the request takes its turn; otherwise the time until its turn.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isEarly">Whether it need not wait for its turn. The next turn is a whole interval later.</param>
    public double TryPass(double now, bool isEarly = false)
    {
        if (!_isLimited) return 0;
        if (_nextTurn > now && !isEarly) return _nextTurn - now;
        Forget(now);
        _nextTurn = (isEarly ? now : Math.Max(_nextTurn, now - MaxLag)) + 1 / RateAt(now);
        return 0;
    }

    /// <summary>The current limit in requests per second; null for none.</summary>
    public double? Limit(double now) => _isLimited ? RateAt(now) : null;

    /// <summary>The time until the next turn, which is not reserved.</summary>
    public double TimeToTurn(double now) => _isLimited ? Math.Max(0, _nextTurn - now) : 0;

    public void Succeeded(double now)
    {
        _succeeded.Enqueue(now);
        Forget(now);
        _random.Succeeded();
        if (_isProven) return;
        _isProven = true;
        _since = Math.Max(_since, now);
    }

    /// <summary>Requests per second that succeeded lately.</summary>
    public double Succeeding(double now)
    {
        Forget(now);
        return _succeeded.Count / Window;
    }

    /// <summary>A request was answered with 429.</summary>
    /// <param name="sent">When it was sent.</param>
    /// <param name="now">The time.</param>
    /// <param name="others">How many requests of other kinds per second succeeded lately: the gateway's limit may be one for all, and the others may soon need less of it.</param>
    public void Throttled(double sent, double now, double others = 0)
    {
        if (_random.Ignores429()) return;
        // A request sent before the last change says nothing about the rate since.
        if (_isLimited && sent < _since) return;
        var succeeded = Succeeding(now);
        if (_random.RateBefore(_isLimited ? RateAt(now) : succeeded, succeeded, now) is { } before)
        {
            (_isLimited, _isFirstGuess, _isProven) = (true, true, true);
            (_start, _ceiling, _since) = (before, before, now);
            return;
        }
        if (!_isLimited)
        {
            var rate = Math.Max(succeeded + others, 1);
            (_isLimited, _isFirstGuess, _start, _ceiling) = (true, true, Below * rate, rate);
        }
        else
        {
            var rate = RateAt(now);
            var lower = Math.Max(StrongDecrease * rate, Below * Math.Min(rate, succeeded));
            _ceiling = Math.Max(Math.Max(Math.Min(rate, succeeded), StrongDecrease * _ceiling), lower);
            (_isFirstGuess, _start) = (false, Math.Max(lower, MinRate));
        }
        _isProven = false;
        LastLowered = now;
        _since = now + Rest;
        _nextTurn = Math.Max(_nextTurn, _since);
    }

    private double RateAt(double now)
    {
        // Only a success shows that more would succeed.
        if (!_isProven) return _start;
        var time = Math.Max(0, now - _since);
        // The first guess may be far off, because a gateway may allow a burst or hold one back: try more soon.
        if (_isFirstGuess) return Bounded(_start, _start * Math.Pow(2, time * DoublingsBeyondCeiling));
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
        return time < creep ? from * Math.Exp(Creep * time * time) : Bounded(top, top * Math.Pow(2, (time - creep) * DoublingsBeyondCeiling));
    }

    /// <summary>At most a few times the rate that succeeded recently, however much time has passed.</summary>
    private double Bounded(double min, double rate) => Math.Min(rate, Math.Max(min, MaxGrowth * Math.Max(1, _succeeded.Count) / Window));

    private void Forget(double now)
    {
        while (_succeeded.Count > 0 && _succeeded.Peek() <= now - Window) _succeeded.Dequeue();
    }
}

/// <summary>
/// Recognises 429s that do not depend on the rate. Slowing down stops those of a limit; when it repeatedly changes
/// nothing, the 429s are random, and slowing down further would only stop the work. Times are seconds.
/// </summary>
internal sealed class RandomThrottling
{
    /// <summary>More 429s than this at rates that succeeded before are not the work of a limit.</summary>
    private const int MinRepeats = 3;
    private const double ClearlySlower = 0.9;
    private const int FewSuccesses = 100;
    private const double ShortTime = 60;

    private const int SampleSize = 50;
    private const int MaxThrottled = 15;

    /// <summary>After this many successes without a 429 the random ones are over.</summary>
    private const int ManySuccesses = 1000;

    private readonly Queue<bool> _sample = new();
    private int _throttled;
    private int _repeats;
    private int _successes;
    private double _lastTime;
    private double _rateBefore;
    private bool _isRandom;

    public void Succeeded()
    {
        _successes++;
        if (!_isRandom) return;
        Record(false);
        if (_successes > ManySuccesses) Reset();
    }

    /// <summary>True if this 429 looks random rather than rate-related; false once random ones become too frequent.</summary>
    public bool Ignores429()
    {
        if (!_isRandom) return false;
        Record(true);
        _successes = 0;
        if (_throttled <= MaxThrottled) return true;
        Reset();
        return false;
    }

    /// <summary>Counts a 429 that would lower the rate.</summary>
    /// <returns>The rate to return to, once lowering it has failed too often; otherwise null.</returns>
    public double? RateBefore(double rate, double succeeded, double now)
    {
        var isSoon = _successes < FewSuccesses && now - _lastTime < ShortTime;
        if (!isSoon) (_repeats, _rateBefore) = (0, 0);
        else if (_successes > 0 && rate < ClearlySlower * _rateBefore) _repeats++;
        _rateBefore = Math.Max(_rateBefore, succeeded);
        (_successes, _lastTime) = (0, now);
        if (_repeats < MinRepeats) return null;
        _isRandom = true;
        return Math.Max(_rateBefore, 1);
    }

    private void Record(bool isThrottled)
    {
        _sample.Enqueue(isThrottled);
        if (isThrottled) _throttled++;
        if (_sample.Count > SampleSize && _sample.Dequeue()) _throttled--;
    }

    private void Reset()
    {
        _sample.Clear();
        (_throttled, _repeats, _successes, _rateBefore, _isRandom) = (0, 0, 0, 0, false);
    }
}
