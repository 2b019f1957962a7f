using System.Globalization;
using System.Net;
using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>The options of the command line.</summary>
internal sealed class CommandLine
{
    /// <summary>Each with the name of its value (empty: it has none) and its line of the help.</summary>
    private static readonly (string Name, string Value, string Help, Action<CommandLine, string> Apply)[] Options =
    [
        ("--port", "N", "port to listen on (0, the default: a free one)", (line, value) => line._port = Number(value, 65535)),
        ("--host", "ADDRESS", "address to listen on (127.0.0.1)", (line, value) => line._host = Address(value)),
        ("--api-key", "KEY", "the key that is accepted (test)", (line, value) => line._options = line._options with { ApiKey = value }),
        ("--prefix", "PATH", "path before every route, such as /proxy/mj", (line, value) => line._prefix = value),
        ("--duration", "SECONDS", "how long a task takes: 2, 1-10, lognormal:2,0.5 or never (2)", (line, value) => line._options = line._options with { Duration = TaskDuration.Parse(value) }),
        ("--seed", "N", "seed of everything random (1)", (line, value) => line._seed = Number(value)),
        ("--answer-delay", "MS", "added to every answer (0)", (line, value) => line._options = line._options with { AnswerDelay = TimeSpan.FromMilliseconds(Number(value)) }),
        ("--max-requests-per-second", "N", "above it: 429 (no limit)", (line, value) => line._options = line._options with { MaxRequestsPerSecond = Number(value) }),
        ("--max-outstanding", "N", "creates get 429 while this many tasks run (no limit)", (line, value) => line._options = line._options with { MaxOutstanding = Number(value) }),
        ("--retry-after", "TEXT", "the Retry-After header of these 429 answers (none)", (line, value) => line._options = line._options with { RetryAfter = value }),
        ("--fail-job", "JOBID[:IMAGENO]", "tasks of this job fail with 8004005098; repeatable", (line, value) => line._failJobs.Add(value)),
        ("--fail-prompt", "TEXT", "tasks with this prompt fail with it, too; repeatable", (line, value) => line._failPrompts.Add(value)),
        ("--model", "ID", "one more model that is accepted, with any parameters; repeatable", (line, value) => line._models.Add(value)),
        ("--strict-jobs", "", "job IDs must come from finished tasks that allow the step", (line, _) => line._options = line._options with { StrictJobs = true }),
        ("--price", "MODEL[:TYPE]=COST", "cost of an output: 0.08, or 0.02-0.08 (0.05); repeatable", (line, value) => line.AddPrice(value)),
        ("--currency", "NAME", "of costs (USD)", (line, value) => line._options = line._options with { Currency = value }),
        ("--bill-failed", "", "failed tasks are billed, too", (line, _) => line._options = line._options with { BillFailed = true }),
        ("--not-offered", "STATUS", "answers precharge and bill, such as 404; 200: an HTML page", (line, value) => line._options = line._options with { NotOffered = Number(value, 599) }),
        ("--images", "N", "images of each output (upscale 1, others 4)", (line, value) => line._shape = line._shape with { Images = Number(value) }),
        ("--image-bytes", "N", "length of a result's file (as the image needs)", (line, value) => line._shape = line._shape with { ImageBytes = Number(value) }),
        ("--callbacks", "BODY", "task, job, form, foreign, nested, empty, or off for none (task)", (line, value) => line.ChangeCallback(shape => shape with { Body = BodyOf(value) })),
        ("--callback-loss", "SHARE", "share of callbacks that are never sent, such as 0.2 (0)", (line, value) => line.ChangeCallback(shape => shape with { LossRate = Share(value) })),
        ("--script", "FILE", "options, faults and shapes as JSON; see README.md", (line, value) => line._script = ReadScript(value)),
        ("--exit-with-stdin", "", "stop when standard input closes", (line, _) => line.ExitWithStdin = true),
        ("--help", "", "this text", (line, _) => line.WantsHelp = true),
    ];

