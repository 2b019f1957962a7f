using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidJourney.Tests;

/// <summary>
/// Neither the key nor any eight characters of it are in anything that comes out: no stream, no object however it is
/// written, no exception, no journal, not on the screen. Every fault's text repeats the key, whole and in parts.
/// </summary>
public sealed class LeakTests
{
    private static readonly string Echo = $"the key {TestKey.Value} is wrong, {TestKey.Value[..10]}… is no key, nor is …{TestKey.Value[^9..]}";

    private static readonly JsonSerializerOptions Json = new() { ReferenceHandler = ReferenceHandler.IgnoreCycles, MaxDepth = 64 };

    /// <summary>
    /// How each cmdlet of the module is called, in this order, with whatever makes it say something. A cmdlet that is not here fails
    /// <see cref="Every_cmdlet_has_its_calls"/>. There are $key, $uri, $journal, $id (a task's) and $folder.
    /// </summary>
    private static readonly (string Cmdlet, string[] Calls)[] Table =
    [
        ("New-MJSession", ["New-MJSession -ApiKey $key -BaseUri $uri -JournalPath $journal -RequestTimeoutSec 0.3 -RetryTimeoutSec 0"]),
        ("Get-MJSession", ["Get-MJSession"]),
        ("Invoke-MJUpscale", ["Invoke-MJUpscale -JobId j -ImageNo 0,9 -Type 0 -Callback https://example.org/?a=b", "Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0 -SkipSubmitted", "Invoke-MJUpscale -JobId j -ImageNo 1 -Type 0 -WhatIf"]),
        ("New-MJCallback", ["New-MJCallback https://example.org/$key", "New-MJCallback https://example.org -ListenOn $key"]),
        ("New-MJMask", ["New-MJMask 1024x1024 -Rectangle 100,600,400,300"]),
        .. Models().Select(cmdlet => (cmdlet, new[] { $"$record = (Import-PowerShellDataFile '{ModelTable}')['{cmdlet}']; {cmdlet} @record" })),
        ("Get-MJTask", ["Get-MJTask $id", "Get-MJTask"]),
        ("Wait-MJTask", ["$id | Wait-MJTask -TimeoutSec 1", "$id | Wait-MJTask -ListenOn http://127.0.0.1:0/$key"]),
        ("Restart-MJTask", ["Restart-MJTask $id", "Get-MJTask -Last 1 | Restart-MJTask -Force"]),
        ("Resolve-MJTask", ["Resolve-MJTask 0123456789abcdef0123456789abcdef -TaskId $id -Confirm:$false", "Get-MJTask | Resolve-MJTask -NeverMade -Confirm:$false"]),
        ("Measure-MJCost", ["Measure-MJCost -By Type, Job", "Get-MJTask | Measure-MJCost", "Measure-MJCost -Bill"]),
        ("Save-MJOutput", ["Get-MJTask | Save-MJOutput -Path $folder"]),
        ("Export-MJGallery", ["Get-MJTask | Export-MJGallery -Path $folder/page.html", "Export-MJGallery -Path $folder/none.txt"]),
        ("Test-MJSession", ["Test-MJSession", "Test-MJSession -Quiet"]),
        ("Remove-MJSession", ["Remove-MJSession", "Get-MJTask $id"]),
    ];

