using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>The index of a large journal, with hash collisions.</summary>
public sealed class JournalIndexTests
{
    private const int Count = 30_000, Works = 1000;

    [Fact]
    public void Entries_are_found_by_work_and_task_despite_hash_collisions()
    {
        var index = new JournalIndex();
        for (var n = 0; n < Count; n++)
        {
            index.Add(Line("submitting", n, ""), n * 3L);
            if (n % 4 != 3) index.Add(Line("created", n, $",\"taskId\":\"{Id(n)}\",\"task\":{{}}"), n * 3L + 1);
            if (n % 4 == 1) index.Add(Utf8($"{{\"v\":2,\"event\":\"ended\",\"time\":\"2024-03-09T16:00:00Z\",\"baseUri\":\"https://g{n % 7}.test\",\"taskId\":\"{Id(n)}\",\"state\":\"completed\",\"task\":{{}}}}"), n * 3L + 2);
            if (n % 4 == 2) index.Add(Utf8($"{{\"v\":2,\"event\":\"gone\",\"time\":\"2024-03-09T16:00:00Z\",\"baseUri\":\"https://g{n % 7}.test\",\"taskId\":\"{Id(n)}\"}}"), n * 3L + 2);
        }
        Assert.Equal((Count, 0), (index.Count, index.BadLines));
        Assert.Equal(Work(1).GetHashCode(), Work(Works - 1).GetHashCode());
        for (var work = 0; work < Works; work += 51)
            Assert.Equal(Enumerable.Range(0, Count / Works).Select(n => n * Works + work).Reverse(), index.OfWork(Work(work)));
        for (var n = 0; n < Count; n += 37)
        {
            var entry = index[n];
            Assert.Equal((n % 4) switch { 0 => EntryState.Accepted, 1 => EntryState.Completed, 2 => EntryState.Gone, _ => EntryState.Sending }, entry.State);
            Assert.Equal(n % 4 == 3 ? -1 : n, index.Find($"https://g{n % 7}.test", Id(n)));
            Assert.Equal(-1, index.Find($"https://g{(n + 1) % 7}.test", Id(n)));
            Assert.Equal(n % 4 == 3 ? n : -1, index.FindOpen(Name(n)));
            Assert.Equal(n % 4 == 3 ? "" : Id(n), index.TaskIdOf(entry));
        }
    }

    /// <summary>All have the same hash code, because their parts cancel each other out.</summary>
    private static Guid Work(int number) => new(number, 1, 0, [(byte)number, (byte)(number >> 8), (byte)(number >> 16), (byte)(number >> 24), 0, 0, 0, 0]);

    private static Guid Name(int number) => new(number, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]);

    /// <summary>Of different lengths, so that some do not fit into the rest of a chunk.</summary>
    private static string Id(int number) => "t" + number + new string('x', number % 50);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Line(string @event, int number, string more) => Utf8(
        $"{{\"v\":2,\"event\":\"{@event}\",\"time\":\"2024-03-09T15:00:00Z\",\"ref\":\"{Name(number):N}\",\"work\":\"{Work(number % Works):N}\",\"baseUri\":\"https://g{number % 7}.test\",\"account\":\"a{number % 5}\",\"model\":\"m\",\"params\":{{}}{more}}}");
}
