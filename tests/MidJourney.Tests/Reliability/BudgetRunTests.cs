using System.Management.Automation;

namespace MidJourney.Tests;

/// <summary>One budget for many runspaces, at a gateway whose prices vary, whose tasks fail, and whose connections break.</summary>
public sealed class BudgetRunTests
{
    private const decimal MaxCost = 8, Highest = 0.10m;
    private const int Runspaces = 50, Rows = 12;

    [Fact]
    public async Task Fifty_runspaces_use_the_budget_and_never_exceed_it()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        Prepare(gateway);
        var journal = TestFolder.NewFile(".jsonl");
        using var shell = ModuleShell.For(gateway, $"-MaxCost {MaxCost} -AssumedCost {Highest} -ThrottleLimit 64 -JournalPath '{journal}'");

        var ids = shell.Run($$"""
            $session = Get-MJSession
            1..{{Runspaces}} | ForEach-Object -ThrottleLimit {{Runspaces}} -Parallel {
                Import-Module '{{Repository.Manifest}}'
                $number = $_
                $rows = 1..{{Rows}} | ForEach-Object { [pscustomobject] @{ JobId = "j$number-$_"; ImageNo = 0; Type = 0 } }
                foreach ($time in 1..2) {
                    try { $rows | Invoke-MJUpscale -Session $using:session -ErrorAction SilentlyContinue -ErrorVariable failed -WarningAction SilentlyContinue | Wait-MJTask -ErrorAction SilentlyContinue | Out-Null }
                    catch { $failed = $_ }
                    $failed | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }
                }
            }
            """).MustSucceed().Output.Select(o => o.ToString()!).ToHashSet();
        Assert.Contains("MJ.BudgetExceeded", ids);
        Assert.Contains("MJ.SubmitOutcomeUnknown", ids);
        MustFit(gateway);

        // What was committed to tasks that cost less is left, so the same command goes on.
        var room = Left(shell);
        for (var round = 0; round < 20 && room >= Highest; round++)
        {
            shell.Run($$"""
                1..{{Runspaces * Rows}} | ForEach-Object { [pscustomobject] @{ JobId = "more$_"; ImageNo = 0; Type = 0 } } |
                    Invoke-MJUpscale -Wait -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-Null
                """);
            room = Left(shell);
        }
        Assert.InRange(room, 0, Highest - 0.0001m);
        MustFit(gateway);

        // Nothing runs any more.
        var tasks = shell.Run("Get-MJTask -ErrorAction Stop").MustSucceed().Output.Select(o => (Status: $"{o.Properties["Status"].Value}", Cost: (decimal?)o.Properties["Cost"].Value)).ToList();
        Assert.DoesNotContain(tasks, t => t.Status is "Pending" or "InProgress");
        var withoutCost = tasks.Where(t => t.Cost is null).ToList();
        Assert.Equal(["Completed", "Failed", "OutcomeUnknown"], withoutCost.Select(t => t.Status).Distinct().Order());
        Assert.Equal((tasks.Sum(t => t.Cost ?? 0), withoutCost.Count * Highest), (Money(shell, "Spent"), Money(shell, "Committed")));
    }

    private static void Prepare(GatewayEmulator gateway)
    {
        gateway.Settings.Prices = new Dictionary<string, Price> { ["midjourney_upscale"] = Price.Parse($"0.01-{Highest}") };
        gateway.Shapes.Default = new TaskShape { Failure = TaskFailure.GenerationFailed, FailureRate = 0.05 };
        foreach (var number in Enumerable.Range(1, Runspaces)) gateway.Shapes.Set($"j{number}-1", new TaskShape { CostStyle = CostStyle.Missing });
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.CutAfter, Probability = 0.03 });
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.CutBefore, Probability = 0.02 });
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.Status, Status = 429, Probability = 0.03 });
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.Status, Status = 400, Probability = 0.03 });
        gateway.Faults.Add(new Fault { Operation = Operation.Read, Kind = FaultKind.Status, Status = 500, Probability = 0.03 });
    }

    private static void MustFit(GatewayEmulator gateway) => Assert.InRange(gateway.Tasks.Where(t => t.IsBilled).Sum(t => t.Cost), 0, MaxCost);

    private static decimal Left(ModuleShell shell) => MaxCost - Money(shell, "Spent") - Money(shell, "Committed");

    private static decimal Money(ModuleShell shell, string property) => LanguagePrimitives.ConvertTo<decimal>(shell.Run($"(Get-MJSession).{property}").MustSucceed().Output.Single());
}
