namespace MidJourney.Client.Tests;

public sealed class CreatedAtTests
{
    [Theory]
    [InlineData("1710000000")]
    [InlineData("1710000000.0")]
    [InlineData("\"1710000000\"")]
    [InlineData("1710000000000")]
    [InlineData("\"2024-03-09T16:00:00Z\"")]
    [InlineData("\"2024-03-09T16:00:00\"")]
    [InlineData("\"2024-03-09T18:00:00+02:00\"")]
    [InlineData("\"2024-03-09T16:00:00.000000Z\"")]
    public void The_time_is_utc_in_every_form(string value) =>
        Assert.Equal(new DateTimeOffset(2024, 3, 9, 16, 0, 0, TimeSpan.Zero), Sample.Read($$"""{"id":"t","created_at":{{value}}}""").CreatedAt);

    [Fact]
    public void The_offset_is_zero() => Assert.Equal(TimeSpan.Zero, Sample.Read("""{"id":"t","created_at":"2024-03-09T18:00:00+02:00"}""").CreatedAt?.Offset);

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"yesterday-ish\"")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e300")]
    [InlineData("99999999999999999999999999")]
    [InlineData("{}")]
    [InlineData("[1710000000]")]
    [InlineData("true")]
    [InlineData("\"0001-01-01T00:00:00+14:00\"")]
    [InlineData("\"9999-12-31T23:59:59-14:00\"")]
    public void What_is_no_time_is_no_time(string value) => Assert.Null(Sample.Read($$"""{"id":"t","created_at":{{value}}}""").CreatedAt);

    [Fact]
    public void Missing_is_none() => Assert.Null(Sample.Read("""{"id":"t"}""").CreatedAt);
}