    /// <summary>The cmdlets that create tasks, from the tests' table of models; Invoke-MJUpscale has calls of its own.</summary>
    private static IEnumerable<string> Models() => ((HashtableAst)Parser.ParseFile(ModelTable, out _, out _).Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false))
        .KeyValuePairs.Select(row => ((StringConstantExpressionAst)row.Item1).Value).Where(cmdlet => cmdlet != "Invoke-MJUpscale");

    private static string ModelTable => Path.Combine(Repository.Root, "tests", "Models.psd1");

    /// <summary>Streams are asked for by variable, or by the switches that every cmdlet has.</summary>
    private static readonly string[] Loud =
    [
        "$VerbosePreference = $DebugPreference = $InformationPreference = $ProgressPreference = 'Continue'",
        "$InformationPreference = $ProgressPreference = 'Continue'; $PSDefaultParameterValues = @{ '*-MJ*:Verbose' = $true; '*-MJ*:Debug' = $true }",
    ];

    /// <summary>What a user may do, with everything said aloud, and all that errors hold.</summary>
    private const string Session = """
        $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
        Get-MJSession
        'good', 'lost', 'later', 'failed', 'refused' | ForEach-Object { [pscustomobject] @{ JobId = $_; ImageNo = 0; Type = 0 } } | Invoke-MJUpscale | Wait-MJTask
        Get-MJTask
        try { New-MJSession -ApiKey "$env:MIDJOURNEY_API_KEY x" } catch { }
        $Error | ForEach-Object { $_.Exception.ToString(); $_.ErrorDetails.RecommendedAction; $_.TargetObject }
        """;

    private static readonly string[] Said = ["***", "good", "attempt 2", "pay twice", "The API key from -ApiKey contains an invalid character"];

    [Fact]
    public async Task Nothing_on_the_screen_holds_the_key()
    {
        await using var gateway = await StartEchoingAsync();
        var screen = await ShellProcess.RunAsync(Session, gateway.BaseUri, TestFolder.NewFile(".jsonl"));
        Assert.All(Said, expected => Assert.Contains(expected, screen, StringComparison.Ordinal));
        MustHoldNoKey(screen);
    }

    // On Windows the machine's policy is where a test cannot put one.
    [UnixFact]
    public async Task Nothing_in_a_transcript_holds_the_key()
    {
        await using var gateway = await StartEchoingAsync();
        var folder = Directory.CreateDirectory(TestFolder.NewFile("")).FullName;
        await ShellProcess.RunTranscribedAsync(folder, Session, gateway.BaseUri, TestFolder.NewFile(".jsonl"));
        var transcript = string.Concat(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.All(Said, expected => Assert.Contains(expected, transcript, StringComparison.Ordinal));
        MustHoldNoKey(transcript);
    }

    // Most of the time is spent waiting for repeats, so many go side by side.
    [Fact]
    public Task Nothing_that_comes_out_holds_the_key() =>
        Parallel.ForEachAsync(Faults().Index(), new ParallelOptions { MaxDegreeOfParallelism = 8 }, (numbered, _) => new ValueTask(CheckAsync(numbered.Item, numbered.Index % 2 == 0, Loud[numbered.Index / 2 % 2])));

    private static async Task CheckAsync(Fault? fault, bool tasksFail, string loud)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        if (fault is not null) gateway.Faults.Add(fault);
        gateway.Shapes.Default = new TaskShape { MetadataJson = JsonSerializer.Serialize(new { Echo }), Failure = tasksFail ? new TaskFailure("110001", Echo) : null };
        using var shell = new ModuleShell();
        var all = new StringBuilder();
        var journal = TestFolder.NewFile(".jsonl");
        var folder = TestFolder.NewFile("");
        foreach (var (cmdlet, calls) in Table)
            foreach (var call in calls)
            {
                // Only where it is given may it be seen.
                var key = cmdlet == "New-MJSession" ? TestKey.Value : null;
                await Task.Run(() => Collect(all, shell, call, loud, ("key", key), ("uri", gateway.BaseUri), ("journal", journal), ("id", gateway.AddTask("j").Id), ("folder", folder)));
            }
        all.Append(File.ReadAllText(journal));
        if (Directory.Exists(folder))
            foreach (var file in Directory.GetFiles(folder)) all.AppendLine(file).AppendLine(Encoding.Latin1.GetString(File.ReadAllBytes(file)));
        MustHoldNoKey(all.ToString());
    }

    [Fact]
    public async Task Every_cmdlet_has_its_calls()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = new ModuleShell();
        var exported = shell.Run("Get-Command -Module MidJourney").MustSucceed().Output.Select(o => ((CommandInfo)o.BaseObject).Name);
        Assert.Equal(exported.Order(), Table.Select(row => row.Cmdlet).Order());
        // A call that cannot be bound would say nothing.
        foreach (var (cmdlet, calls) in Table)
            Assert.True(calls.Any(call => call.Contains(cmdlet, StringComparison.Ordinal) && Binds(shell, call, gateway)), $"No call of {cmdlet} gets as far as the cmdlet.");
    }

    private static bool Binds(ModuleShell shell, string call, GatewayEmulator gateway)
    {
        var result = shell.Run(call, ("key", TestKey.Value), ("uri", gateway.BaseUri), ("journal", TestFolder.NewFile(".jsonl")), ("id", gateway.AddTask("j").Id), ("folder", TestFolder.NewFile("")));
        return result.Errors.Append(result.Thrown).OfType<ErrorRecord>().All(e => e.FullyQualifiedErrorId.StartsWith("MJ.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("New-MJSession -ApiKey $key")]
    [InlineData("New-MJSession -ApiKey @($key)")]
    [InlineData("New-MJSession -ApiKey $key -BaseUri ftp://host")]
    [InlineData("New-MJSession -ApiKey $key -ThrottleLimit 0")]
    public void A_session_that_cannot_be_made_does_not_show_the_key(string script)
    {
        using var shell = new ModuleShell();
        var all = new StringBuilder();
        Collect(all, shell, script, Loud[0], ("key", TestKey.Value + " x"));
        Assert.Contains("MJSession", all.ToString(), StringComparison.Ordinal);
        MustHoldNoKey(all.ToString());
    }

    [Fact]
    public async Task What_a_server_writes_around_its_answer_does_not_show_the_key()
    {
        string[] heads =
        [
            $"HTTP/1.1 401 {TestKey.Value}\r\n", $"HTTP/1.1 {TestKey.Value}\r\n", $"HTTP/1.1 200 OK\r\n{TestKey.Value}\r\n", $"HTTP/1.1 302 Found\r\nLocation: https://{TestKey.Value}.example.org/\r\n",
            $"HTTP/1.1 302 Found\r\nLocation: /{TestKey.Value}\r\n", $"HTTP/1.1 429 Slow\r\nRetry-After: {TestKey.Value}\r\n", $"HTTP/1.1 200 OK\r\nContent-Type: {TestKey.Value}\r\n",
            $"HTTP/1.1 200 OK\r\nContent-Encoding: {TestKey.Value}\r\n", $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{TestKey.Value}\r\n",
        ];
        var all = new StringBuilder();
        using var shell = new ModuleShell();
        foreach (var head in heads)
        {
            await using var server = RawServer.Answering(() => Encoding.ASCII.GetBytes($"{head}\r\n"));
            CreateRun.Connect(shell, server.BaseUri, TestFolder.NewFile(".jsonl"), "-RetryTimeoutSec 0");
            Collect(all, shell, "Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0", Loud[0]);
            Collect(all, shell, "Wait-MJTask t -TimeoutSec 1", Loud[0]);
        }
        Assert.Contains("redirects", all.ToString(), StringComparison.Ordinal);
        MustHoldNoKey(all.ToString());
    }

    [Fact]
    public async Task The_key_travels_in_the_header_alone()
    {
        var options = TestKey.Options();
        options.RecordDetails = true;
        await using var gateway = await GatewayEmulator.StartAsync(options);
        using var shell = ModuleShell.For(gateway);
        shell.Run("Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0 -Wait").MustSucceed();
        Assert.All(gateway.Requests, request =>
        {
            Assert.DoesNotContain(TestKey.Value, request.Path + request.Body, StringComparison.Ordinal);
            Assert.Equal(["Authorization"], request.Headers!.Where(h => h.Value.Contains(TestKey.Value, StringComparison.Ordinal)).Select(h => h.Key));
        });
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var elsewhere = await GatewayEmulator.StartAsync(TestKey.Options());
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Kind = FaultKind.Redirect, Status = status, Location = $"{elsewhere.BaseUri}model/v1/generation" });
        using var shell = ModuleShell.For(gateway);
        Assert.Equal(["MJ.UnexpectedRedirect"], shell.Run("Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0").ErrorIds);
        Assert.Equal(["MJ.UnexpectedRedirect"], shell.Run("Get-MJTask x").ErrorIds);
        Assert.Empty(elsewhere.Requests);
    }

    private static async Task<GatewayEmulator> StartEchoingAsync()
    {
        var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { JobId = "refused", Kind = FaultKind.Status, Status = 403, Message = Echo });
        gateway.Faults.Add(new Fault { JobId = "lost", Kind = FaultKind.Status, Status = 502, Message = Echo });
        gateway.Faults.Add(new Fault { JobId = "later", Kind = FaultKind.Status, Status = 429, Message = Echo, Times = 1 });
        gateway.Shapes.Set("failed", new TaskShape { Failure = new TaskFailure("110001", Echo) });
        return gateway;
    }

    private static IEnumerable<Fault?> Faults()
    {
        yield return null;
        foreach (var status in new[] { 400, 401, 402, 403, 404, 408, 429, 500, 502, 503, 504 })
            yield return new Fault { Kind = FaultKind.Status, Status = status, Message = Echo };
        foreach (var body in Enum.GetValues<BodyStyle>())
            yield return new Fault { Kind = FaultKind.Status, Status = body == BodyStyle.Html ? 502 : 400, Body = body, Message = Echo };
        yield return new Fault { Kind = FaultKind.Status, Status = 503, RetryAfter = "0", Text = Echo, ContentType = "text/plain" };
        foreach (var kind in new[] { FaultKind.CutBefore, FaultKind.CutAfter, FaultKind.HalfBody, FaultKind.NotJson, FaultKind.NoId, FaultKind.Stall, FaultKind.Redirect })
            yield return new Fault { Kind = kind, Message = Echo, Location = $"https://example.org/{TestKey.Value}" };
    }

    private static void MustHoldNoKey(string text)
    {
        for (var start = 0; start + 8 <= TestKey.Value.Length; start++)
            Assert.DoesNotContain(TestKey.Value.Substring(start, 8), text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>All that a script puts out, in every stream and every form.</summary>
    private static void Collect(StringBuilder all, ModuleShell shell, string script, string loud, params (string Name, object? Value)[] variables)
    {
        shell.Runspace.SessionStateProxy.SetVariable("thrown", null);
        using var pipeline = shell.Prepare($"{loud}; try {{ {script} }} catch {{ $thrown = $_ }}", variables);
        var output = new List<PSObject>();
        pipeline.Invoke(null, output);
        var streams = pipeline.Streams;
        foreach (var record in streams.Verbose.Cast<object>().Concat(streams.Debug).Concat(streams.Warning).Concat(streams.Information).Concat(streams.Progress)) Describe(all, PSObject.AsPSObject(record), 1);
        foreach (var item in output) Describe(all, item, 5);
        var thrown = shell.Runspace.SessionStateProxy.GetVariable("thrown");
        foreach (var error in streams.Error.Append((thrown as PSObject)?.BaseObject ?? thrown).OfType<ErrorRecord>())
        {
            for (var inner = error.Exception; inner is not null; inner = inner.InnerException) Describe(all, PSObject.AsPSObject(inner), 2);
            all.AppendLine(error.Exception.ToString()).AppendLine(error.ErrorDetails?.RecommendedAction);
            if (error.TargetObject is { } target and not string) Describe(all, PSObject.AsPSObject(target), 4);
            Describe(all, PSObject.AsPSObject(error), 1);
        }
    }

    /// <summary>The object as Format-List * would show it, as Clixml and as JSON.</summary>
    private static void Describe(StringBuilder all, PSObject item, int depth)
    {
        all.AppendLine(item.ToString());
        all.AppendLine(PSSerializer.Serialize(item, depth));
        if (item.BaseObject is not Exception && item.BaseObject.GetType().Namespace == nameof(MidJourney)) all.AppendLine(JsonSerializer.Serialize(item.BaseObject, item.BaseObject.GetType(), Json));
        // PowerShell keeps the line that was typed, and with it whatever stood there.
        foreach (var property in item.Properties.Where(p => p.Name is not ("InvocationInfo" or "MyInvocation" or "TargetSite")))
        {
            object? value;
            try { value = property.Value; }
            catch (GetValueException) { continue; }
            foreach (var part in value is IEnumerable many and not string ? many.Cast<object?>() : [value])
            {
                all.AppendLine(part?.ToString());
                if (depth > 1 && part is not (null or string or ValueType)) Describe(all, PSObject.AsPSObject(part), depth - 1);
            }
        }
    }
}
