namespace MidJourney.Tests;

/// <summary>A test of something that only Linux has; anywhere else it shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "This is something that only Linux has.";
    }
}
