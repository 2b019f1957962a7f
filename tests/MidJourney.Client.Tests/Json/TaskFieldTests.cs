using System.Globalization;

namespace MidJourney.Client.Tests;

public sealed class TaskFieldTests
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
    public void Cost_is_exact_as_text_and_as_number(string value, string expected) =>
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
    public void Invalid_cost_is_null(string value) => Assert.Null(Sample.Read($$$"""{"id":"t","usage":{"cost":{{{value}}}}}""").Cost);

    [Fact]
    public void Missing_cost_is_null() => Assert.Null(Sample.Read("""{"id":"t","usage":{"discount":"0.1"}}""").Cost);

    [Theory]
    [InlineData("""{"id":"t"}""")]
    [InlineData("""{"id":"t","usage":null}""")]
    [InlineData("""{"id":"t","usage":"0.05"}""")]
    [InlineData("""{"id":"t","usage":[]}""")]
    public void Invalid_usage_is_null(string json) => Assert.Null(Sample.Read(json).Usage);

    [Fact]
    public void Other_amounts_and_unknown_usage_fields_are_kept()
    {
        var usage = Sample.Read("""{"id":"t","usage":{"cost":"0.09","discount":"0.1","quantity":2,"unit_price":0.05,"extra_info":{"tier":"fast","steps":[1,2]},"note":null}}""").Usage!;
        Assert.Equal((0.09m, 0.1m, 2m, 0.05m), (usage.Cost, usage.Discount, usage.Quantity, usage.UnitPrice));
        var extra = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(usage.Additional["extra_info"]);
        Assert.Equal("fast", extra["tier"]);
        Assert.True(usage.Additional.ContainsKey("note"));
        Assert.Equal(2, usage.Additional.Count);
    }

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
    public void Progress_is_a_fraction_of_one(string value, double expected) =>
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
    public void Invalid_progress_is_null(string value) =>
        Assert.Null(Sample.Read($$"""{"id":"t","status":"in_progress","progress":{{value}}}""").Progress);

    [Fact]
    public void Missing_progress_is_null() => Assert.Null(Sample.Read("""{"id":"t","status":"in_progress"}""").Progress);

    [Theory]
    [InlineData("""{"id":"t","status":"completed"}""")]
    [InlineData("""{"id":"t","status":"completed","progress":0.9}""")]
    public void Progress_of_a_completed_task_is_one(string json) => Assert.Equal(1.0, Sample.Read(json).Progress);

    [Theory]
    [InlineData("1710000000")]
    [InlineData("1710000000.0")]
    [InlineData("\"1710000000\"")]
    [InlineData("1710000000000")]
    [InlineData("\"2024-03-09T16:00:00Z\"")]
    [InlineData("\"2024-03-09T16:00:00\"")]
    [InlineData("\"2024-03-09T18:00:00+02:00\"")]
    [InlineData("\"2024-03-09T16:00:00.000000Z\"")]
    public void Creation_time_is_read_in_every_format(string value) =>
        Assert.Equal(new DateTimeOffset(2024, 3, 9, 16, 0, 0, TimeSpan.Zero), Sample.Read($$"""{"id":"t","created_at":{{value}}}""").CreatedAt);

    [Fact]
    public void Creation_time_is_UTC() => Assert.Equal(TimeSpan.Zero, Sample.Read("""{"id":"t","created_at":"2024-03-09T18:00:00+02:00"}""").CreatedAt?.Offset);

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
    public void Invalid_creation_time_is_null(string value) => Assert.Null(Sample.Read($$"""{"id":"t","created_at":{{value}}}""").CreatedAt);

    [Fact]
    public void Missing_creation_time_is_null() => Assert.Null(Sample.Read("""{"id":"t"}""").CreatedAt);

    [Fact]
    public void Metadata_consists_of_plain_values()
    {
        var metadata = Sample.Read("""{"id":"t","metadata":{"in_queue_at":1710000001,"ratio":0.5,"big":1e300,"on":true,"none":null,"text":"x","list":[1,"2"],"deep":{"a":{"b":1}}}}""").Metadata;
        Assert.Equal(1710000001L, metadata["in_queue_at"]);
        Assert.Equal(0.5m, metadata["ratio"]);
        Assert.Equal(1e300, metadata["big"]);
        Assert.Equal(true, metadata["on"]);
        Assert.Null(metadata["none"]);
        Assert.Equal("x", metadata["text"]);
        Assert.Equal(new object[] { 1L, "2" }, metadata["list"]);
        var deep = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(metadata["deep"]);
        Assert.Equal(1L, Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(deep["a"])["b"]);
    }

    [Theory]
    [InlineData("""{"id":"t"}""")]
    [InlineData("""{"id":"t","metadata":null}""")]
    [InlineData("""{"id":"t","metadata":[1]}""")]
    [InlineData("""{"id":"t","metadata":"x"}""")]
    public void Invalid_metadata_is_empty(string json) => Assert.Empty(Sample.Read(json).Metadata);

    [Fact]
    public void Raw_is_the_exact_response()
    {
        const string Json = """{ "id":"t", "status":"completed", "fancy":{"new":[1, 2.50]}, "é":"ü", "id2":1 }""";
        Assert.Equal(Json, Sample.Read(Json).Raw);
    }

    [Fact]
    public void Comments_trailing_commas_and_duplicate_names_are_accepted() =>
        Assert.Equal(MJTaskStatus.Completed, Sample.Read("""{"id":"t",/* new */"status":"in_progress","status":"completed",}""").Status);
}
