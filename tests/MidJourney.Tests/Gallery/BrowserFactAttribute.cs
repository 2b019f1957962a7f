namespace MidJourney.Tests;

/// <summary>A test that needs a browser; without one it shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (BrowserProgram.Path is null) Skip = BrowserProgram.Missing;
    }
}
