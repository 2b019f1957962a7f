namespace MidJourney.Client.Tests;

public sealed class ProgressTests
{
    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("0.25", 0.25)]
    [InlineData("1", 1.0)]
    [InlineData("1.0", 1.0)]
    [InlineData("45", 0.45)]
    [InlineData("100", 1.0)]
    [InlineData("250", 1.0)]
    [InlineData("-0.5", 0.0)]
    [InlineData("-50", 0.0)]
    [InlineData("\"0.5\"", 0.5)]
    [InlineData("\"45\"", 0.45)]
    public void Progress_is_a_share_of_one(string value, double expected) =>
        Assert.Equal(expected, Sample.Read($$"""{"id":"t","status":"in_progress","progress":{{value}}}""").Progress);

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"half\"")]
    [InlineData("\"NaN\"")]
    [InlineData("1e999")]
    [InlineData("{}")]
    [InlineData("[0.5]")]
    [InlineData("false")]
    public void What_is_no_number_is_no_progress(string value) =>
        Assert.Null(Sample.Read($$"""{"id":"t","status":"in_progress","progress":{{value}}}""").Progress);

    [Fact]
    public void Missing_is_none() => Assert.Null(Sample.Read("""{"id":"t","status":"in_progress"}""").Progress);

    [Theory]
    [InlineData("""{"id":"t","status":"completed"}""")]
    [InlineData("""{"id":"t","status":"completed","progress":0.9}""")]
    public void A_completed_task_is_all_done(string json) => Assert.Equal(1.0, Sample.Read(json).Progress);
}
