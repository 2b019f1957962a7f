using System.Text;

namespace MidJourney.Callbacks;

/// <summary>Words of recent requests: a callback may come before the response to the create that it is about.</summary>
internal sealed class RecentWords(TimeProvider time)
{
    public const int MaxWords = 4096;

    /// <summary>One long request leaves room for the words of others.</summary>
    public const int MaxWordsPerText = 512;

    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private static readonly char[] Separators = ['.', ':'];

    /// <summary>By word, when it last came.</summary>
    private readonly Dictionary<string, long> _words = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldest = new();

    public void Add(byte[] text)
    {
        var words = WordsOf(text).Take(MaxWordsPerText).ToList();
        var now = time.GetTimestamp();
        lock (_words)
        {
            foreach (var word in words)
            {
                if (!_words.ContainsKey(word)) _oldest.Enqueue(word);
                _words[word] = now;
                if (_oldest.Count > MaxWords) _words.Remove(_oldest.Dequeue());
            }
        }
    }

    public bool Contains(string word)
    {
        lock (_words) return _words.TryGetValue(word, out var added) && time.GetElapsedTime(added) <= MaxAge;
    }

    /// <summary>Letters and digits with <c>-</c>, <c>_</c>, <c>.</c> or <c>:</c> between them; and, of those with a dot or a colon, the parts.</summary>
    private static IEnumerable<string> WordsOf(byte[] text)
    {
        for (var (start, at) = (0, 0); at <= text.Length; at++)
        {
            if (at < text.Length && IsOfWord(text[at])) continue;
            var word = at - start > MJTask.MaxIdLength ? "" : Encoding.ASCII.GetString(text, start, at - start).Trim('-', '_', '.', ':');
            start = at + 1;
            if (word.Length > 0) yield return word;
            if (word.IndexOfAny(Separators) < 0) continue;
            foreach (var part in word.Split(Separators, StringSplitOptions.RemoveEmptyEntries)) yield return part;
        }
    }

    private static bool IsOfWord(byte b) => b < 128 && (char.IsLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)':');
}
