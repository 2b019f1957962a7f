namespace MidJourney;

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
