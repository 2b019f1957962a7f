using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MidJourney.Emulator;

/// <summary>A gateway on this machine that speaks the contract, misbehaves on request, and remembers what it was asked.</summary>
public sealed class GatewayEmulator : IAsyncDisposable
{
    private const string Upscale = "midjourney_upscale";

    private readonly EmulatorState _state;
    private readonly KestrelServer _server;

    private GatewayEmulator(EmulatorOptions options)
    {
        _state = new EmulatorState(options);
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(AddressOf(options), Configure);
        // Kestrel without a host: no container, logging or routing stands between the socket and the handlers.
        _server = new KestrelServer(
            Options.Create(kestrel),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        BaseUri = new Uri("http://127.0.0.1");
    }

    /// <summary>Where the gateway is, prefix included: <c>http://127.0.0.1:40123/proxy/mj</c>.</summary>
    public Uri BaseUri { get; private set; }

    public EmulatorOptions Settings => _state.Options;

    public EmulatorCounts Counts => _state.Counts;

    public FaultRules Faults => _state.Faults;

    public TaskShapes Shapes => _state.Shapes;

    /// <summary>The tasks made, in order of creation.</summary>
    public IReadOnlyList<EmulatedTask> Tasks => _state.Tasks.All;

    /// <summary>How many tasks have not ended.</summary>
    public int Outstanding => _state.Tasks.Outstanding(_state.Now);

    /// <summary>What was asked for, and how often.</summary>
    public IReadOnlyDictionary<JobKey, JobCount> Jobs => _state.Jobs.ToDictionary();

    /// <summary>What was made more than once: paid twice.</summary>
    public IReadOnlyList<JobKey> MadeTwice => [.. _state.MadeTwice];

    /// <summary>The last requests, in order of arrival.</summary>
    public IReadOnlyList<RequestRecord> Requests => _state.Log.All;

    /// <summary>Starts an emulator that listens when the task ends.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="FormatException"><see cref="EmulatorOptions.Host"/> is no address.</exception>
    public static async Task<GatewayEmulator> StartAsync(EmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var emulator = new GatewayEmulator(options ?? new EmulatorOptions());
        try
        {
            await emulator._server.StartAsync(new GatewayApplication(emulator._state), cancellationToken);
        }
        catch
        {
            emulator._server.Dispose();
            throw;
        }
        emulator.LearnBaseUri();
        return emulator;
    }

    /// <summary>How often a task, or an id that no task has, was read.</summary>
    public int ReadsOf(string taskId) => _state.ReadsOf(taskId);

    /// <summary>How often an upscale of a job's image was asked for with a type, and how often that made a task.</summary>
    public JobCount CountOf(string jobId, int imageNo, int type) => _state.CountOf(new JobKey(Upscale, jobId, imageNo, type));

    /// <summary>How often a model was asked for with just these parameters (JSON), and how often that made a task. The callback does not matter.</summary>
    /// <exception cref="ArgumentException">There is no such model, or this is no JSON.</exception>
    public JobCount CountOf(string model, string parameters) => _state.CountOf(Request(model, parameters).Key);

    /// <summary>Makes an upscale that no create asked for; it is not in the counts.</summary>
    public EmulatedTask AddTask(string jobId, int imageNo = 0, int type = 0, TaskShape? shape = null)
    {
        var parameters = new JsonObject { ["jobId"] = jobId, ["imageNo"] = imageNo, ["type"] = type };
        return AddTask(Upscale, parameters.ToJsonString(), shape);
    }

    /// <summary>Makes a task of any model that no create asked for, from its parameters (JSON); it is not in the counts.</summary>
    /// <exception cref="ArgumentException">There is no such model, or these are no parameters of it.</exception>
    public EmulatedTask AddTask(string model, string parameters, TaskShape? shape = null)
    {
        var request = Request(model, parameters);
        return request.Problem is { } problem
            ? throw new ArgumentException(problem.Message, nameof(parameters))
            : _state.TryMakeTask(request, shape ?? _state.Shapes.For(request.Key), maxOutstanding: 0)!;
    }

    /// <summary>Changes how a made task is written from now on. When it ends, and whether as failed, stays.</summary>
    public void Reshape(string taskId, TaskShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var task = _state.Tasks.Find(taskId) ?? throw new ArgumentException($"No task has the id '{taskId}'.", nameof(taskId));
        task.Shape = shape;
    }

    /// <summary>Forgets tasks, counts, faults and shapes. Settings stay.</summary>
    public void Reset() => _state.Reset();

    /// <summary>Stops at once: requests in flight are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
    }

    private CreateRequest Request(string model, string parameters)
    {
        try
        {
            using var document = JsonDocument.Parse(parameters);
            var known = GatewayModels.Find(model, Settings.OtherModels) ?? throw new ArgumentException($"There is no model '{model}'.", nameof(model));
            return CreateRequest.Of(known, document.RootElement);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The parameters are no JSON: {e.Message}", nameof(parameters), e);
        }
    }

    private static IPEndPoint AddressOf(EmulatorOptions options) => new(
        options.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Parse(options.Host),
        options.Port);

    private void Configure(ListenOptions listen)
    {
        // The handlers keep one exchange for each connection, which HTTP/2 would break.
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection => CountConnectionAsync(next, connection));
    }

    private async Task CountConnectionAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        _state.Counts.Connected();
        try
        {
            await next(connection);
        }
        finally
        {
            _state.Counts.Disconnected();
        }
    }

    private void LearnBaseUri()
    {
        var bound = new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        string host = bound.Host is "0.0.0.0" or "[::]" ? "127.0.0.1" : bound.Host;
        _state.BaseText = $"http://{host}:{bound.Port}{GatewayApplication.Normal(_state.Options.Prefix)}";
        BaseUri = new Uri(_state.BaseText);
    }
}
