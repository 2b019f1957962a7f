using System.Text;
using System.Text.Json;

namespace MidJourney.Client.Tests;

/// <summary>A client that keeps a journal in a folder of the test's own.</summary>
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

    /// <summary>What the lines say happened, without the file's first one.</summary>
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

    /// <summary>A gateway's answer to a create, with this id.</summary>
    private protected static Answer Accepts(string id) => Answers.Json($$"""{"id":"{{id}}","created_at":1710000000,"status":"in_progress","model":"midjourney_upscale"}""");

    /// <summary>Has everything written that was noted.</summary>
    private protected static void Flush(TaskJournal journal, Notes? notes = null) => journal.FlushAsync(notes).GetAwaiter().GetResult();

    private protected IReadOnlyList<MJTask> Listed() => Read(NewJournal()).Tasks;

    private protected static (IReadOnlyList<MJTask> Tasks, int BadLines) Read(TaskJournal journal, Uri? baseUri = null) =>
        journal.ReadAsync(baseUri ?? Sample.BaseUri).GetAwaiter().GetResult();

    /// <summary>One create of a command of its own.</summary>
    private protected static async Task<MJTask> CreateAsync(
        GatewayClient client, MJSubmission submission, DuplicatePolicy? policy = null, Notes? notes = null, RequestBatch? batch = null, CancellationToken cancellationToken = default)
    {
        var guard = await client.GuardAsync(policy ?? Guarded, notes, cancellationToken);
        return await client.CreateAsync(submission, guard.Begin(submission, notes), batch, notes, cancellationToken);
    }

    /// <summary>Waits for what work on files brings about; no virtual time passes.</summary>
    private protected static async Task Until(Func<bool> done)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!done())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "It has not come about.");
            await Task.Delay(5);
        }
    }

    /// <summary>What a journal would return for a create, whatever account it is of.</summary>
    private protected static CreateRecord Known(TaskJournal journal, MJSubmission submission)
    {
        journal.LoadAsync(CancellationToken.None).GetAwaiter().GetResult();
        return new DuplicateGuard(new GuardContext(journal, Sample.BaseUri, () => null, Skip, TimeSpan.Zero, null)).Begin(submission, null);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Delete(recursive: true);
    }
}
