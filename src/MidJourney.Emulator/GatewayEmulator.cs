using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>A gateway on this machine that follows the contract, misbehaves on request, and remembers what it was asked.</summary>
public sealed class GatewayEmulator : IAsyncDisposable
{
    private readonly ConcurrentDictionary<JobKey, JobCount> _jobs = new();
    private readonly ConcurrentDictionary<string, int> _readsOfUnknownIds = new();
    private readonly CallbackSender _callbacks;
    private WebApplication? _server;

    private GatewayEmulator(EmulatorOptions options)
    {
        Settings = options;
        Prefix = options.Prefix.Trim('/') is { Length: > 0 } path ? "/" + path : "";
        Faults = new FaultRules((ulong)options.Seed);
        Store = new TaskStore((ulong)options.Seed);
        Log = new RequestLog(options.RequestLogSize);
        _callbacks = new CallbackSender(this);
    }

    /// <summary>The gateway's address with its prefix: <c>http://127.0.0.1:40123/proxy/mj</c>.</summary>
    public Uri BaseUri { get; private set; } = new("http://127.0.0.1");

    public EmulatorOptions Settings { get; }

    public EmulatorCounts Counts { get; } = new();

    public FaultRules Faults { get; }

    public TaskShapes Shapes { get; } = new();

    /// <summary>The tasks made, in order of creation.</summary>
    public IReadOnlyList<EmulatedTask> Tasks => Store.All;

    /// <summary>How many tasks have not ended.</summary>
    public int Outstanding => Store.Outstanding(Now);

    /// <summary>The work that was asked for, and how often.</summary>
    public IReadOnlyDictionary<JobKey, JobCount> Jobs => _jobs.ToDictionary();

    /// <summary>The work that was made more than once, so paid twice.</summary>
    public IReadOnlyList<JobKey> MadeTwice => [.. _jobs.Where(job => job.Value.TasksMade > 1).Select(job => job.Key)];

    /// <summary>The last requests, in order of arrival.</summary>
    public IReadOnlyList<RequestRecord> Requests => Log.All;

    /// <summary>The requests to callback URLs, in the order in which they were sent.</summary>
    public IReadOnlyList<CallbackRecord> Callbacks => [.. Tasks.SelectMany(task => task.Callbacks).OrderBy(callback => callback.At)];

    internal TaskStore Store { get; }

    internal RequestLog Log { get; }

    internal RateLimit Rate { get; } = new();

    /// <summary>One slash before, none after; empty for no prefix.</summary>
    internal string Prefix { get; }

    /// <summary>Without a slash at the end.</summary>
    internal string BaseText { get; private set; } = "";

    internal DateTimeOffset Now => Settings.TimeProvider.GetUtcNow();

    /// <summary>Starts an emulator that listens when the task ends.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="FormatException"><see cref="EmulatorOptions.Host"/> is not an address.</exception>
    public static async Task<GatewayEmulator> StartAsync(EmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var emulator = new GatewayEmulator(options ?? new EmulatorOptions());
        emulator._server = await EmulatorServer.StartAsync(emulator, cancellationToken);
        var bound = new Uri(emulator._server.Urls.First());
        string host = bound.Host is "0.0.0.0" or "[::]" ? "127.0.0.1" : bound.Host;
        emulator.BaseText = $"http://{host}:{bound.Port}{emulator.Prefix}";
        emulator.BaseUri = new Uri(emulator.BaseText);
        return emulator;
    }

    /// <summary>How often a task was read, or an id that no task has.</summary>
    public int ReadsOf(string taskId) => Store.Find(taskId)?.Reads ?? _readsOfUnknownIds.GetValueOrDefault(taskId);

    /// <summary>How often this upscale was asked for, and how often that made a task.</summary>
    public JobCount CountOf(string jobId, int imageNo, int type) => CountOf(new JobKey(GatewayModel.Upscale, jobId, imageNo, type));

    /// <summary>How often a model was asked for with these parameters (JSON), and how often that made a task. The callback does not matter.</summary>
    /// <exception cref="ArgumentException">There is no such model, or the parameters are not JSON.</exception>
    public JobCount CountOf(string model, string parameters) => CountOf(RequestOf(model, parameters).Key);

    /// <summary>Makes an upscale that no create asked for; it is in no count.</summary>
    public EmulatedTask AddTask(string jobId, int imageNo = 0, int type = 0, TaskShape? shape = null) =>
        AddTask(GatewayModel.Upscale, new JsonObject { ["jobId"] = jobId, ["imageNo"] = imageNo, ["type"] = type }.ToJsonString(), shape);

    /// <summary>Makes a task of any model that no create asked for, from its parameters (JSON); it is in no count.</summary>
    /// <exception cref="ArgumentException">There is no such model, or it does not accept these parameters.</exception>
    public EmulatedTask AddTask(string model, string parameters, TaskShape? shape = null)
    {
        var request = RequestOf(model, parameters);
        return request.Problem is { } problem
            ? throw new ArgumentException(problem.Message, nameof(parameters))
            : TryMakeTask(request, shape ?? Shapes.For(request.Key), maxOutstanding: 0)!;
    }

    /// <summary>Changes how a task is written from now on. When it ends, and whether it fails, does not change.</summary>
    public void Reshape(string taskId, TaskShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var task = Store.Find(taskId) ?? throw new ArgumentException($"No task has the ID '{taskId}'.", nameof(taskId));
        task.Shape = shape;
    }

    /// <summary>Forgets tasks, counts, faults and shapes, but not the settings.</summary>
    public void Reset()
    {
        _callbacks.Reset();
        Faults.Clear();
        Shapes.Clear();
        Store.Clear();
        Log.Clear();
        _jobs.Clear();
        _readsOfUnknownIds.Clear();
        Counts.Reset();
    }

    /// <summary>Stops at once: requests in flight are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        _callbacks.Dispose();
        await _server!.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }

    internal JobCount CountOf(JobKey key) => _jobs.GetOrAdd(key, _ => new JobCount());

    internal void CountRead(string taskId, EmulatedTask? task)
    {
        if (task is null)
            _readsOfUnknownIds.AddOrUpdate(taskId, 1, (_, reads) => reads + 1);
        else
            task.CountRead();
    }

    /// <summary>Null when <paramref name="maxOutstanding"/> tasks are running; 0 is no limit.</summary>
    internal EmulatedTask? TryMakeTask(CreateRequest create, TaskShape shape, int maxOutstanding)
    {
        var task = Store.TryMake(create, shape, Settings, Now, maxOutstanding);
        if (task is not null) _callbacks.Start(task);
        return task;
    }

    private CreateRequest RequestOf(string model, string parameters)
    {
        try
        {
            using var document = JsonDocument.Parse(parameters);
            var known = GatewayModel.Find(model, Settings.OtherModels) ?? throw new ArgumentException($"There is no model '{model}'.", nameof(model));
            return CreateRequest.Of(known, document.RootElement);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The parameters are not JSON: {e.Message}", nameof(parameters), e);
        }
    }
}
