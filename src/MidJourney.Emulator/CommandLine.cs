using System.Globalization;
using System.Net;
using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>What the command line asks for.</summary>
internal sealed class CommandLine
{
    public const string Help = """
        A local stand-in for the gateway: the same contract, no bill.

        MidJourney.Emulator [options]
          --port N                      port to listen on (0, the default: a free one)
          --host ADDRESS                address to listen on (127.0.0.1)
          --api-key KEY                 the key that is let in (test)
          --prefix PATH                 path before every route, such as /proxy/mj
          --duration SECONDS            how long a task takes: 2, 1-10, lognormal:2,0.5 or never (2)
          --seed N                      draws everything random (1)
          --answer-delay MS             added to every answer (0)
          --max-requests-per-second N   above it: 429 (no limit)
          --max-outstanding N           creates get 429 while so many tasks run (no limit)
          --retry-after TEXT            the Retry-After header of those 429 (none)
          --fail-job JOBID[:IMAGENO]    tasks of this job fail with 8004005098; repeatable
          --fail-prompt TEXT            tasks with this prompt fail so; repeatable
          --model ID                    one more model that is let in, with any parameters; repeatable
          --strict-jobs                 job ids must come from finished tasks, and fit for what is asked
          --images N                    images of each output (upscale 1, others 4)
          --image-bytes N               length of a result's file (as the image needs)
          --script FILE                 options, faults and shapes as JSON; see README.md
          --exit-with-stdin             stop when standard input closes
          --help                        this text
        """;

    private readonly Queue<string> _arguments;
    private readonly List<string> _failJobs = [];
    private readonly List<string> _failPrompts = [];
    private readonly List<string> _models = [];
    private OptionChanges _changes = new();
    private TaskShape _shape = new();
    private EmulatorScript _script = new();
    private string _host = "127.0.0.1";
    private string _prefix = "";
    private int _port;
    private int _seed = 1;

    private CommandLine(IEnumerable<string> arguments) => _arguments = new Queue<string>(arguments);

    public bool WantsHelp { get; private set; }

    public bool ExitWithStdin { get; private set; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">An option is unknown, or its value is wrong.</exception>
    public static CommandLine Parse(IEnumerable<string> arguments)
    {
        var line = new CommandLine(arguments);
        while (line._arguments.TryDequeue(out string? option))
            line.Take(option);
        return line;
    }

    public async Task<GatewayEmulator> StartAsync()
    {
        var options = new EmulatorOptions { Host = _host, Port = _port, Prefix = _prefix, Seed = _seed };
        var emulator = await GatewayEmulator.StartAsync(options);
        emulator.Shapes.Default = _shape;
        _script.ApplyTo(emulator);
        _changes.ApplyTo(options);
        options.OtherModels = [.. options.OtherModels, .. _models];
        var failing = emulator.Shapes.Default with { Failure = TaskFailure.GenerationFailed };
        foreach (string job in _failJobs)
            emulator.Shapes.SetNamed(job, failing);
        foreach (string prompt in _failPrompts)
            emulator.Shapes.SetPrompt(prompt, failing);
        return emulator;
    }

    private void Take(string option)
    {
        switch (option)
        {
            case "--port": _port = Number(option, 65535); break;
            case "--host": _host = Address(option); break;
            case "--prefix": _prefix = Value(option); break;
            case "--seed": _seed = Number(option); break;
            case "--api-key": _changes = _changes with { ApiKey = Value(option) }; break;
            case "--duration": _changes = _changes with { Duration = TaskDuration.Parse(Value(option)) }; break;
            case "--answer-delay": _changes = _changes with { AnswerDelay = TimeSpan.FromMilliseconds(Number(option)) }; break;
            case "--max-requests-per-second": _changes = _changes with { MaxRequestsPerSecond = Number(option) }; break;
            case "--max-outstanding": _changes = _changes with { MaxOutstanding = Number(option) }; break;
            case "--retry-after": _changes = _changes with { RetryAfter = Value(option) }; break;
            case "--fail-job": _failJobs.Add(Value(option)); break;
            case "--fail-prompt": _failPrompts.Add(Value(option)); break;
            case "--model": _models.Add(Value(option)); break;
            case "--strict-jobs": _changes = _changes with { StrictJobs = true }; break;
            case "--images": _shape = _shape with { Images = Number(option) }; break;
            case "--image-bytes": _shape = _shape with { ImageBytes = Number(option) }; break;
            case "--script": _script = ReadScript(Value(option)); break;
            case "--exit-with-stdin": ExitWithStdin = true; break;
            case "--help" or "-h" or "-?": WantsHelp = true; break;
            default: throw new FormatException($"Unknown option '{option}'. --help lists the options.");
        }
    }

    private string Value(string option) =>
        _arguments.TryDequeue(out string? value) ? value : throw new FormatException($"{option} needs a value.");

    private int Number(string option, int most = int.MaxValue)
    {
        string value = Value(option);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= most
            ? number
            : throw new FormatException($"{option} needs a whole number from 0 to {most}, not '{value}'.");
    }

    private string Address(string option)
    {
        string value = Value(option);
        return value == "localhost" || IPAddress.TryParse(value, out _)
            ? value
            : throw new FormatException($"{option} needs an IP address or localhost, not '{value}'.");
    }

    private static EmulatorScript ReadScript(string file)
    {
        try
        {
            return EmulatorScript.Parse(File.ReadAllText(file));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"--script {file}: {e.Message}", e);
        }
    }
}
