namespace MidJourney.Client.Tests;

/// <summary>A test of something that only Linux has; anywhere else it shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "This is something that only Linux has.";
    }
}
