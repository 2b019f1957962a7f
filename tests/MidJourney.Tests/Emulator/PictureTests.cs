using System.Buffers.Binary;
using System.Text.Json;
using MidJourney.Client.Tests;

namespace MidJourney.Tests;

/// <summary>What the emulator draws.</summary>
public sealed class PictureTests
{
    private const string Prompt = "a lighthouse at dusk, in oil";

    [Theory]
    [InlineData("a harbour", 512, 512)]
    [InlineData("a harbour --ar 3:2 --v 7", 768, 512)]
    [InlineData("a harbour --ar 1:2", 512, 1024)]
    [InlineData("a harbour --aspect 16:9", 910, 512)]
    [InlineData("a harbour --ar 1:0", 1536, 512)]
    [InlineData("a harbour --ar \u0663:\u0662", 512, 512)]
    public async Task Upscale_has_twice_the_width_and_height_of_its_source(string prompt, int width, int height)
    {
        await using var wire = await WireClient.StartAsync();
        var grid = await GridAsync(wire, prompt);
        Assert.Equal((width, height), (await ImageAsync(wire, grid, 3)).Size);
        foreach (var type in (int[])[0, 1, 2, 3])
            Assert.Equal((width * 2, height * 2), (await ImageAsync(wire, await StepAsync(wire, "upscale", grid, 3, $"\"type\":{type}"))).Size);
    }

