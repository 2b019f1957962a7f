namespace MidJourney.Tests;

/// <summary>The key of every test: long and odd, so that any trace of it is found.</summary>
internal static class TestKey
{
    public const string Value = "sk-Zq7Wm2Xt9Lp4Rv6Ny8Kb3Jd5";

    public static EmulatorOptions Options(double taskSeconds = 0.02) => new()
    {
        ApiKey = Value,
        TaskDuration = TaskDuration.Fixed(TimeSpan.FromSeconds(taskSeconds)),
    };
}
