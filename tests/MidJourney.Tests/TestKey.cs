namespace MidJourney.Tests;

/// <summary>The key of every test: long and odd, so that any trace of it is found.</summary>
internal static class TestKey
{
    public const string Value = "sk-Zq7Wm2Xt9Lp4Rv6Ny8Kb3Jd5";

    /// <param name="taskSeconds">How long tasks take.</param>
    /// <param name="clock">The gateway's clock: where a test moves it, tasks end and answers come when it says so, however fast the machine is.</param>
    public static EmulatorOptions Options(double taskSeconds = 0.02, TimeProvider? clock = null) => new()
    {
        ApiKey = Value,
        TaskDuration = TaskDuration.Fixed(TimeSpan.FromSeconds(taskSeconds)),
        TimeProvider = clock ?? TimeProvider.System,
    };
}
