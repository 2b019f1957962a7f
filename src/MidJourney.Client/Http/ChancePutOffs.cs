namespace MidJourney;

/// <summary>
/// Tells 429s that come whatever the rate is from those of a limit. Going slower ends the latter at once; when going slower
/// again and again changes nothing, they are chance, and going slower still would only stop the work. Times are seconds.
/// </summary>
internal sealed class ChancePutOffs
{
    /// <summary>So many times slower without effect is more than any limit explains: a fifth and more of the rate is gone by then.</summary>
    private const int EnoughTimes = 8;
    private const int FewThrough = 100;
    private const double ShortTime = 10;

    private const int Looked = 50;
    private const double MostShare = 0.3;

    private readonly Queue<bool> _last = new();
    private int _putOff;
    private int _times;
    private int _throughSince;
    private double _lastTime;
    private bool _isChance;

    /// <summary>A request got through.</summary>
    public void Through()
    {
        _throughSince++;
        if (_isChance) Look(false);
    }

    /// <summary>Whether a 429 is one of those that are chance; as soon as they are too many for that, none is.</summary>
    public bool IsTolerated()
    {
        if (!_isChance) return false;
        Look(true);
        if (_last.Count < Looked || _putOff <= MostShare * Looked) return true;
        Reset();
        return false;
    }

    /// <summary>Counts a 429 that came although the rate had been lowered before.</summary>
    /// <returns>Whether that has happened too often to be a limit's doing.</returns>
    public bool IsProved(double now)
    {
        var isSoon = _throughSince > 0 && _throughSince < FewThrough && now - _lastTime < ShortTime;
        _times = isSoon ? _times + 1 : 0;
        (_throughSince, _lastTime) = (0, now);
        if (_times < EnoughTimes) return false;
        Reset();
        _isChance = true;
        return true;
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
        (_putOff, _times, _throughSince, _isChance) = (0, 0, 0, false);
    }
}
