namespace MidJourney;

/// <summary>What waiting does unless told otherwise.</summary>
internal static class WaitDefaults
{
    public const int TimeoutSec = 900;

    /// <summary>The schedule alone decides.</summary>
    public const double PollIntervalSec = 0;
}
