namespace MidJourney.Client.Tests;

/// <summary>Which image of its job a piece of output is decides what the next step pays for.</summary>
public sealed class ImageNumberTests
{
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
    public void The_number_is_told_by_the_content_else_by_the_file_names_else_by_the_place(string content, string numbers) =>
        Assert.Equal(numbers, string.Join(' ', Read(content).Output[0].Content.Select(c => c.ImageNo)));

    [Fact]
    public void The_file_name_of_an_upscale_tells_nothing() =>
        Assert.Equal(0, Read("""{"url":"https://f.test/a_0_2.png"}""", "midjourney_upscale").Output[0].Content[0].ImageNo);

    [Fact]
    public void The_images_of_several_outputs_are_counted_on()
    {
        var task = Sample.Read("""{"id":"t","status":"completed","model":"midjourney_diffusion","output":[{"content":[{"url":"a_0.png"},{"url":"a_1.png"},{"url":"a_3.png"}]},{"content":[{"url":"b"},null,{"url":"c"}]}]}""");
        Assert.Equal([0, 1, 3, 4, 6], TaskImages.Numbered(task).Select(c => c.Number));
    }

    [Theory]
    [InlineData("A,B,C,D", "midjourney_diffusion", null)]
    [InlineData("A", "midjourney_upscale", null)]
    [InlineData("""{"url":null},B,C,D""", "midjourney_upscale", "3 of 4 images, numbered 1, 2, 3. The number determines which image the next step is billed for.")]
    [InlineData("""{"url":null},B,C,D""", "midjourney_diffusion", "3 of 4 images, numbered 1, 2, 3. The number determines which image the next step is billed for.")]
    [InlineData("B,C,D", "midjourney_variation", "3 of 4 images, numbered 0, 1, 2. The number determines which image the next step is billed for. The gateway did not return")]
    public void Fewer_images_are_warned_of(string content, string model, string? warning)
    {
        var text = TaskImages.Warning(Read(content, model));
        if (warning is null) Assert.Null(text);
        else Assert.Contains(warning, text, StringComparison.Ordinal);
    }

    private static MJTask Read(string content, string model = "midjourney_diffusion")
    {
        foreach (var name in new[] { "A", "B", "C", "D" })
            content = System.Text.RegularExpressions.Regex.Replace(content, $"(?<=^|,){name}(?=,|$)", $$"""{"type":"image","url":"https://f.test/{{name}}"}""");
        return Sample.Read($$"""{"id":"t","status":"completed","model":"{{model}}","output":[{"content":[{{content}}]}]}""");
    }
}
