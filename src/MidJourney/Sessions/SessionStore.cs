using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace MidJourney;

/// <summary>The default session of each runspace. A session made from the environment follows the environment.</summary>
internal static class SessionStore
{
    private static readonly ConditionalWeakTable<Runspace, Slot> Slots = new();

    /// <summary>The default session of the running runspace; null when there is none.</summary>
    public static MJSession? Current => Slots.TryGetValue(Runspace.DefaultRunspace, out var slot) && slot.Session is { IsOpen: true } session ? session : null;

    /// <summary>Makes a session the default.</summary>
    public static void Set(MJSession session) => Put(session, null);

    /// <summary>The default session, made from the environment where that holds a key.</summary>
    /// <exception cref="CommandException">There is neither.</exception>
    public static MJSession Require()
    {
        var slot = Slots.GetOrCreateValue(Runspace.DefaultRunspace);
        var (key, origin) = (SessionEnvironment.ApiKey, SessionEnvironment.BaseUri + "\n" + SessionEnvironment.JournalPath);
        var isOpen = slot.Session is { IsOpen: true };
        if (isOpen && slot.Origin is null) return slot.Session!;
        if (key is null)
            throw new CommandException(ErrorIds.NoSession, CommandMessages.NoSession());
        if (isOpen && slot.Origin == origin && slot.Session!.Client.Uses(key)) return slot.Session;
        return Put(SessionFactory.FromEnvironment(key), origin);
    }

    private static MJSession Put(MJSession session, string? origin)
    {
        var slot = Slots.GetOrCreateValue(Runspace.DefaultRunspace);
        slot.Session = session;
        slot.Origin = origin;
        return session;
    }

    private sealed class Slot
    {
        public MJSession? Session { get; set; }

        /// <summary>What of the environment the session was made of, but for the key; null for one made by hand.</summary>
        public string? Origin { get; set; }
    }
}
