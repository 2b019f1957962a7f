namespace MidJourney.Throttling;

/// <summary>
/// Tells 429s that come whatever the rate is from those of a limit. Going slower ends the latter at once; when going slower
/// again and again changes nothing, they are chance, and going slower still would only stop the work. Times are seconds.
/// </summary>
internal sealed class RandomThrottling
{
    /// <summary>So many 429s at rates that had got through before are more than any limit explains.</summary>
    private const int EnoughTimes = 3;
    private const double ClearlySlower = 0.9;
    private const int FewThrough = 100;
    private const double ShortTime = 60;

    private const int Looked = 50;
    private const int MostPutOff = 15;

    /// <summary>So many through without a 429, and there is no such chance any more.</summary>
    private const int ManyThrough = 1000;

    private readonly Queue<bool> _last = new();
    private int _putOff;
    private int _times;
    private int _through;
    private double _lastTime;
    private double _rateBefore;
    private bool _isChance;

    /// <summary>A request got through.</summary>
    public void Through()
    {
        _through++;
        if (!_isChance) return;
        Look(false);
        if (_through > ManyThrough) Reset();
    }

    /// <summary>Whether a 429 is one of those that are chance. When they are too many for that, none is.</summary>
    public bool IsTolerated()
    {
        if (!_isChance) return false;
        Look(true);
        _through = 0;
        if (_putOff <= MostPutOff) return true;
        Reset();
        return false;
    }

    /// <summary>Counts a 429 for which the rate would be lowered.</summary>
    /// <param name="rate">The rate at which requests were sent.</param>
    /// <param name="through">What got through in the last second.</param>
    /// <param name="now">The time.</param>
    /// <returns>The rate to go back to, when lowering it has had no effect too often to be a limit's doing.</returns>
    public double? RateIfChance(double rate, double through, double now)
    {
        var isSoon = _through < FewThrough && now - _lastTime < ShortTime;
        if (!isSoon) (_times, _rateBefore) = (0, 0);
        else if (_through > 0 && rate < ClearlySlower * _rateBefore) _times++;
        _rateBefore = Math.Max(_rateBefore, through);
        (_through, _lastTime) = (0, now);
        if (_times < EnoughTimes) return null;
        _isChance = true;
        return Math.Max(_rateBefore, 1);
    }

    private void Look(bool isPutOff)
    {
        _last.Enqueue(isPutOff);
        if (isPutOff) _putOff++;
        if (_last.Count > Looked && _last.Dequeue()) _putOff--;
    }

    private void Reset()
    {
        _last.Clear();
        (_putOff, _times, _through, _rateBefore, _isChance) = (0, 0, 0, 0, false);
    }
}
