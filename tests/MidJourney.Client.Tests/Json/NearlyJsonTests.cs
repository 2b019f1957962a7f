namespace MidJourney.Client.Tests;

/// <summary>One odd field does not make a paid task unreadable: only that field is unknown.</summary>
public sealed class NearlyJsonTests
{
    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("undefined")]
    [InlineData("None")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("+1")]
    [InlineData("007")]
    [InlineData("0x1F")]
    [InlineData("1_000")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("99999999999999999999999999999999999")]
    [InlineData("")]
    [InlineData("\"a\nb\tc\"")]
    [InlineData("\"\\x41\\'\\u12\"")]
    [InlineData("\"\\ud800\"")]
    public void An_odd_value_costs_nothing_but_itself(string value)
    {
        foreach (var field in new[] { "\"created_at\"", "\"progress\"", "\"metadata\"", "\"error\"", "\"x\"", "\"detail\"" })
            Check($$"""{"id":"t",{{field}}:{{value}},"status":"completed","output":[{"content":[{"url":"https://f.test/1","width":{{value}}}],"n":{{value}}}],"usage":{"cost":"0.05","discount":{{value}} } }""");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void What_is_nested_too_deep_costs_nothing_but_itself(int depth) =>
        Check($$"""{"id":"t","x":{{new string('[', depth)}}{{new string(']', depth)}},"status":"completed","output":[{"content":[{"url":"https://f.test/1"}]}],"usage":{"cost":"0.05"} }""");

    [Theory]
    [InlineData("\u0000\u0000")]
    [InlineData(" trailing")]
    [InlineData("{\"id\":\"other\"}")]
    [InlineData("}")]
    public void What_follows_a_whole_answer_is_left_alone(string rest) =>
        Check("""{"id":"t","status":"completed","output":[{"content":[{"url":"https://f.test/1"}]}],"usage":{"cost":"0.05"}}""" + rest);

    [Fact]
    public void A_create_with_an_odd_value_is_not_in_doubt() => Assert.Equal("d7x", Sample.Create("""{"id":"d7x","eta":NaN}""").Task?.Id);

    [Fact]
    public void A_number_that_no_type_holds_stays_text() =>
        Assert.Equal("1e400", Sample.Read("""{"id":"t","status":"completed","metadata":{"x":1e400}}""").Metadata["x"]);

    private static void Check(string json)
    {
        var task = Sample.Read(json);
        Assert.Equal((MJTaskStatus.Completed, "https://f.test/1", 0.05m), (task.Status, task.Url, task.Cost));
        using var raw = System.Text.Json.JsonDocument.Parse(task.Raw!);
        Assert.Equal("https://f.test/1", TaskReader.FromRaw(task.Raw!)?.Url);
    }
}
