using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Client.Tests;

/// <summary>A client with a scripted gateway and a clock of its own.</summary>
public abstract class ClientTestBase : IDisposable
{
    private readonly List<IDisposable> _made = [];

    private protected FakeTimeProvider Clock { get; } = Sample.Clock();

    private protected Notes Notes { get; } = new();

    private protected DateTimeOffset Start { get; } = Sample.Clock().GetUtcNow();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected (GatewayClient Client, FakeGateway Gateway) Setup(params Answer[] script) => Setup(new GatewayOptions { BaseUri = Sample.BaseUri }, script);

    private protected (GatewayClient Client, FakeGateway Gateway) Setup(GatewayOptions options, params Answer[] script)
    {
        if (options.Journal is { } journal) Clock.WaitFor(journal);
        var gateway = new FakeGateway(Clock, script);
        var client = Sample.Client(gateway, Clock, options);
        _made.Add(client);
        _made.Add(gateway);
        return (client, gateway);
    }

    /// <summary>When a request was sent, counted from the start.</summary>
    private protected TimeSpan At(FakeGateway gateway, int number) => gateway.Sent[number].At - Start;

    protected virtual void Dispose(bool disposing)
    {
        foreach (var thing in _made) thing.Dispose();
    }
}
