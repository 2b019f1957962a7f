using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney.Tests;

/// <summary>
/// Every example of the docs is run against the emulator. One that calls what this engine lacks (Import-Csv, Get-Date,
/// Select-Object …) is run by tests/Pester/Examples.Tests.ps1, which runs all of them. No other test runs meanwhile,
/// because examples take their session from the environment, as readers do.
/// </summary>
[CollectionDefinition(nameof(ExampleTests), DisableParallelization = true)]
[Collection(nameof(ExampleTests))]
public sealed class ExampleTests
{
    private static readonly Lazy<(DocExample Example, string[] Missing)[]> Examples = new(() =>
    {
        using var shell = new ModuleShell();
        return [.. DocExample.All.Select(e => (e, e.Missing(shell)))];
    });

    [Fact]
    public void Examples_use_only_what_there_is()
    {
        using var shell = new ModuleShell();
        var commands = CmdletHelp.Commands(shell).ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var example in DocExample.All)
            foreach (var call in example.Calls)
            {
                if (call.GetCommandName() is not { } command || !command.Contains("-MJ", StringComparison.OrdinalIgnoreCase)) continue;
                Assert.True(commands.TryGetValue(command, out var known), $"{example.Name}: there is no {command}.");
                foreach (var parameter in call.CommandElements.OfType<CommandParameterAst>())
                    Assert.True(known.Parameters.ContainsKey(parameter.ParameterName), $"{example.Name}: {command} has no -{parameter.ParameterName}.");
            }
    }

    [Fact]
    public async Task Examples_run_without_an_error_and_pay_once()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var readers = new ReaderEnvironment(gateway.BaseUri);
        var failures = new ConcurrentBag<string>();
        // They mostly wait, so together they take little longer than one.
        await Task.WhenAll(Examples.Value.Where(e => e.Missing.Length == 0).Select(e => Task.Factory.StartNew(() =>
        {
            using var shell = new ModuleShell();
            var result = shell.Run(ReaderEnvironment.Prepare(e.Example.Code, gateway));
            foreach (var error in result.Errors.Append(result.Thrown).OfType<ErrorRecord>()) failures.Add($"{e.Example.Name}: {error}");
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.True(failures.IsEmpty, string.Join('\n', failures));
        Assert.Empty(gateway.MadeTwice);
    }

    [Fact]
    public void Most_examples_run_in_this_engine()
    {
        var left = Examples.Value.Where(e => e.Missing.Length > 0).Select(e => $"{e.Example.Name}: {string.Join(", ", e.Missing)}").ToList();
        Assert.True(left.Count * 2 < Examples.Value.Length, string.Join('\n', left));
    }
}
