namespace MidJourney.Client.Tests;

public sealed class PromptPermutationsTests
{
    [Theory]
    [InlineData("plain, with a comma", 1)]
    [InlineData("a {red, blue} house", 2)]
    [InlineData("{a,b} {c,d,e}", 6)]
    [InlineData("a {red, blue {cat, dog}} house", 3)]
    [InlineData("{a} {b", 1)]
    [InlineData(@"a \{red, blue\} house", 1)]
    [InlineData(@"{a\,b,c}", 2)]
    [InlineData("} {a,b} {", 2)]
    [InlineData("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", int.MaxValue)]
    public void Prompt_makes_a_grid_for_each_choice(string prompt, int grids) => Assert.Equal(grids, PromptPermutations.Count(prompt));
}
