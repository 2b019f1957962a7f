namespace MidJourney.Tests;

/// <summary>A test of something that Windows does not have; there it shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "This is something that Windows does not have.";
    }
}
