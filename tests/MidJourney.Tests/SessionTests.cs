namespace MidJourney.Tests;

/// <summary>Some change the environment, which all tests of the process have in common, so no others run meanwhile.</summary>
[CollectionDefinition(nameof(SessionTests), DisableParallelization = true)]
[Collection(nameof(SessionTests))]
public sealed class SessionTests
{
    [Fact]
    public void Without_key_and_session_the_error_says_the_two_ways_out()
    {
        using var shell = new ModuleShell();
        var result = shell.Run("Invoke-MJUpscale -JobId j -ImageNo 0 -Type Creative");
        Assert.Equal("MJ.NoSession", result.ThrownId);
        var advice = result.Thrown!.ErrorDetails.RecommendedAction;
        Assert.Contains("MIDJOURNEY_API_KEY", advice, StringComparison.Ordinal);
        Assert.Contains("New-MJSession", advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_is_enough()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = new ModuleShell();
        var result = shell.Run($"""
            try {"{"}
                $env:MIDJOURNEY_API_KEY = ' {TestKey.Value} '; $env:MIDJOURNEY_BASE_URI = '{gateway.BaseUri}'
                Invoke-MJUpscale -JobId j -ImageNo 0 -Type Creative
            {"}"} finally {"{"} $env:MIDJOURNEY_API_KEY = $null; $env:MIDJOURNEY_BASE_URI = $null {"}"}
            """).MustSucceed();
        Assert.Equal(1, gateway.Counts.TasksMade);
        Assert.Equal(gateway.Tasks.Single().Id, result.Value("Id"));
    }

    [Fact]
    public async Task A_session_made_from_the_environment_follows_it()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = new ModuleShell();
        var result = shell.Run($"""
            try {"{"}
                $env:MIDJOURNEY_BASE_URI = '{gateway.BaseUri}'
                $env:VTRIX_API_KEY = 'wrong-key'
                try {"{"} Invoke-MJUpscale -JobId j -ImageNo 0 -Type Creative {"}"} catch {"{"} $_.FullyQualifiedErrorId {"}"}
                $env:MIDJOURNEY_API_KEY = '{TestKey.Value}'
                Invoke-MJUpscale -JobId j -ImageNo 0 -Type Creative
            {"}"} finally {"{"} $env:MIDJOURNEY_API_KEY = $env:VTRIX_API_KEY = $env:MIDJOURNEY_BASE_URI = $null {"}"}
            """);
        Assert.Equal(2, result.MustSucceed().Output.Count);
        Assert.StartsWith("MJ.Unauthorized", result.Output[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_in_the_environment_is_kept_out_of_names_and_metadata_where_there_is_no_session()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var first = ModuleShell.For(gateway);
        var url = first.Run("Invoke-MJUpscale j -ImageNo 0 -Type 1 -Wait").MustSucceed().Value("Url");
        using var shell = new ModuleShell();
        var folder = TestFolder.NewFile(".out");
        shell.Run($"""
            try {"{"}
                $env:MIDJOURNEY_API_KEY = '{TestKey.Value}'
                [pscustomobject] @{"{"} Id = 't'; Status = 'Completed'; Url = $url; Prompt = 'a boat {TestKey.Value}' {"}"} | Save-MJOutput '{folder}' -NameTemplate '{"{"}Prompt{"}"}' -WriteMetadata Both
            {"}"} finally {"{"} $env:MIDJOURNEY_API_KEY = $null {"}"}
            """, ("url", url)).MustSucceed();
        var files = Directory.GetFiles(folder);
        Assert.Equal(2, files.Count(file => file.Contains("a boat", StringComparison.Ordinal)));
        Assert.All(files, file =>
        {
            Assert.DoesNotContain(TestKey.Value, file + File.ReadAllText(file), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Get_MJSession_shows_the_counters()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway, "-ThrottleLimit 4");
        var result = shell.Run("Invoke-MJUpscale -JobId j -ImageNo 0,1 -Type Creative | Get-MJTask | Out-Null; Get-MJSession").MustSucceed();
        Assert.Equal(4, result.Value("ThrottleLimit"));
        Assert.Equal(2L, result.Value("Creates"));
        Assert.Equal(2L, result.Value("Accepted"));
        Assert.Equal(2L, result.Value("Reads"));
        Assert.Equal(0, result.Value("InFlight"));
    }

    [Fact]
    public void Get_MJSession_puts_out_nothing_when_there_is_none()
    {
        using var shell = new ModuleShell();
        Assert.Empty(shell.Run("Get-MJSession").MustSucceed().Output);
    }

    [Fact]
    public async Task Two_runspaces_have_two_default_sessions()
    {
        await using var one = await GatewayEmulator.StartAsync(TestKey.Options());
        await using var two = await GatewayEmulator.StartAsync(TestKey.Options());
        using var first = ModuleShell.For(one);
        using var second = ModuleShell.For(two);
        first.Run("Invoke-MJUpscale -JobId a -ImageNo 0 -Type 0").MustSucceed();
        second.Run("Invoke-MJUpscale -JobId b -ImageNo 0 -Type 0").MustSucceed();
        Assert.Equal("a", one.Tasks.Single().JobId);
        Assert.Equal("b", two.Tasks.Single().JobId);
    }

    [Fact]
    public async Task A_session_is_shared_by_runspaces_through_its_parameter()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var first = ModuleShell.For(gateway);
        using var second = new ModuleShell();
        var session = first.Run("Get-MJSession").Output.Single();
        second.Run("Invoke-MJUpscale -JobId a -ImageNo 0 -Type 0 -Session $s", ("s", session)).MustSucceed();
        Assert.Equal(1L, first.Run("Get-MJSession").Value("Creates"));
    }

    [Fact]
    public async Task A_removed_session_is_no_longer_the_default()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("$s = Get-MJSession; Remove-MJSession; Get-MJSession; Invoke-MJUpscale -JobId a -ImageNo 0 -Type 0 -Session $s");
        Assert.Empty(result.Output);
        Assert.Equal("MJ.SessionEnded", result.ThrownId);
        Assert.Equal("MJ.NoSession", shell.Run("Get-MJTask x").ThrownId);
    }

    [Theory]
    [InlineData("-ApiKey k -BaseUri ftp://host", "MJ.InvalidBaseUri")]
    [InlineData("-ApiKey k -BaseUri /path", "MJ.InvalidBaseUri")]
    [InlineData("-ApiKey k -BaseUri https://user:secret@host", "MJ.InvalidBaseUri")]
    [InlineData("-ApiKey k -BaseUri https://host/?a=b", "MJ.InvalidBaseUri")]
    [InlineData("-ApiKey k -BaseUri http://example.org", "MJ.InsecureEndpoint")]
    [InlineData("-ApiKey ' '", "MJ.InvalidApiKey")]
    [InlineData("-ApiKey 'with space'", "MJ.InvalidApiKey")]
    [InlineData("-ApiKey k -Proxy proxy:8080", "MJ.InvalidProxy")]
    [InlineData("-ApiKey k -ProxyUseDefaultCredentials", "MJ.InvalidProxy")]
    [InlineData("", "MJ.NoSession")]
    public void What_cannot_be_a_session_is_refused(string parameters, string id)
    {
        using var shell = new ModuleShell();
        var result = shell.Run($"New-MJSession {parameters}");
        Assert.Equal(id, result.ThrownId);
        Assert.DoesNotContain("secret", result.Thrown!.Exception.ToString(), StringComparison.Ordinal);
        Assert.Empty(shell.Run("Get-MJSession").Output);
    }

    [Fact]
    public void Plain_http_to_another_machine_needs_a_word()
    {
        using var shell = new ModuleShell();
        shell.Run("New-MJSession -ApiKey k -BaseUri http://example.org -AllowInsecure").MustSucceed();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task The_base_uri_may_carry_a_path(string end)
    {
        var options = new EmulatorOptions { ApiKey = TestKey.Value, Prefix = "/proxy/mj" };
        await using var gateway = await GatewayEmulator.StartAsync(options);
        using var shell = new ModuleShell();
        shell.Run($"$null = New-MJSession -ApiKey {TestKey.Value} -BaseUri {gateway.BaseUri}{end}; Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0 | Get-MJTask").MustSucceed();
        Assert.Equal(1, gateway.Counts.Reads);
    }
}
