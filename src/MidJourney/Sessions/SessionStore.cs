using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace MidJourney;

/// <summary>The sessions of each runspace.</summary>
internal static class SessionStore
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceSessions> Runspaces = new();

    /// <summary>Those of the running runspace.</summary>
    public static RunspaceSessions Here => Runspaces.GetOrCreateValue(Runspace.DefaultRunspace);

    /// <summary>The default session of the running runspace; null when there is none.</summary>
    public static MJSession? Current => Here.Default;

    /// <summary>Makes a session the default.</summary>
    public static void Set(MJSession session) => Here.SetDefault(session);

    /// <summary>The default session, made from the environment where that holds a key.</summary>
    /// <exception cref="CommandException">There is neither.</exception>
    public static MJSession Require() => Here.Require();
}
