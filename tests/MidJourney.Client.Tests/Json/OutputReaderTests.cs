namespace MidJourney.Client.Tests;

public sealed class OutputReaderTests
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
    public void Invalid_output_is_empty(string output)
    {
        var task = Read(output);
        Assert.Empty(task.Output);
        Assert.Null(task.Url);
        Assert.Null(task.JobId);
    }

    [Fact]
    public void Missing_output_is_empty() => Assert.Empty(Sample.Read("""{"id":"t","status":"completed"}""").Output);

    [Theory]
    [InlineData("[{}]")]
    [InlineData("""[{"content":null}]""")]
    [InlineData("""[{"content":{}}]""")]
    [InlineData("""[{"content":"x"}]""")]
    [InlineData("""[{"content":[null,1,"x"]}]""")]
    public void Element_without_content_is_empty(string output) => Assert.Empty(Assert.Single(Read(output).Output).Content);

    [Theory]
    [InlineData("""{"type":"image"}""")]
    [InlineData("""{"type":"image","url":null}""")]
    [InlineData("""{"type":"image","url":""}""")]
    [InlineData("""{"type":"image","url":{}}""")]
    public void Content_may_have_no_URL_yet(string content)
    {
        var task = Read($$"""[{"content":[{{content}}]}]""");
        Assert.Single(task.Output[0].Content);
        Assert.Null(task.Url);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    public void Invalid_job_id_is_null(string jobId) => Assert.Null(Read($$"""[{"content":[{"url":"https://f.test/1","jobId":{{jobId}}}]}]""").JobId);

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

    [Theory]
    [InlineData("A,B,C,D", "0 1 2 3")]
    [InlineData("null,B,C,D", "1 2 3")]
    [InlineData("{\"type\":\"image\",\"url\":null},B,C,D", "0 1 2 3")]
    [InlineData("A,{\"url\":\"\"},{},D", "0 1 2 3")]
    [InlineData("B,C,D", "0 1 2")]
    [InlineData("""{"url":"u1","imageNo":3},{"url":"u2","image_no":"1"}""", "3 1")]
    [InlineData("""{"url":"u1","imageNo":2},{"url":"u2","imageNo":2}""", "0 1")]
    [InlineData("""{"url":"u1","imageNo":-1},{"url":"u2","imageNo":1e400}""", "0 1")]
    [InlineData("""{"url":"https://f.test/a_0_1.png"},{"url":"https://f.test/a_0_2.png?x=_3.png"},{"url":"https://f.test/a_0_3.webp"}""", "1 2 3")]
    [InlineData("""{"url":"https://f.test/a_0_2.png"},{"url":"https://f.test/b_0_2.png"}""", "0 1")]
    [InlineData("""{"url":"https://f.test/a_0_2.png"},{"url":"https://f.test/b.png"}""", "0 1")]
    [InlineData("""{"url":"https://f.test/x/1.png"},{"url":"https://f.test/x/3.png"}""", "1 3")]
    [InlineData("""{"url":"https://f.test/a_1.png"},{"url":"https://f.test/a_4.png"}""", "0 1")]
    [InlineData("""{"url":"https://f.test/a_2.png","imageNo":0},{"url":"https://f.test/a_3.png"}""", "0 3")]
    public void Image_number_comes_from_the_content_else_the_file_name_else_the_position(string content, string numbers) =>
        Assert.Equal(numbers, string.Join(' ', ReadImages(content).Output[0].Content.Select(c => c.ImageNo)));

    [Fact]
    public void File_name_of_an_upscale_has_no_image_number() =>
        Assert.Equal(0, ReadImages("""{"url":"https://f.test/a_0_2.png"}""", "midjourney_upscale").Output[0].Content[0].ImageNo);

    [Fact]
    public void Image_numbers_continue_across_outputs()
    {
        var task = Sample.Read("""{"id":"t","status":"completed","model":"midjourney_diffusion","output":[{"content":[{"url":"a_0.png"},{"url":"a_1.png"},{"url":"a_3.png"}]},{"content":[{"url":"b"},null,{"url":"c"}]}]}""");
        Assert.Equal([0, 1, 3, 4, 6], TaskImages.Numbered(task).Select(c => c.Number));
    }

    [Theory]
    [InlineData("A,B,C,D", "midjourney_diffusion", null)]
    [InlineData("A", "midjourney_upscale", null)]
    [InlineData("""{"url":null},B,C,D""", "midjourney_upscale", "3 of 4 images, numbered 1, 2, 3. The next step is billed for the image number that you specify.")]
    [InlineData("""{"url":null},B,C,D""", "midjourney_diffusion", "3 of 4 images, numbered 1, 2, 3. The next step is billed for the image number that you specify.")]
    [InlineData("B,C,D", "midjourney_variation", "3 of 4 images, numbered 0, 1, 2. The next step is billed for the image number that you specify. The gateway did not return")]
    public void Missing_images_give_a_warning(string content, string model, string? warning)
    {
        var text = TaskImages.Warning(ReadImages(content, model));
        if (warning is null) Assert.Null(text);
        else Assert.Contains(warning, text, StringComparison.Ordinal);
    }

    private static MJTask ReadImages(string content, string model = "midjourney_diffusion")
    {
        foreach (var name in new[] { "A", "B", "C", "D" })
            content = System.Text.RegularExpressions.Regex.Replace(content, $"(?<=^|,){name}(?=,|$)", $$"""{"type":"image","url":"https://f.test/{{name}}"}""");
        return Sample.Read($$"""{"id":"t","status":"completed","model":"{{model}}","output":[{"content":[{{content}}]}]}""");
    }
}
