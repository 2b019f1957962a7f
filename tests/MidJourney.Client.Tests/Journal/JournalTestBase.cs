using System.Text;
using System.Text.Json;

namespace MidJourney.Client.Tests;

/// <summary>A client with a journal in a folder of this test.</summary>
public abstract class JournalTestBase : ClientTestBase
{
    private protected static readonly DuplicatePolicy Guarded = new(false, false, false, DuplicatePolicy.DefaultWindow);
    private protected static readonly DuplicatePolicy Skip = Guarded with { SkipSubmitted = true };
    private protected static readonly DuplicatePolicy RetryUnknown = Guarded with { RetryUnknown = true };
    private protected static readonly DuplicatePolicy Force = Guarded with { Force = true };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("midjourney-journal-");

    private protected string JournalPath => Path.Combine(_folder.FullName, "state", "journal.jsonl");

    private protected string FolderPath => _folder.FullName;

    private protected string Text => File.Exists(JournalPath) ? File.ReadAllText(JournalPath) : "";

    /// <summary>The events of the lines, without the first line of the file.</summary>
    private protected string[] Events => [.. Lines().Skip(1).Select(l => l.GetProperty("event").GetString()!)];

    private protected TaskJournal NewJournal(long? maxBytes = null) =>
        maxBytes is { } most ? new TaskJournal(JournalPath, Clock, most) : new TaskJournal(JournalPath, Clock);

    private protected (GatewayClient Client, FakeGateway Gateway) SetupWith(TaskJournal? journal, params Answer[] script) =>
        Setup(new GatewayOptions { BaseUri = Sample.BaseUri, Journal = journal, RetryTimeout = TimeSpan.FromMinutes(2) }, script);

    private protected (GatewayClient Client, FakeGateway Gateway) SetupWithJournal(params Answer[] script) => SetupWith(NewJournal(), script);

    private protected List<JsonElement> Lines()
    {
        var lines = new List<JsonElement>();
        foreach (var line in Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            lines.Add(json.RootElement.Clone());
        }
        return lines;
    }

    private protected void Append(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        File.AppendAllText(JournalPath, text, new UTF8Encoding(false));
    }

    /// <summary>A line of this version (2), or of 0.1.0 (1), which wrote no work, account, start or host. It is about <see cref="Sample.Submission"/> by default.</summary>
    private protected string LineOf(string @event, string name, TimeSpan ago, string more = "", int version = 2, string? account = null, MJSubmission? submission = null)
    {
        var parameters = JournalLineWriter.Parameters(submission ?? Sample.Submission);
        var work = version == 1 ? "" : $"\"work\":\"{SubmissionKey.WorkOf("https://gateway.test", "midjourney_upscale", parameters):N}\",";
        var create = @event is "ended" or "gone" ? "" : $"\"ref\":\"{NameOf(name)}\",{work}";
        var rest = @event is "ended" or "gone" or "withdrawn" ? "" : $",\"model\":\"midjourney_upscale\",\"params\":{Encoding.UTF8.GetString(parameters)}";
        var by = account is null ? "" : $",\"account\":\"{account}\"";
        return $"{{\"v\":{version},\"event\":\"{@event}\",\"time\":\"{Clock.GetUtcNow() - ago:yyyy-MM-ddTHH:mm:ss.fffZ}\",{create}\"baseUri\":\"https://gateway.test\"{by}{rest}{more}}}\n";
    }

    /// <summary>The ref of a create.</summary>
    private protected static string NameOf(string name) => SubmissionKey.Hash(Encoding.UTF8.GetBytes(name)).ToString("N");

    /// <summary>The process in a claim.</summary>
    private protected static string By(ProcessIdentity process) => $",\"pid\":{process.Pid},\"start\":\"{process.Start}\",\"host\":\"{process.Host}\"";

    private protected static ProcessIdentity Dead { get; } = ProcessIdentity.Current with { Start = "1@00000000" };

    private protected string Created(string id, TimeSpan ago, int version = 2, string? account = null, MJSubmission? submission = null) =>
        LineOf("created", "of " + id, ago, $$""","taskId":"{{id}}","task":{"status":"in_progress"}""", version, account, submission);

    private protected string Ended(string id, TimeSpan ago, string status = "completed", string error = "", int version = 2)
    {
        var state = version == 1 ? "" : $"\"state\":\"{(status == "completed" ? status : error.Length > 0 ? "contentRefused" : "failed")}\",";
        return LineOf("ended", "", ago, $$""","taskId":"{{id}}",{{state}}"task":{"status":"{{status}}"{{error}}}""", version);
    }

    /// <summary>The gateway accepts a create, with this task id.</summary>
    private protected static Answer Accepts(string id) => Answers.Json($$"""{"id":"{{id}}","created_at":1710000000,"status":"in_progress","model":"midjourney_upscale"}""");

    /// <summary>Waits until everything recorded is in the file.</summary>
    private protected static void Flush(TaskJournal journal, Notes? notes = null) => journal.FlushAsync(notes).GetAwaiter().GetResult();

    private protected IReadOnlyList<MJTask> Listed() => Read(NewJournal()).Tasks;

    private protected static (IReadOnlyList<MJTask> Tasks, int BadLines) Read(TaskJournal journal, Uri? baseUri = null) =>
        journal.ReadAsync(baseUri ?? Sample.BaseUri).GetAwaiter().GetResult();

    /// <summary>One create in its own command.</summary>
    private protected static async Task<MJTask> CreateAsync(
        GatewayClient client, MJSubmission submission, DuplicatePolicy? policy = null, Notes? notes = null, RequestBatch? batch = null, CancellationToken cancellationToken = default)
    {
        var guard = await client.GuardAsync(policy ?? Guarded, notes, cancellationToken);
        return await client.CreateAsync(submission, guard.Begin(submission, notes), batch, notes, cancellationToken);
    }

    /// <summary>Waits for work on files; no virtual time passes.</summary>
    private protected static async Task Until(Func<bool> done)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!done())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "It has not come about.");
            await Task.Delay(5);
        }
    }

    /// <summary>What a journal would return for a create of any account.</summary>
    private protected static CreateRecord Known(TaskJournal journal, MJSubmission submission)
    {
        journal.LoadAsync(CancellationToken.None).GetAwaiter().GetResult();
        return new DuplicateGuard(new GuardContext(journal, Sample.BaseUri, () => null, () => null, Skip, TimeSpan.Zero, null)).Begin(submission, null);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Delete(recursive: true);
    }
}
