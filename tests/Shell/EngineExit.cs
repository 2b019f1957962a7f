using System.Management.Automation.Runspaces;
using System.Reflection;

namespace MidJourney.Shell;

/// <summary>Makes <c>exit</c> in a script file end the session, as <c>pwsh -File</c> does.</summary>
/// <remarks>
/// A script run as a command otherwise only sets $LASTEXITCODE, which native commands set too, so the two cannot be told
/// apart afterwards. pwsh sets an internal flag of the engine; there is no public one. The engine's version is pinned.
/// </remarks>
internal static class EngineExit
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic;

    public static void LeaveNextScriptBy(Runspace runspace)
    {
        object context = Property(typeof(Runspace), "ExecutionContext").GetValue(runspace)!;
        Property(context.GetType(), "ScriptCommandProcessorShouldRethrowExit").SetValue(context, true);
    }

    private static PropertyInfo Property(Type type, string name) =>
        type.GetProperty(name, Internal) ?? throw new MissingMemberException(type.FullName, name);
}
