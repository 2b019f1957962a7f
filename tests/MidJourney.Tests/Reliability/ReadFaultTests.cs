namespace MidJourney.Tests;

/// <summary>Faults of a read on real sockets. That reads are repeated at all, and how, is tested with canned answers.</summary>
public sealed class ReadFaultTests
{
    [Theory]
    [InlineData(FaultKind.Status, 500)]
    [InlineData(FaultKind.Status, 502)]
    [InlineData(FaultKind.Status, 429)]
    [InlineData(FaultKind.CutBefore, null)]
    [InlineData(FaultKind.HalfBody, null)]
    [InlineData(FaultKind.NotJson, null)]
    [InlineData(FaultKind.NoId, null)]
    public async Task Wait_and_get_survive_a_passing_fault(FaultKind kind, int? status)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var (waited, read) = (gateway.AddTask("waited").Id, gateway.AddTask("read").Id);
        gateway.Faults.Add(new Fault { Operation = Operation.Read, TaskId = waited, Kind = kind, Status = status, Times = 2 });
        gateway.Faults.Add(new Fault { Operation = Operation.Read, TaskId = read, Kind = kind, Status = status, Times = 1 });
        using var shell = ModuleShell.For(gateway);
        var tasks = shell.Run("Wait-MJTask $waited; Get-MJTask $read", ("waited", waited), ("read", read)).MustSucceed();
        Assert.Equal([waited, read], tasks.Texts("Id"));
        Assert.Equal((3, 2), (gateway.ReadsOf(waited), gateway.ReadsOf(read)));
    }
}
