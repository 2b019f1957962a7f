using System.Net;
using MidJourney.Callbacks;

namespace MidJourney.Sessions;

/// <summary>Where this process listens for callbacks: one listener per address and port, shared by all waits that name it, of whatever session.</summary>
internal static class Listeners
{
    private static readonly List<Shared> Open = [];

    /// <summary>Starts to listen, or joins those who already listen there.</summary>
    /// <exception cref="GatewayException">The port cannot be opened.</exception>
    public static Listening Join(ListenAddress address)
    {
        lock (Open)
        {
            var shared = Open.Find(s => s.Listener.Port == address.Port && s.Hears(address));
            if (shared is null) Open.Add(shared = new Shared(CallbackListener.Start(address.Addresses, address.Port), address.Addresses));
            shared.Users++;
            return new Listening(shared.Listener, address, () => Leave(shared));
        }
    }

    private static void Leave(Shared shared)
    {
        lock (Open)
        {
            if (--shared.Users > 0) return;
            Open.Remove(shared);
            shared.Listener.Dispose();
        }
    }

    private sealed class Shared(CallbackListener listener, IPAddress[] addresses)
    {
        public CallbackListener Listener => listener;

        public int Users { get; set; }

        public bool Hears(ListenAddress address) => address.Addresses.All(a => addresses.Any(own => Includes(own, a)));

        private static bool Includes(IPAddress own, IPAddress other) =>
            own.AddressFamily == other.AddressFamily && (own.Equals(other) || own.Equals(IPAddress.Any) || own.Equals(IPAddress.IPv6Any));
    }
}

/// <summary>One wait's use of a listener.</summary>
internal sealed class Listening : IDisposable
{
    private readonly CallbackListener _listener;
    private readonly Action _leave;
    private readonly List<IDisposable> _held = [];
    private readonly HashSet<MJSession> _sessions = [];
    private readonly string _address;
    private int _hints, _ends, _isDisposed;

    /// <summary>Whether the secret of a callback about one of the tasks can be known here.</summary>
    private bool _isRecognizable;

    public Listening(CallbackListener listener, ListenAddress address, Action leave)
    {
        (_listener, _address, _leave) = (listener, address.At(null), leave);
        if (address.Path is not { } path) return;
        _held.Add(listener.Accept(path));
        _isRecognizable = true;
    }

    /// <summary>The session's tokens are the secret of its callbacks, from before its first create on.</summary>
    public void Accept(MJSession session)
    {
        if (_sessions.Add(session)) _held.Add(_listener.Accept(session.Client.CallbackTokens.Secret));
    }

    /// <summary>A task that may be announced from now on, by its ID or by the token it was created with.</summary>
    public IDisposable Expect(MJTask task, MJSession session, Action hint)
    {
        Accept(session);
        var token = session.Client.CallbackTokens.Of(task.Id);
        _isRecognizable |= token is not null;
        return _listener.Expect(token is not null ? [task.Id, token] : [task.Id], () =>
        {
            Interlocked.Increment(ref _hints);
            hint();
        });
    }

    /// <summary>A task ended during the wait, so that a callback should have come.</summary>
    public void NoteEnd() => _ends++;

    /// <summary>What was wrong with the callbacks of a wait that has ended; null if some arrived, or if none should have come.</summary>
    public string? Problem => _ends == 0 || Volatile.Read(ref _hints) > 0 ? null
        : _isRecognizable ? Messages.NoCallbackArrived(_address, _listener.Received, _listener.Refused) : Messages.NoCallbackRecognizable();

    /// <summary>Closes the port at once, unless another wait listens there.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        foreach (var held in _held) held.Dispose();
        _leave();
    }
}
