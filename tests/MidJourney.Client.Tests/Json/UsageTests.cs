using System.Globalization;

namespace MidJourney.Client.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("\"0.05\"", "0.05")]
    [InlineData("\"0.050\"", "0.050")]
    [InlineData("0.05", "0.05")]
    [InlineData("0", "0")]
    [InlineData("\"0\"", "0")]
    [InlineData("12", "12")]
    [InlineData("\" 0.05 \"", "0.05")]
    [InlineData("5e-2", "0.05")]
    [InlineData("0.1000000000000000000000000001", "0.1000000000000000000000000001")]
    public void The_cost_is_exact_as_text_and_as_number(string value, string expected) =>
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), Sample.Read($$$"""{"id":"t","usage":{"cost":{{{value}}}}}""").Cost);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("\"free\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"0,05\"")]
    [InlineData("1e999")]
    [InlineData("{}")]
    [InlineData("true")]
    public void What_is_no_amount_is_no_cost(string value) => Assert.Null(Sample.Read($$$"""{"id":"t","usage":{"cost":{{{value}}}}}""").Cost);

    [Fact]
    public void A_usage_without_cost_has_none() => Assert.Null(Sample.Read("""{"id":"t","usage":{"discount":"0.1"}}""").Cost);

    [Theory]
    [InlineData("""{"id":"t"}""")]
    [InlineData("""{"id":"t","usage":null}""")]
    [InlineData("""{"id":"t","usage":"0.05"}""")]
    [InlineData("""{"id":"t","usage":[]}""")]
    public void What_is_no_usage_is_none(string json) => Assert.Null(Sample.Read(json).Usage);

    [Fact]
    public void The_other_amounts_and_whatever_else_stands_there_are_kept()
    {
        var usage = Sample.Read("""{"id":"t","usage":{"cost":"0.09","discount":"0.1","quantity":2,"unit_price":0.05,"extra_info":{"tier":"fast","steps":[1,2]},"note":null}}""").Usage!;
        Assert.Equal((0.09m, 0.1m, 2m, 0.05m), (usage.Cost, usage.Discount, usage.Quantity, usage.UnitPrice));
        var extra = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(usage.Additional["extra_info"]);
        Assert.Equal("fast", extra["tier"]);
        Assert.True(usage.Additional.ContainsKey("note"));
        Assert.Equal(2, usage.Additional.Count);
    }
}