    [Theory]
    [InlineData(Prompt)]
    [InlineData("a cat on a windowsill")]
    [InlineData("xyzzy")]
    [InlineData("富士山 🗻")]
    public async Task Images_of_a_grid_differ_visibly(string prompt)
    {
        await using var wire = await WireClient.StartAsync();
        var images = await GridImagesAsync(wire, prompt);
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < i; j++)
                Assert.InRange(Difference(images[i], images[j]), 8, 255);
        }
    }

    [Fact]
    public async Task Prompts_with_other_words_show_something_else_and_the_same_prompt_the_same()
    {
        await using var wire = await WireClient.StartAsync();
        var first = await ImageAsync(wire, await GridAsync(wire, Prompt));
        Assert.Equal(0, Difference(first, await ImageAsync(wire, await GridAsync(wire, Prompt))));
        Assert.InRange(Difference(first, await ImageAsync(wire, await GridAsync(wire, "a cat on a windowsill"))), 8, 255);
    }

    [Theory]
    [InlineData("upscale", "\"type\":0")]
    [InlineData("upscale", "\"type\":1")]
    [InlineData("upscale", "\"type\":3")]
    [InlineData("variation", "\"type\":0")]
    public async Task Work_on_an_image_resembles_that_image(string model, string parameters)
    {
        await using var wire = await WireClient.StartAsync();
        var grid = await GridAsync(wire, Prompt);
        var made = await ImageAsync(wire, await StepAsync(wire, model, grid, 2, parameters));
        var differences = new List<double>();
        for (var i = 0; i < 4; i++)
            differences.Add(Difference(made, await ImageAsync(wire, grid, i)));
        Assert.Equal(2, differences.IndexOf(differences.Min()));
        // The next best is not even close.
        Assert.InRange(differences[2], 0.01, differences.Order().ElementAt(1) / 2);
    }

    [Fact]
    public async Task Upscale_of_a_variation_shows_the_variation()
    {
        await using var wire = await WireClient.StartAsync();
        var variation = await StepAsync(wire, "variation", await GridAsync(wire, Prompt), 0, "\"type\":1");
        var upscale = await ImageAsync(wire, await StepAsync(wire, "upscale", variation, 1, "\"type\":0"));
        Assert.True(Difference(upscale, await ImageAsync(wire, variation, 1)) < Difference(upscale, await ImageAsync(wire, variation, 0)) / 2);
    }

    [Fact]
    public async Task Image_can_be_given_by_the_address_of_its_file()
    {
        await using var wire = await WireClient.StartAsync();
        var grid = await GridAsync(wire, "a lighthouse at dusk");
        var made = await ImageAsync(wire, await wire.MakeAsync("midjourney_retexture", $$"""{"imgUrl":"{{Url(grid, 2)}}","remixPrompt":"red and blue"}"""), 1);
        Assert.True(Difference(made, await ImageAsync(wire, grid, 2)) < Difference(made, await ImageAsync(wire, grid, 1)) / 2);
    }

    [Fact]
    public async Task Job_that_becomes_known_later_does_not_change_a_file()
    {
        string job;
        await using (var before = await WireClient.StartAsync())
        {
            await GridAsync(before, "a");
            job = WireClient.JobOf(await GridAsync(before, Prompt));
        }
        // The second task of every run has the same job ID.
        await using var wire = await WireClient.StartAsync();
        var upscale = Url(await wire.MakeAsync("midjourney_upscale", $$"""{"jobId":"{{job}}","imageNo":1,"type":0}"""), 0);
        var first = await wire.DownloadAsync(upscale);
        Assert.Equal(job, WireClient.JobOf(await GridAsync(wire, Prompt)));
        Assert.Equal(first, await wire.DownloadAsync(upscale));
    }

    [Fact]
    public async Task Unknown_job_looks_the_same_in_all_work_on_it()
    {
        await using var wire = await WireClient.StartAsync();
        var upscales = new List<Image>();
        foreach (var (job, type) in ((string, int)[])[("a", 0), ("a", 2), ("b", 0)])
            upscales.Add(await ImageAsync(wire, await wire.MakeAsync("midjourney_upscale", $$"""{"jobId":"{{job}}","imageNo":1,"type":{{type}}}""")));
        Assert.True(Difference(upscales[0], upscales[1]) < Difference(upscales[0], upscales[2]) / 2);
    }

    [Fact]
    public async Task File_has_the_same_bytes_every_time_and_no_other_file_has_them()
    {
        await using var wire = await WireClient.StartAsync();
        var urls = new[] { await GridAsync(wire, Prompt), await GridAsync(wire, Prompt) }.Select(task => Url(task, 0)).ToArray();
        var first = await wire.DownloadAsync(urls[0]);
        Assert.Equal(first, await wire.DownloadAsync(urls[0]));
        Assert.NotEqual(first, await wire.DownloadAsync(urls[1]));
    }

    [Fact]
    public async Task With_a_given_length_files_are_small_gradients_of_exactly_that_length()
    {
        await using var wire = await WireClient.StartAsync();
        wire.Gateway.Shapes.Default = new TaskShape { ImageBytes = 5000 };
        var file = await wire.DownloadAsync(Url(await GridAsync(wire, Prompt), 0));
        Assert.Equal(5000, file.Length);
        Assert.Equal((64, 64), Decode(file).Size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\" \\n \\t \"")]
    [InlineData("\\ud83d\\ude00 مرحبا \\u0000 – naïve Ωμέγα Привет 日本")]
    [InlineData("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsdurchführungsbestimmungen")]
    public async Task Any_prompt_can_be_drawn(string json)
    {
        await using var wire = await WireClient.StartAsync();
        var grid = await wire.MakeAsync("midjourney_diffusion", $$"""{"text":"x{{json.Replace("\"", "", StringComparison.Ordinal)}}"}""");
        Assert.Equal((512, 512), (await ImageAsync(wire, grid)).Size);
    }

    private static Task<JsonElement> GridAsync(WireClient wire, string prompt) =>
        wire.MakeAsync("midjourney_diffusion", $$"""{"text":{{JsonSerializer.Serialize(prompt)}}}""");

    private static Task<JsonElement> StepAsync(WireClient wire, string model, JsonElement source, int imageNo, string parameters) =>
        wire.MakeAsync($"midjourney_{model}", $$"""{"jobId":"{{WireClient.JobOf(source)}}","imageNo":{{imageNo}},{{parameters}}}""");

    private static async Task<Image[]> GridImagesAsync(WireClient wire, string prompt)
    {
        var grid = await GridAsync(wire, prompt);
        return await Task.WhenAll(Enumerable.Range(0, 4).Select(i => ImageAsync(wire, grid, i)));
    }

    private static string Url(JsonElement task, int image) => WireClient.Contents(task).ElementAt(image).GetProperty("url").GetString()!;

    private static async Task<Image> ImageAsync(WireClient wire, JsonElement task, int image = 0) => Decode(await wire.DownloadAsync(Url(task, image)));

    private static Image Decode(byte[] file)
    {
        var png = PngFile.Parse(file);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(png.Chunks[0].Data), BinaryPrimitives.ReadInt32BigEndian(png.Chunks[0].Data.AsSpan(4)));
        var (row, rgb) = (width * 3, new byte[width * 3 * height]);
        for (var i = 0; i < rgb.Length; i++)
        {
            var (y, x) = Math.DivRem(i, row);
            var filter = png.Pixels[y * (row + 1)];
            Assert.True(filter is 0 or 2);
            rgb[i] = (byte)(png.Pixels[(y * (row + 1)) + 1 + x] + (filter == 2 && y > 0 ? rgb[i - row] : 0));
        }
        return new(width, height, rgb);
    }

    /// <summary>The mean difference of all channels, 0 to 255, of what is above the captions; both pictures in 64 by 64 squares.</summary>
    private static double Difference(Image one, Image other)
    {
        double sum = 0;
        for (var y = 0; y < 50; y++)
        {
            for (var x = 0; x < 64 * 3; x++)
                sum += Math.Abs(one.Mean(x / 3, y, x % 3) - other.Mean(x / 3, y, x % 3));
        }
        return sum / (50 * 64 * 3);
    }

    private sealed record Image(int Width, int Height, byte[] Rgb)
    {
        public (int Width, int Height) Size => (Width, Height);

        public double Mean(int column, int row, int channel)
        {
            var (width, height) = (Width / 64, Height / 64);
            var sum = 0;
            for (var y = row * height; y < (row + 1) * height; y++)
            {
                for (var x = column * width; x < (column + 1) * width; x++)
                    sum += Rgb[(((y * Width) + x) * 3) + channel];
            }
            return (double)sum / (width * height);
        }
    }
}
