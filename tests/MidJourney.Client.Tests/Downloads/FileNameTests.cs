using System.Text;

namespace MidJourney.Client.Tests;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("harbour_0_Creative_0", "harbour_0_Creative_0")]
    [InlineData("../../etc/passwd", "__.._etc_passwd")]
    [InlineData("..", "_")]
    [InlineData("", "_")]
    [InlineData("a<b>c:d\"e/f\\g|h?i*j", "a_b_c_d_e_f_g_h_i_j")]
    [InlineData("con", "_con")]
    [InlineData("NUL.png", "_NUL.png")]
    [InlineData("COM1", "_COM1")]
    [InlineData("lpt\u00b2.txt", "_lpt\u00b2.txt")]
    [InlineData("trailing. . ", "trailing")]
    [InlineData(".hidden", "_hidden")]
    [InlineData("a\r\n\u001b[31mb\u202ec", "a___[31mb_c")]
    public void Name_is_valid_on_every_file_system(string text, string name) => Assert.Equal(name, FileNames.Safe(text));

    [Theory]
    [InlineData("boat", 4, "boat")]
    [InlineData("boat", 3, "boa")]
    [InlineData("\u00e9t\u00e9", 4, "\u00e9t")]
    [InlineData("\u6d77\u6d77", 5, "\u6d77")]
    [InlineData("a\U0001f600b", 4, "a")]
    [InlineData("a\U0001f600b", 5, "a\U0001f600")]
    public void Text_is_cut_between_characters(string text, int bytes, string start) => Assert.Equal(start, FileNames.Fit(text, bytes));

    [Fact]
    public void Lone_surrogate_is_replaced() => Assert.Equal("a_b_\U0001f600", FileNames.Safe("a" + (char)0xd800 + "b" + (char)0xdc00 + "\U0001f600"));

    [Fact]
    public void Long_names_are_shortened_and_stay_different()
    {
        var (one, other) = (FileNames.Safe(new string('\u00e9', 300) + "1"), FileNames.Safe(new string('\u00e9', 300) + "2"));
        Assert.NotEqual(one, other);
        Assert.All([one, other], name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 100, 160));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\u00e9")]
    [InlineData("e\u0301\u0323")]
    [InlineData("\U0001f600")]
    [InlineData("a\U0001f600")]
    [InlineData(". ")]
    public void Name_of_a_million_characters_is_shortened_quickly(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        var names = Enumerable.Range(0, 10).Select(n => FileNames.Safe(text + n)).ToArray();
        Assert.Equal(10, names.Distinct().Count());
        Assert.All(names, name =>
        {
            Assert.InRange(Encoding.UTF8.GetByteCount(name), 9, 160);
            // It has no lone surrogate: encoding would replace it.
            Assert.Equal(name, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)));
        });
    }
}
