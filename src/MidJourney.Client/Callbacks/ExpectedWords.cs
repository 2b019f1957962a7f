using System.Collections.Concurrent;
using System.Text;

namespace MidJourney.Callbacks;

/// <summary>
/// Finds expected words in text of any form. It compares a rolling hash of every place with the hashes of all words,
/// so the time depends on the length of the text and the number of different word lengths, not on the number of words.
/// </summary>
internal sealed class ExpectedWords : IDisposable
{
    /// <summary>Text can be encoded more than once, such as JSON in a string of JSON in a form.</summary>
    private const int MaxDecodings = 3;

    private static readonly bool[] IsWordByte = [.. Enumerable.Range(0, 256).Select(b => b < 128 && char.IsLetterOrDigit((char)b))];

    /// <summary>Odd, and unknown to senders, so that they cannot make many places look like a word.</summary>
    private readonly ulong _factor = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray(), 0) | 1;

    private readonly object _lock = new();
    private readonly ConcurrentDictionary<ulong, Word[]> _words = new();
    private readonly Dictionary<int, int> _counts = [];
    private readonly RecentWords _recent;
    private volatile int[] _lengths = [];
    private volatile bool _isDisposed;

    public ExpectedWords(TimeProvider time) => _recent = new RecentWords(time);

    /// <returns>Removes the words.</returns>
    public IDisposable Expect(string[] words, Action hint)
    {
        var expectation = new Expectation(hint, this);
        expectation.Words = [.. words.Where(w => w.Length > 0).Distinct(StringComparer.Ordinal).Select(w => new Word(Encoding.UTF8.GetBytes(w), expectation))];
        lock (_lock)
        {
            foreach (var word in expectation.Words)
            {
                _words.AddOrUpdate(HashOf(word.Bytes), [word], (_, same) => [.. same, word]);
                Count(word.Bytes.Length, 1);
            }
        }
        if (words.Any(_recent.Contains)) hint();
        return expectation;
    }

    /// <summary>Calls the hints of the words in a text, each once.</summary>
    public void Find(byte[] text)
    {
        var found = new HashSet<Expectation>();
        byte[]? form = text;
        for (var decodings = 0; form is not null; form = decodings++ < MaxDecodings ? EncodedText.Decode(form) : null)
        {
            // Before the search, so that no word is missed that becomes expected meanwhile.
            _recent.Add(form);
            foreach (var length in _lengths) Find(form, length, found);
        }
        foreach (var expectation in found)
        {
            if (!_isDisposed) expectation.Hint();
        }
    }

    public void Dispose() => _isDisposed = true;

    private void Find(byte[] text, int length, HashSet<Expectation> found)
    {
        ulong hash = 0, first = 1;
        for (var i = 1; i < length; i++) first = unchecked(first * _factor);
        for (var end = 1; end <= text.Length; end++)
        {
            var start = end - length;
            if (start > 0) hash = unchecked(hash - (text[start - 1] + 1UL) * first);
            hash = unchecked(hash * _factor + text[end - 1] + 1);
            if (start < 0 || !IsEdge(text, start) || !IsEdge(text, end) || !_words.TryGetValue(hash, out var words)) continue;
            foreach (var word in words)
            {
                if (word.Bytes.AsSpan().SequenceEqual(text.AsSpan(start, length))) found.Add(word.Expectation);
            }
        }
    }

    /// <summary>Not between two letters or digits: <c>abc</c> is not in <c>xabcy</c>.</summary>
    private static bool IsEdge(byte[] text, int at) => at == 0 || at == text.Length || !IsWordByte[text[at - 1]] || !IsWordByte[text[at]];

    private ulong HashOf(byte[] word)
    {
        ulong hash = 0;
        foreach (var b in word) hash = unchecked(hash * _factor + b + 1);
        return hash;
    }

    private void Remove(Expectation expectation)
    {
        lock (_lock)
        {
            foreach (var word in expectation.Words)
            {
                var hash = HashOf(word.Bytes);
                Word[] others = [.. _words[hash].Where(w => w != word)];
                if (others.Length > 0) _words[hash] = others;
                else _words.TryRemove(hash, out _);
                Count(word.Bytes.Length, -1);
            }
            expectation.Words = [];
        }
    }

    private void Count(int length, int change)
    {
        _counts.TryGetValue(length, out var count);
        _counts[length] = count + change;
        if (count + change == 0) _counts.Remove(length);
        if (count == 0 || count + change == 0) _lengths = [.. _counts.Keys];
    }

    private sealed class Word(byte[] bytes, Expectation expectation)
    {
        public byte[] Bytes => bytes;

        public Expectation Expectation => expectation;
    }

    private sealed class Expectation(Action hint, ExpectedWords owner) : IDisposable
    {
        public Word[] Words { get; set; } = [];

        public void Hint() => hint();

        public void Dispose() => owner.Remove(this);
    }
}
