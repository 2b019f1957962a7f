namespace MidJourney.Client.Tests;

/// <summary>A grid may be reported completed before all four of its images are there.</summary>
public sealed class MissingImagesTests : PollerTestBase
{
    [Fact]
    public async Task A_grid_is_read_until_its_four_images_are_there()
    {
        await PollAsync(Reader(look => Grid(look, Math.Min(4, look.Number))), ["t"], step: 0.5);
        Assert.Equal(4, Assert.Single(Outcomes).Task.Output[0].Content.Length);
        Assert.Empty(Notes.Warnings);
    }

    [Fact]
    public async Task Three_equal_answers_are_believed_with_a_warning()
    {
        var reader = Reader(look => Grid(look, look.Number == 1 ? 1 : 3));
        await PollAsync(reader, ["t"], step: 0.5);
        Assert.Equal(3, Assert.Single(Outcomes).Task.Output[0].Content.Length);
        Assert.Equal(4, reader.Reads.Length);
        Assert.Contains("3 of 4 images", Assert.Single(Notes.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_that_come_and_go_are_not_waited_for_for_ever()
    {
        await PollAsync(Reader(look => Grid(look, 1 + look.Number % 3)), ["t"], step: 0.5);
        Assert.InRange(Assert.Single(Emitted).At.TotalSeconds, 25, 60);
    }

    [Fact]
    public async Task What_is_no_grid_is_passed_on_at_once()
    {
        var reader = Reader(look => Grid(look, 1) with { Model = "midjourney_upscale" });
        await PollAsync(reader, ["t"], step: 0.5);
        Assert.Single(reader.Reads);
        Assert.Empty(Notes.Warnings);
    }

    private static MJTask Grid(Look look, int images) => look.Bare() with
    {
        Model = "midjourney_diffusion",
        Url = "https://f.test/0",
        Output = [new MJOutput { Content = [.. Enumerable.Range(0, images).Select(n => new MJContent { Url = $"https://f.test/{n}", ImageNo = n })] }],
    };
}
