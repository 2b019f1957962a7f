using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Client.Tests.Callbacks;

public sealed class ExpectedWordsTests : IDisposable
{
    private readonly FakeTimeProvider _clock = Sample.Clock();
    private readonly ExpectedWords _words;
    private readonly List<string> _hints = [];

    public ExpectedWordsTests() => _words = new ExpectedWords(_clock);

    public void Dispose() => _words.Dispose();

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("abc", "/mj/abc?x")]
    [InlineData("abc", "/mj?id=abc&x=y")]
    [InlineData("abc", "a=b&id=abc")]
    [InlineData("abc", """{"data":[{"task":{"id":"abc"}}]}""")]
    [InlineData("abc", """{"abc":{}}""")]
    [InlineData("abc", "task abc, done")]
    [InlineData("abc", "task:abc.")]
    [InlineData("abc", "job-abc_0.png")]
    [InlineData("abc", "xabc abc")]
    [InlineData("abc", "\u201cabc\u201d")]
    [InlineData("123", """{"id":123}""")]
    [InlineData("a-b_c.d:e", "x=a-b_c.d:e&")]
    [InlineData("a-b_c.d:e", "/a-b_c.d:e-f")]
    [InlineData("a b", "x a b y")]
    [InlineData("\u00e4\u00df\U0001f600", "x\u00e4\u00df\U0001f600y")]
    [InlineData("-a-", "x-a-y")]
    public void Word_is_found(string word, string text) => Assert.True(IsFound(word, text));

    [Theory]
    [InlineData("abc", "xabc")]
    [InlineData("abc", "abcx")]
    [InlineData("abc", "xabcy")]
    [InlineData("abc", "0abc1")]
    [InlineData("abc", "ABC")]
    [InlineData("abc", "ab c")]
    [InlineData("abc", "ab")]
    [InlineData("abc", "")]
    [InlineData("5ec2e7-1", "/5ec2e7-12")]
    [InlineData("5ec2e7-1", "/5ec2e7_1")]
    public void Other_words_are_not_found(string word, string text) => Assert.False(IsFound(word, text));

    [Theory]
    [InlineData("a%62c")]
    [InlineData("x%2Fabc%2fy")]
    [InlineData("x%253Dabc%2526y")]
    [InlineData("""{"id":"\u0061b\u0063"}""")]
    [InlineData("""{"text":"line\nabc\nline"}""")]
    [InlineData("""{"text":"line\\nabc\\nline"}""")]
    [InlineData("""{"path":"a\/abc\/b"}""")]
    [InlineData("payload=%7B%22id%22%3A%22%5Cu0061bc%22%7D")]
    [InlineData("%abc")]
    [InlineData("50% abc")]
    [InlineData("\\abc")]
    [InlineData("\\uabc\\")]
    [InlineData("%2")]
    public void Encoded_text_is_searched_as_it_is_and_decoded(string text) => Assert.Equal(!text.StartsWith("\\u", StringComparison.Ordinal) && text != "%2", IsFound("abc", text));

    [Fact]
    public void Id_with_any_character_is_found_in_json()
    {
        const string Id = "a\"b\\c/d\u00e4";
        Assert.True(IsFound(Id, JsonSerializer.Serialize(new { id = Id })));
        Assert.True(IsFound(Id, JsonSerializer.Serialize(JsonSerializer.Serialize(new { id = Id }))));
    }

    [Fact]
    public void Any_bytes_do_no_harm()
    {
        Expect("abc");
        byte[] text = [0xff, 0xfe, 0, .. "abc"u8, 0xc3];
        _words.Find(text);
        Assert.Equal(["abc"], _hints);
    }

    [Fact]
    public void Each_known_word_is_hinted_once()
    {
        Expect("abc");
        Expect("d-1", "d-2");
        Expect("other");
        Find("abc abc d-2 %61bc d-1 a\\nabc");
        Assert.Equal(["abc", "d-1"], _hints.Order());
    }

    [Fact]
    public void Two_waits_for_the_same_word_are_both_hinted()
    {
        var first = Expect("abc");
        Expect("abc", "def");
        Find("abc");
        Assert.Equal(2, _hints.Count);
        first.Dispose();
        first.Dispose();
        Find("abc def");
        Assert.Equal(3, _hints.Count);
    }

    [Fact]
    public void Word_is_not_found_after_its_wait()
    {
        using (Expect("abc", "defg")) Find("abc");
        Find("abc defg");
        Assert.Equal(["abc"], _hints);
    }

    [Fact]
    public void All_of_many_words_are_found()
    {
        var ids = Enumerable.Range(0, 20_000).Select(n => $"{new string('x', n % 7)}task{n}").ToList();
        foreach (var id in ids) Expect(id);
        Find(JsonSerializer.Serialize(ids));
        Assert.Equal(ids.Order(StringComparer.Ordinal), _hints.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/mj/5ec2e7-12\n", "5ec2e7-12")]
    [InlineData("""{"id":"abc-d_e"}""", "abc-d_e")]
    [InlineData("""{"id":"task:abc.d"}""", "abc")]
    [InlineData("see abc.", "abc")]
    [InlineData("""{"text":"line\nabc"}""", "abc")]
    [InlineData("id=a%62c", "abc")]
    public void Word_that_came_early_is_hinted_at_once(string text, string word)
    {
        Find(text);
        Expect("other");
        Assert.Empty(_hints);
        Expect(word, "second");
        Expect("second", word);
        Assert.Equal([word, "second"], _hints);
    }

    [Fact]
    public void Early_word_is_remembered_beside_one_that_was_expected()
    {
        Expect("abc");
        Find("abc def");
        Expect("def");
        Assert.Equal(["abc", "def"], _hints);
    }

    [Fact]
    public void Early_word_is_forgotten_after_minutes()
    {
        Find("abc def");
        _clock.Advance(TimeSpan.FromMinutes(4));
        Find("abc");
        _clock.Advance(TimeSpan.FromMinutes(2));
        Expect("def");
        Expect("abc");
        Assert.Equal(["abc"], _hints);
    }

    [Fact]
    public void Early_words_are_limited()
    {
        Find("first");
        for (var n = 0; n < 8; n++) Find(string.Join(' ', Enumerable.Range(0, 511).Select(i => $"n{n}-{i}")));
        Expect("first");
        Assert.Equal(["first"], _hints);
        Find("last1 last2 last3 last4 last5 last6 last7 last8 last9");
        Expect("first");
        Assert.Equal(["first"], _hints);
        Expect("last9");
        Assert.Equal(["first", "last9"], _hints);
    }

    [Fact]
    public void One_long_request_does_not_displace_early_words()
    {
        Find("first");
        Find(string.Join(' ', Enumerable.Range(0, 50_000)));
        Expect("first");
        Assert.Equal(["first"], _hints);
    }

    [Fact]
    public void Nothing_is_hinted_after_the_end()
    {
        Expect("abc");
        _words.Dispose();
        Find("abc");
        Assert.Empty(_hints);
    }

    private IDisposable Expect(params string[] words) => _words.Expect(words, () => _hints.Add(words[0]));

    private void Find(string text) => _words.Find(Encoding.UTF8.GetBytes(text));

    private bool IsFound(string word, string text)
    {
        _hints.Clear();
        using var expected = Expect(word);
        Find(text);
        return _hints.Count > 0;
    }
}