    private readonly List<string> _failJobs = [];
    private readonly List<string> _failPrompts = [];
    private readonly List<string> _models = [];
    private readonly Dictionary<string, Price> _prices = [];
    private OptionChanges _options = new();
    private TaskShape _shape = new();
    private EmulatorScript _script = new();
    private string _host = "127.0.0.1";
    private string _prefix = "";
    private int _port;
    private int _seed = 1;

    private CommandLine()
    {
    }

    public static string Help =>
        $"""
        A local stand-in for the gateway: the same contract, no bill.

        MidJourney.Emulator [options]
        {string.Join(Environment.NewLine, Options.Select(option => $"  {option.Name + " " + option.Value,-29} {option.Help}"))}
        """;

    public bool WantsHelp { get; private set; }

    public bool ExitWithStdin { get; private set; }

    /// <summary>Reads the arguments. .NET's configuration is no help here: it ignores unknown options, and has neither options without a value nor repeated ones.</summary>
    /// <exception cref="FormatException">An option is unknown, or its value is invalid.</exception>
    public static CommandLine Parse(IEnumerable<string> arguments)
    {
        var line = new CommandLine();
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out string? name))
        {
            var option = Array.Find(Options, option => option.Name == (name is "-h" or "-?" ? "--help" : name));
            if (option.Name is null)
                throw new FormatException($"Unknown option '{name}'. --help lists the options.");
            string? value = "";
            if (option.Value.Length > 0 && !rest.TryDequeue(out value))
                throw new FormatException($"{name} needs a value.");
            try
            {
                option.Apply(line, value);
            }
            catch (FormatException e)
            {
                throw new FormatException($"{name} {e.Message}", e);
            }
        }
        return line;
    }

    public async Task<GatewayEmulator> StartAsync()
    {
        var options = new EmulatorOptions { Host = _host, Port = _port, Prefix = _prefix, Seed = _seed };
        var emulator = await GatewayEmulator.StartAsync(options);
        emulator.Shapes.Default = _shape;
        _script.ApplyTo(emulator);
        _options.ApplyTo(options);
        options.OtherModels = [.. options.OtherModels, .. _models];
        options.Prices = options.Prices.Where(price => !_prices.ContainsKey(price.Key)).Concat(_prices).ToDictionary();
        var failing = emulator.Shapes.Default with { Failure = TaskFailure.GenerationFailed };
        foreach (string job in _failJobs)
            emulator.Shapes.SetNamed(job, failing);
        foreach (string prompt in _failPrompts)
            emulator.Shapes.SetPrompt(prompt, failing);
        return emulator;
    }

    private void ChangeCallback(Func<CallbackShape, CallbackShape> change) => _shape = _shape with { Callback = change(_shape.Callback) };

    private void AddPrice(string value)
    {
        int equals = value.LastIndexOf('=');
        if (equals <= 0)
            throw new FormatException($"needs MODEL=COST or MODEL:TYPE=COST, not '{value}'.");
        _prices[value[..equals]] = Price.Parse(value[(equals + 1)..]);
    }

    private static int Number(string value, int max = int.MaxValue) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= max
            ? number
            : throw new FormatException($"needs a whole number from 0 to {max}, not '{value}'.");

    private static double Share(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share) && share <= 1
            ? share
            : throw new FormatException($"needs a number from 0 to 1, not '{value}'.");

    private static CallbackBody BodyOf(string value) => Enum.TryParse(value, ignoreCase: true, out CallbackBody body) && !char.IsAsciiDigit(value[0])
        ? body
        : throw new FormatException($"needs one of {string.Join(", ", Enum.GetNames<CallbackBody>()).ToLowerInvariant()}, not '{value}'.");

    private static string Address(string value) =>
        value == "localhost" || IPAddress.TryParse(value, out _) ? value : throw new FormatException($"needs an IP address or localhost, not '{value}'.");

    private static EmulatorScript ReadScript(string file)
    {
        try
        {
            return EmulatorScript.Parse(File.ReadAllText(file));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{file}: {e.Message}", e);
        }
    }
}
