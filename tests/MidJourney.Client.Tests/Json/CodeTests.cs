namespace MidJourney.Client.Tests;

public sealed class CodeTests
{
    [Theory]
    [InlineData("004011001", 4011001L)]
    [InlineData("4011001", 4011001L)]
    [InlineData("8004005001", 8004005001L)]
    [InlineData(" 8004005001 ", 8004005001L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("80.5", null)]
    [InlineData("1e3", null)]
    [InlineData("0x10", null)]
    [InlineData("8,004,005,001", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_text_is_kept_and_the_number_compared(string? code, long? number)
    {
        var error = ErrorKinds.Describe(code, null);
        Assert.Equal((code, number), (error.Code, error.Number));
    }

    [Theory]
    [InlineData("8004005001")]
    [InlineData("08004005001")]
    [InlineData("0000008004005001")]
    public void Leading_zeros_make_no_other_code(string code)
    {
        Assert.Equal("JobIdMissing", ErrorKinds.Describe(code, null).Name);
        Assert.Equal(GatewayErrorKind.JobIdMissing, ErrorKinds.KindOf(ErrorKinds.Describe(code, null)));
    }

    [Theory]
    [InlineData("-8004005001")]
    [InlineData("8004005007")]
    [InlineData("4005001")]
    [InlineData("004011001")]
    public void Other_codes_have_no_name(string code)
    {
        Assert.Null(ErrorKinds.Describe(code, null).Name);
        Assert.Null(ErrorKinds.KindOf(ErrorKinds.Describe(code, null)));
    }

    [Theory]
    [InlineData(null, null, "no reason given")]
    [InlineData("5", null, "code 5")]
    [InlineData(null, "why", "why")]
    [InlineData("004011001", "why", "why (code 004011001)")]
    public void An_error_is_shown_on_one_line(string? code, string? message, string shown) =>
        Assert.Equal(shown, ErrorKinds.Describe(code, message).ToString());

    [Fact]
    public void Letters_beyond_ascii_arrive_as_they_were()
    {
        var error = Sample.ReadError("""{"error":{"code":"004011001","message":"参数错误 – größer, \u00e9\ud83d\ude00"}}""", 400);
        Assert.Equal(("004011001", "参数错误 – größer, é😀"), (error.Error?.Code, error.Error?.Message));
        Assert.Contains("参数错误 – größer, é😀 (code 004011001)", error.Message, StringComparison.Ordinal);
    }
}
