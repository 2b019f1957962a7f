namespace MidJourney.Client.Tests;

/// <summary>Keeps what the observer is told.</summary>
internal sealed class Notes : IGatewayObserver
{
    private readonly List<string> _lines = [];
    private readonly List<string> _details = [];
    private readonly List<string> _warnings = [];

    /// <summary>Whether it wants to be told of every request.</summary>
    public bool WantsRequests { get; set; }

    public bool WantsDetails { get; set; }

    public string[] Details
    {
        get { lock (_lines) return [.. _details]; }
    }

    public string[] Lines
    {
        get { lock (_lines) return [.. _lines]; }
    }

    public string[] Warnings
    {
        get { lock (_lines) return [.. _warnings]; }
    }

    public void Note(string line)
    {
        lock (_lines) _lines.Add(line);
    }

    public void Detail(string line)
    {
        lock (_lines) _details.Add(line);
    }

    public void Warn(string line)
    {
        lock (_lines) _warnings.Add(line);
    }
}
