namespace MidJourney.Client.Tests;

public sealed class UnknownFieldTests
{
    [Fact]
    public void Metadata_is_plain_values()
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
    public void What_is_no_metadata_is_empty(string json) => Assert.Empty(Sample.Read(json).Metadata);

    [Fact]
    public void Raw_is_the_answer_to_the_letter()
    {
        const string Json = """{ "id":"t", "status":"completed", "fancy":{"new":[1, 2.50]}, "é":"ü", "id2":1 }""";
        Assert.Equal(Json, Sample.Read(Json).Raw);
    }

    [Fact]
    public void Comments_trailing_commas_and_doubled_names_do_no_harm() =>
        Assert.Equal(MJTaskStatus.Completed, Sample.Read("""{"id":"t",/* new */"status":"in_progress","status":"completed",}""").Status);
}
