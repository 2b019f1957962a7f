using System.Management.Automation;

namespace MidJourney.Tests;

/// <summary>Ctrl+C.</summary>
internal static class PipelineStop
{
    /// <summary>Makes what a pipeline might wait for, instead of ending, take longer than <see cref="Guard"/>.</summary>
    public const string Patient = "-RequestTimeoutSec 600 -RetryTimeoutSec 600";

    /// <summary>A second is the aim, but how long a busy machine takes says nothing; a pipeline that waits for something takes longer than this.</summary>
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    /// <summary>Stops a pipeline, which must end.</summary>
    /// <returns>When it had ended.</returns>
    public static async Task<DateTimeOffset> StopAsync(PowerShell pipeline, IAsyncResult running)
    {
        var ended = DateTimeOffset.MaxValue;
        pipeline.InvocationStateChanged += (_, e) =>
        {
            if (e.InvocationStateInfo.State == PSInvocationState.Stopped) ended = DateTimeOffset.UtcNow;
        };
        await Task.Factory.FromAsync(pipeline.BeginStop(null, null), pipeline.EndStop).WaitAsync(Guard);
        Assert.True(running.AsyncWaitHandle.WaitOne(Guard));
        Assert.Equal(PSInvocationState.Stopped, pipeline.InvocationStateInfo.State);
        return ended;
    }
}
