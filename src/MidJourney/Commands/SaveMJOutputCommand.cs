using System.Diagnostics;
using System.Management.Automation;

namespace MidJourney.Commands;

/// <summary>
/// Saves every output of completed tasks as files, many at a time, and puts each file out when it is complete. It needs
/// no session, and no key goes to where the files are.
/// </summary>
[Cmdlet(VerbsData.Save, "MJOutput", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
[OutputType(typeof(FileInfo))]
public sealed class SaveMJOutputCommand : GatewayCmdlet
{
    private const int ProgressId = 2;

    private readonly Dictionary<string, (string TaskId, int Index)> _claims = new(StringComparer.OrdinalIgnoreCase);
    private OutputDownloader? _downloader;
    private StageProgress? _progress;
    private long _bytes;
    private NameTemplate? _template;
    private MetadataWriter? _metadata;
    private Func<string, string>? _redact;
    private string _folder = "";
    private int _running;

    /// <summary>Tasks that have completed: as Wait-MJTask puts them out, or what became of those in a file or another process.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The folder; made when it is not there.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>The folder, taken as it is written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    /// <summary>The files' names, without extension: text with {TaskId}, {JobId}, {SourceTaskId}, {SourceJobId}, {SourceImageNo}, {Prompt}, {Type}, {Model}, {Index}, {Status}, {CreatedAt:format}.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameTemplateCompleter))]
    public string NameTemplate { get; set; } = MidJourney.NameTemplate.Default;

    /// <summary>Where the metadata of each file goes, such as its prompt, task and cost: Json (beside it), Png (into it) or Both.</summary>
    [Parameter]
    public MetadataFormat WriteMetadata { get; set; }

    /// <summary>Replace files that are there instead of keeping them.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Downloads at once.</summary>
    [Parameter]
    [ValidateRange(1, 128)]
    public int ThrottleLimit { get; set; } = 8;

    // Where the files are takes no key.
    private protected override bool NeedsSessionAtOnce => false;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _template = new NameTemplate(NameTemplate);
            _folder = FolderOf(LiteralPath ?? Path);
        }
        catch (CommandException e)
        {
            ThrowTerminatingError(ErrorCatalog.Record(e, null));
        }
        var client = (Session ?? SessionStore.Current)?.Client;
        _redact = client is not null ? client.Redact : SessionEnvironment.ApiKey is { } key ? ApiKey.RedactorOf(key) : null;
        if (WriteMetadata != MetadataFormat.None) _metadata = new MetadataWriter(WriteMetadata, Force);
        _downloader = new OutputDownloader(client?.Options.Proxy, ThrottleLimit);
        _progress = new StageProgress(this, ProgressId, CommandMessages.Saving(), p => CommandMessages.SaveState(p, Interlocked.Read(ref _bytes)));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            if (ReadTask() is { } task) Save(task);
        }
        catch (Exception e) when (e is CommandException or GatewayException)
        {
            WriteError(ErrorCatalog.Record(e, InputObject));
        }
        DrainReady();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _progress!.AllAdded();
        DrainUntil(() => _running == 0);
        _progress.Finish();
        _downloader!.Dispose();
    }

    private MJTask? ReadTask()
    {
        var task = InputObject is null ? null : OutputSeed.From(InputObject);
        if (task is null) throw new CommandException(ErrorIds.TaskNotCompleted, CommandMessages.IsNoTask(InputObject));
        if (PollOutcome.Of(task).Error is { } failed) throw failed;
        return task.Status == MJTaskStatus.Completed ? Redacted(task)
            : throw new CommandException(ErrorIds.TaskNotCompleted, CommandMessages.TaskNotCompleted(task));
    }

    /// <summary>A prompt may hold what was pasted by mistake; names, metadata and what is put out are to be without it.</summary>
    private MJTask Redacted(MJTask task) => _redact is null ? task
        : task with { Prompt = task.Prompt is { } prompt ? _redact(prompt) : null, SourcePrompt = task.SourcePrompt is { } source ? _redact(source) : null };

    private void Save(MJTask task)
    {
        var contents = TaskImages.Numbered(task).Where(c => !string.IsNullOrEmpty(c.Content.Url)).ToList();
        if (contents.Count == 0 && task.Url is not null) contents.Add((new MJContent { Url = task.Url }, 0));
        if (contents.Count == 0) throw new CommandException(ErrorIds.NoOutput, CommandMessages.NoOutput(task));
        foreach (var (content, number) in contents) Save(task, content, number);
    }

    private void Save(MJTask task, MJContent content, int index)
    {
        if (!Uri.TryCreate(content.Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            WriteError(ErrorCatalog.Record(new CommandException(ErrorIds.NoOutput, CommandMessages.UrlNotHttp(content.Url!, task)), task));
            return;
        }
        var target = TargetOf(task, content, index, url);
        if (!ShouldProcess(System.IO.Path.Combine(target.Folder, target.Name), CommandMessages.SaveOutput(url))) return;
        if (!MakeFolder(task)) return;
        DrainUntil(() => _running < ThrottleLimit);
        _running++;
        _progress!.Add();
        Start(async stopping =>
        {
            var took = Stopwatch.StartNew();
            try
            {
                var file = await _downloader!.SaveAsync(target, Observer, Came, stopping).ConfigureAwait(false);
                var problem = Describe(task, content, index, file);
                return () => Finish(task, url, index, file, took.Elapsed, problem);
            }
            catch (GatewayException e)
            {
                return () => Fail(task, e);
            }
        });
    }

    /// <summary>Writes the file's metadata, where that is wanted.</summary>
    /// <returns>Why it could not be; null when all is well.</returns>
    private GatewayException? Describe(MJTask task, MJContent content, int index, Downloaded file)
    {
        try
        {
            _metadata?.Write(file, new OutputMetadata(task, content, index, _redact), Observer);
            return null;
        }
        catch (GatewayException e)
        {
            return e;
        }
    }

    /// <summary>One name for each output: a second one that would have it gets its task's id as well.</summary>
    private DownloadTarget TargetOf(MJTask task, MJContent content, int index, Uri url)
    {
        var owner = (task.Id, index);
        var name = _template!.NameOf(task, content.Type, index);
        var ownName = _template.OwnNameOf(task, content.Type, index);
        if (!Claim(name, owner)) name = ownName;
        for (var n = 2; !Claim(name, owner); n++) name = ownName = FileNames.Safe($"{_template.OwnNameOf(task, content.Type, index)}_{n}");
        return new DownloadTarget { Url = url, Folder = _folder, Name = name, OwnName = ownName, TaskId = task.Id, Index = index, Force = Force };
    }

    private bool Claim(string name, (string TaskId, int Index) owner)
    {
        if (_claims.TryGetValue(name, out var other)) return other == owner;
        _claims[name] = owner;
        return true;
    }

    private void Came(long count)
    {
        Interlocked.Add(ref _bytes, count);
        _progress!.Touch();
    }

    private void Finish(MJTask task, Uri url, int index, Downloaded file, TimeSpan took, GatewayException? problem)
    {
        _running--;
        _progress!.End(isGood: true);
        var info = new FileInfo(file.Path);
        if (Observer.WantsRequests) WriteVerbose(file.WasThere ? CommandMessages.FileWasThere(file.Path) : CommandMessages.FileSaved(url, info, took));
        var item = new PSObject(info);
        item.TypeNames.Insert(0, "MidJourney.SavedFile");
        item.Properties.Add(new PSNoteProperty("TaskId", task.Id));
        item.Properties.Add(new PSNoteProperty("Prompt", task.RootPrompt()));
        item.Properties.Add(new PSNoteProperty("SourceTaskId", task.SourceTaskId));
        item.Properties.Add(new PSNoteProperty("SourceJobId", task.SourceJobId));
        item.Properties.Add(new PSNoteProperty("SourceImageNo", task.SourceImageNo));
        item.Properties.Add(new PSNoteProperty("Index", index));
        item.Properties.Add(new PSNoteProperty("Url", url.AbsoluteUri));
        item.Properties.Add(new PSNoteProperty("WasThere", file.WasThere));
        WriteObject(item);
        if (problem is not null) WriteError(ErrorCatalog.Record(problem, task));
    }

    private void Fail(MJTask task, GatewayException error)
    {
        _running--;
        _progress!.End(isGood: false);
        WriteError(ErrorCatalog.Record(error, task));
    }

    private string FolderOf(string path)
    {
        var folder = FilePath.Resolve(SessionState, path, ErrorIds.InvalidPath);
        return File.Exists(folder) ? throw new CommandException(ErrorIds.InvalidPath, CommandMessages.PathIsFile(path)) : folder;
    }

    private bool MakeFolder(MJTask task)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            WriteError(ErrorCatalog.Record(new GatewayException(GatewayErrorKind.FileNotWritten, CommandMessages.FolderNotMade(_folder, e.Message), e), task));
            return false;
        }
    }
}
