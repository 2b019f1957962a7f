namespace MidJourney.Client.Tests.Callbacks;

public sealed class AcceptedPathsTests
{
    [Theory]
    [InlineData("5ec2e7", "/5ec2e7", true)]
    [InlineData("5ec2e7", "/5ec2e7/", true)]
    [InlineData("5ec2e7", "/mj/5ec2e7-12/x", true)]
    [InlineData("5ec2e7", "/mj/%35ec2e7%2D12", true)]
    [InlineData("5ec2e7", "/mj%2F5ec2e7", true)]
    [InlineData("5ec2e7", "/5ec2e7x", false)]
    [InlineData("5ec2e7", "/x5ec2e7", false)]
    [InlineData("5ec2e7", "/x-5ec2e7", false)]
    [InlineData("5ec2e7", "/5EC2E7", false)]
    [InlineData("5ec2e7", "/5ec2e", false)]
    [InlineData("5ec2e7", "/%", false)]
    [InlineData("5ec2e7", "", false)]
    [InlineData("/mj/hook", "/mj/hook", true)]
    [InlineData("/mj/hook", "/prefix/mj/hook/5ec2e7-1", true)]
    [InlineData("/mj/hook", "//mj//hook//", true)]
    [InlineData("/mj/hook", "/mj/mj/hook", true)]
    [InlineData("/mj/hook", "/mj/hook-1", false)]
    [InlineData("/mj/hook", "/mj/x/hook", false)]
    [InlineData("/mj/hook", "/hook", false)]
    [InlineData("/mj/hook", "/hook/mj", false)]
    [InlineData("/mj/hook", "/xmj/hook", false)]
    [InlineData("/m%6A/h%C3%BC", "/mj/h%c3%bc", true)]
    public void Path_must_contain_whole_segments(string accepted, string path, bool isAccepted)
    {
        var paths = new AcceptedPaths();
        Assert.False(paths.Contains(path));
        var acceptance = paths.Add(accepted);
        var same = paths.Add(accepted);
        Assert.Equal(isAccepted, paths.Contains(path));
        acceptance.Dispose();
        acceptance.Dispose();
        Assert.Equal(isAccepted, paths.Contains(path));
        same.Dispose();
        Assert.False(paths.Contains(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public void Path_without_a_segment_is_not_accepted(string path) => Assert.Throws<ArgumentException>(() => new AcceptedPaths().Add(path));
}
