namespace MidJourney.Callbacks;

/// <summary>The paths and secrets that make a request count.</summary>
internal sealed class AcceptedPaths
{
    private readonly object _lock = new();
    private volatile Entry[] _entries = [];

    /// <param name="secretPath">A path if it starts with a slash, otherwise a secret.</param>
    /// <returns>Removes it.</returns>
    public IDisposable Add(string secretPath)
    {
        var segments = Segments(secretPath);
        // Without a segment it would be in every path.
        if (segments.Length == 0) throw new ArgumentException("The path has no segment.", nameof(secretPath));
        var entry = new Entry(segments, !secretPath.StartsWith("/", StringComparison.Ordinal), this);
        lock (_lock) _entries = [.. _entries, entry];
        return entry;
    }

    /// <param name="path">The path of a request, as received.</param>
    public bool Contains(string path)
    {
        var entries = _entries;
        if (entries.Length == 0) return false;
        var segments = Segments(path);
        var isFound = false;
        // Neither loop ends early, so that the time does not tell how much of a secret was right.
        foreach (var entry in entries)
        {
            for (var at = 0; at + entry.Segments.Length <= segments.Length; at++) isFound |= entry.IsAt(segments, at);
        }
        return isFound;
    }

    private static string[] Segments(string path) => Uri.UnescapeDataString(path).Split(['/'], StringSplitOptions.RemoveEmptyEntries);

    private sealed class Entry(string[] segments, bool isSecret, AcceptedPaths owner) : IDisposable
    {
        public string[] Segments => segments;

        public bool IsAt(string[] path, int at)
        {
            var isEqual = true;
            for (var i = 0; i < segments.Length; i++) isEqual &= IsEqual(segments[i], path[at + i]);
            return isEqual;
        }

        public void Dispose()
        {
            lock (owner._lock) owner._entries = [.. owner._entries.Where(e => e != this)];
        }

        private bool IsEqual(string expected, string segment)
        {
            if (isSecret && segment.Length > expected.Length && segment[expected.Length] == '-') segment = segment.Substring(0, expected.Length);
            if (segment.Length != expected.Length) return false;
            var difference = 0;
            for (var i = 0; i < expected.Length; i++) difference |= expected[i] ^ segment[i];
            return difference == 0;
        }
    }
}
