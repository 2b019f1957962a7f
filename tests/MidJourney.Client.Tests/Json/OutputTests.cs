namespace MidJourney.Client.Tests;

public sealed class OutputTests
{
    [Fact]
    public void One_image()
    {
        var task = Sample.Read(Sample.Completed);
        var content = Assert.Single(Assert.Single(task.Output).Content);
        Assert.Equal(("image", "https://files.test/a.png", "job-2"), (content.Type, content.Url, content.JobId));
        Assert.Equal(("https://files.test/a.png", "job-2"), (task.Url, task.JobId));
    }

    [Fact]
    public void Several_images_in_one_element()
    {
        var task = Read("""[{"content":[{"type":"image","url":"https://f.test/1","jobId":"j1"},{"type":"image","url":"https://f.test/2","jobId":"j2"}]}]""");
        Assert.Equal(["https://f.test/1", "https://f.test/2"], task.Output[0].Content.Select(c => c.Url));
        Assert.Equal(("https://f.test/1", "j1"), (task.Url, task.JobId));
    }

    [Fact]
    public void Several_elements()
    {
        var task = Read("""[{"content":[]},{"content":[{"type":"image","url":"https://f.test/1"}]},{"content":[{"type":"image","url":"https://f.test/2","jobId":"j2"}]}]""");
        Assert.Equal([0, 1, 1], task.Output.Select(o => o.Content.Length));
        Assert.Equal(("https://f.test/1", "j2"), (task.Url, task.JobId));
    }

    [Fact]
    public void A_video()
    {
        var content = Read("""[{"content":[{"type":"video","url":"https://f.test/v.mp4","duration":5.2}]}]""").Output[0].Content[0];
        Assert.Equal(("video", "https://f.test/v.mp4", null), (content.Type, content.Url, content.JobId));
        Assert.Equal(5.2m, content.Additional["duration"]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"https://f.test/1\"")]
    [InlineData("7")]
    [InlineData("[null,1,\"x\",[]]")]
    public void What_is_no_list_of_objects_is_empty(string output)
    {
        var task = Read(output);
        Assert.Empty(task.Output);
        Assert.Null(task.Url);
        Assert.Null(task.JobId);
    }

    [Fact]
    public void Missing_is_empty() => Assert.Empty(Sample.Read("""{"id":"t","status":"completed"}""").Output);

    [Theory]
    [InlineData("[{}]")]
    [InlineData("""[{"content":null}]""")]
    [InlineData("""[{"content":{}}]""")]
    [InlineData("""[{"content":"x"}]""")]
    [InlineData("""[{"content":[null,1,"x"]}]""")]
    public void An_element_without_pieces_has_none(string output) => Assert.Empty(Assert.Single(Read(output).Output).Content);

    [Theory]
    [InlineData("""{"type":"image"}""")]
    [InlineData("""{"type":"image","url":null}""")]
    [InlineData("""{"type":"image","url":""}""")]
    [InlineData("""{"type":"image","url":{}}""")]
    public void A_piece_may_have_no_url_yet(string content)
    {
        var task = Read($$"""[{"content":[{{content}}]}]""");
        Assert.Single(task.Output[0].Content);
        Assert.Null(task.Url);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    public void What_is_no_job_id_is_none(string jobId) => Assert.Null(Read($$"""[{"content":[{"url":"https://f.test/1","jobId":{{jobId}}}]}]""").JobId);

    [Fact]
    public void Unknown_fields_are_kept_at_every_level()
    {
        var output = Read("""[{"role":"assistant","content":[{"type":"image","url":"https://f.test/1","width":2048,"tags":["a",{"b":null}]}]}]""").Output[0];
        Assert.Equal("assistant", output.Additional["role"]);
        Assert.Equal(2048L, output.Content[0].Additional["width"]);
        var tags = Assert.IsType<object?[]>(output.Content[0].Additional["tags"]);
        Assert.Equal("a", tags[0]);
        Assert.DoesNotContain("url", output.Content[0].Additional.Keys);
    }

    private static MJTask Read(string output) => Sample.Read($$"""{"id":"t","status":"completed","output":{{output}}}""");
}
