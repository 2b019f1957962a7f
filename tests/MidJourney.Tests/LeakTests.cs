using System.Collections;
using System.Management.Automation;
using System.Text;

namespace MidJourney.Tests;

/// <summary>The key is in nothing that comes out: no stream, no object however it is written, no exception.</summary>
public sealed class LeakTests
{
    [Fact]
    public async Task Nothing_that_comes_out_holds_the_key()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var all = new StringBuilder();
        foreach (var fault in Faults())
        {
            gateway.Reset();
            if (fault is not null) gateway.Faults.Add(fault);
            using var shell = ModuleShell.For(gateway, "-RequestTimeoutSec 0.3 -RetryTimeoutSec 0");
            Collect(all, shell.Run("Get-MJSession; Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0 -Verbose -Debug"));
            var id = gateway.AddTask("j").Id;
            Collect(all, shell.Run("$id | Wait-MJTask -TimeoutSec 1 -Verbose -Debug", ("id", id)));
        }
        Collect(all, new ModuleShell().Run("New-MJSession -ApiKey $key -Verbose -Debug", ("key", TestKey.Value + " x")));
        var text = all.ToString();
        Assert.Contains("SubmitOutcomeUnknown", text, StringComparison.Ordinal);
        Assert.Contains("***", text, StringComparison.Ordinal);
        for (var start = 0; start + 8 <= TestKey.Value.Length; start++)
            Assert.DoesNotContain(TestKey.Value.Substring(start, 8), text, StringComparison.Ordinal);
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

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await GatewayEmulator.StartAsync(TestKey.Options());
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Kind = FaultKind.Redirect, Status = 307, Location = $"{elsewhere.BaseUri}model/v1/generation" });
        using var shell = ModuleShell.For(gateway);
        Assert.Equal(["MJ.UnexpectedRedirect"], shell.Run("Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0").ErrorIds);
        Assert.Equal(["MJ.UnexpectedRedirect"], shell.Run("Get-MJTask x").ErrorIds);
        Assert.Empty(elsewhere.Requests);
    }

    private static IEnumerable<Fault?> Faults()
    {
        yield return null;
        foreach (var status in new[] { 400, 401, 402, 403, 404, 429, 500, 502, 503 })
            foreach (var body in new[] { BodyStyle.Error, BodyStyle.Html })
                yield return new Fault { Kind = FaultKind.Status, Status = status, Body = body, Message = $"the key {TestKey.Value} is wrong" };
        foreach (var kind in new[] { FaultKind.CutBefore, FaultKind.CutAfter, FaultKind.HalfBody, FaultKind.NotJson, FaultKind.NoId, FaultKind.Stall })
            yield return new Fault { Kind = kind };
    }

    private static void Collect(StringBuilder all, ShellResult result)
    {
        foreach (var line in result.Verbose.Concat(result.Warnings)) all.AppendLine(line);
        foreach (var item in result.Output) Describe(all, item, depth: 4);
        foreach (var error in result.Errors.Append(result.Thrown).OfType<ErrorRecord>())
        {
            all.AppendLine(error.Exception.ToString()).AppendLine(error.ToString()).AppendLine(error.FullyQualifiedErrorId).AppendLine(error.ErrorDetails?.RecommendedAction);
            Describe(all, PSObject.AsPSObject(error), depth: 1);
        }
    }

    private static void Describe(StringBuilder all, PSObject item, int depth)
    {
        all.AppendLine(item.ToString()).AppendLine(PSSerializer.Serialize(item, depth));
        foreach (var property in item.Properties.Where(p => p.Name is not ("InvocationInfo" or "MyInvocation")))
        {
            object? value;
            try { value = property.Value; }
            catch (GetValueException) { continue; }
            all.AppendLine(value is IEnumerable many and not string ? string.Join("|", many.Cast<object>()) : value?.ToString());
        }
    }
}
