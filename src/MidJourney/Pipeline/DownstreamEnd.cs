using System.Management.Automation;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace MidJourney;

/// <summary>
/// Tells why a write to the pipeline was broken off. After Select-Object -First it throws the same exception as after a fault, but the object has come
/// out. Only the engine's own note of the cause tells them apart; where that cannot be read, the object counts as not delivered, which loses nothing.
/// </summary>
internal static class DownstreamEnd
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>Whether a cmdlet downstream has all that it wants.</summary>
    public static bool HasEnough(ICommandRuntime runtime)
    {
        var pipeline = runtime.GetType().GetProperty("PipelineProcessor", Hidden)?.GetValue(runtime);
        var cause = pipeline?.GetType().GetField("_firstTerminatingError", Hidden)?.GetValue(pipeline);
        return (cause is ExceptionDispatchInfo info ? info.SourceException : cause)?.GetType().Name == "StopUpstreamCommandsException";
    }
}
