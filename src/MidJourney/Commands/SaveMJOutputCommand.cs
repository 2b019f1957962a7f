using System.Diagnostics;
using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Downloads;
using MidJourney.Gateway;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Saves every output of completed tasks as files, many at a time, and returns each file when it is complete. No session is required, and the key is never sent to the file server.</summary>
[Cmdlet(VerbsData.Save, "MJOutput", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
[OutputType(typeof(FileInfo))]
public sealed class SaveMJOutputCommand : GatewayCmdlet
{
    // A task may have the journal's time instead of the gateway's.
    private static readonly TimeSpan CreationGap = TimeSpan.FromMinutes(5);

    // Files are prepared before their turn, so that the progress bar shows how many there are and how large they are. The tasks of all files could fill the memory.
    private const int MaxOpen = 1000;

    private readonly DownloadRun _run = new();
    private SemaphoreSlim? _turns;
    private OutputDownloader? _downloader;
    private StageProgress? _progress;
    private MetadataWriter? _metadata;
    private Func<string, string>? _redact;
    private OutputNames? _names;
    private RunspaceSessions? _sessions;
    private readonly List<Output> _open = [];
    private readonly Dictionary<string, List<MJTask>> _failedFolders = [];
    private Output? _first;
    private int _nextNumber;
    private int _failed;
    private int _cancelled;
    private bool _hasFolder;
    private bool _hasOutput;

    /// <summary>Completed tasks, from Wait-MJTask, a file or another process.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "Completed tasks, from Wait-MJTask or Get-MJTask.")]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// The folder, which is created if it does not exist; or the file, if the path ends in the extension of an image or a video. Several images are numbered:
    /// pic 0.png, pic 1.png.
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>The folder or the file, as with -Path. Wildcard characters are not interpreted.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", HelpMessage = "The folder for the files, such as ./out, or the file, such as ./pic.png.")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    /// <summary>
    /// The file names; a / makes a folder, and the content decides the extension. Placeholders: {TaskId}, {JobId}, {SourceTaskId}, {SourceJobId},
    /// {SourceImageNo}, {Prompt}, {Type}, {Model}, {Index}, {Status}, {CreatedAt:format}.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameTemplateCompleter))]
    public string? NameTemplate { get; set; }

    /// <summary>Where to write the metadata of each file, such as its prompt, task and cost: Json (beside it), Png (in it) or Both.</summary>
    [Parameter]
    public MetadataFormat WriteMetadata { get; set; }

    /// <summary>Replace existing files, unless they belong to another task and -Path is a folder.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The maximum size of a file, in bytes, such as 500MB. A larger file is reported as an error, and no part of it is kept.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long MaxBytes { get; set; } = DownloadTarget.DefaultMaxBytes;

    /// <summary>The maximum number of concurrent downloads.</summary>
    [Parameter]
    [ValidateRange(1, 128)]
    public int ThrottleLimit { get; set; } = 8;

    // The file server needs no key.
    private protected override bool NeedsSessionAtOnce => false;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _turns = new SemaphoreSlim(ThrottleLimit);
        try
        {
            var template = NameTemplate is null ? null : new NameTemplate(NameTemplate);
            var session = Session ?? SessionStore.Current;
            _sessions = SessionStore.Here;
            _redact = session is not null ? session.Client.Redact : SessionEnvironment.ApiKey is { } key ? ApiKey.RedactorOf(key) : null;
            var (path, isFile) = Destination(LiteralPath ?? Path);
            if (isFile && template is not null)
                throw new CommandException(ErrorIds.InvalidPath, Messages.PathAndTemplate(path)) { Advice = Messages.PathAndTemplateAdvice() };
            _names = new OutputNames(path, isFile, template, _redact);
            var downloader = _downloader = FileConnections.Use(session);
            AtEnd(downloader.Dispose);
        }
        catch (CommandException e)
        {
            ThrowTerminatingError(ErrorCatalog.Record(e, null));
        }
        if (WriteMetadata != MetadataFormat.None) _metadata = new MetadataWriter(WriteMetadata, Force);
        var parameters = new[] { nameof(Path), nameof(LiteralPath), nameof(NameTemplate), nameof(WriteMetadata) }.Where(MyInvocation.BoundParameters.ContainsKey);
        Work.SaveCommand = " | Save-MJOutput" + string.Concat(parameters.Select(p => PipelineWork.Argument(p, MyInvocation.BoundParameters[p])));
        _progress = new StageProgress(this, Messages.SaveActivity(), p => Messages.SaveState(p.Done, p.Failed, p.Total, SizesOf(p))) { Partial = () => SizesOf(_progress!).Running };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var item in TaskSnapshot.Each(InputObject))
            Add(ReadOutputs(item));
        DrainReady();
    }

    private protected override void Complete()
    {
        if (_first is not null) Save(_first, number: null);
        _progress!.AllAdded();
        DrainUntil(() => _open.Count == 0);
        foreach (var failed in _failedFolders.Where(f => f.Value.Count > 1))
            WriteFolderError(Messages.FolderNotCreatedOthers(failed.Key, failed.Value.Count - 1), null, failed.Value.Skip(1).ToArray());
        if (_hasFolder) Await(SweepAsync);
        _progress.Finish();
        if (!_hasOutput && _failed + _cancelled > 0) WriteWarning(Messages.NothingSaved(_failed, _cancelled));
    }

    private async Task<bool> SweepAsync(CancellationToken stopping)
    {
        await _names!.SweepAsync(stopping).ConfigureAwait(false);
        return true;
    }

    /// <summary>Saves the outputs of a task. If the user named the file, only the next output shows whether the first one needs a number.</summary>
    private void Add(List<Output> outputs)
    {
        if (outputs.Count == 0) return;
        var (isFile, number) = (_names!.Extension is not null, _nextNumber);
        _nextNumber += outputs.Max(o => o.Index) + 1;
        if (isFile && !_hasOutput && outputs.Count == 1) _first = outputs[0];
        else
        {
            if (_first is { } first) Save(first, first.Index);
            _first = null;
            foreach (var output in outputs) Save(output, isFile ? number + output.Index : null);
        }
        _hasOutput = true;
    }

    private protected override void Interrupt()
    {
        if (HasEnough) return;
        if (_first is not null) _open.Add(_first);
        foreach (var output in _open) Work.InterruptFile(output.Task);
    }

    /// <summary>The outputs of one record; none, and an error, if it is invalid. The other records continue.</summary>
    private List<Output> ReadOutputs(PSObject? item)
    {
        Exception error;
        try
        {
            return ReadTask(item) is { } task ? OutputsOf(task) : [];
        }
        catch (Exception e) when (e is not (PipelineStoppedException or OutOfMemoryException))
        {
            error = e;
        }
        WriteError(RecordOf(error, item));
        return [];
    }

    /// <returns>Null for a task that failed or was cancelled: the cmdlet that it came from reported that.</returns>
    private MJTask? ReadTask(PSObject? item)
    {
        var task = item is null ? null : TaskSnapshot.ReadOutput(item);
        if (task is null) throw new CommandException(ErrorIds.TaskNotCompleted, Messages.NotATask(item)) { Advice = Messages.SaveByIdAdvice() };
        if (Session is not null) TaskAddress.Check(task, Session);
        switch (task.Status)
        {
            case MJTaskStatus.Completed:
                return Redacted(task);
            case MJTaskStatus.Failed:
                _failed++;
                return null;
            case MJTaskStatus.Cancelled:
                _cancelled++;
                return null;
            default:
                throw new CommandException(ErrorIds.TaskNotCompleted, Messages.TaskNotCompleted(task));
        }
    }

    /// <summary>A prompt may contain the key by mistake; file names, metadata and returned objects must not.</summary>
    private MJTask Redacted(MJTask task) => _redact is null ? task : task with { Origin = task.Origin.Redacted(_redact) };

    private static List<Output> OutputsOf(MJTask task)
    {
        var contents = TaskImages.Numbered(task).Where(c => !string.IsNullOrEmpty(c.Content.Url)).ToList();
        if (contents.Count == 0 && task.Url is not null) contents.Add((new MJContent { Url = task.Url }, 0));
        if (contents.Count == 0) throw new CommandException(ErrorIds.NoOutput, Messages.NoOutput(task));
        return [.. contents.Select(c => new Output(task, c.Content, c.Number))];
    }

    private void Save(Output output, int? number)
    {
        DownloadTarget target;
        try
        {
            target = TargetOf(output, number);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            WriteError(RecordOf(e, output.Task));
            return;
        }
        var path = System.IO.Path.Combine(target.Folder.Path, (target.IsNameTaken ? target.OwnName : target.Name) + target.Extension);
        if (!ShouldProcess(path, WithoutKey(Messages.SaveOutput(target.Url)))) return;
        if (!MakeFolder(target.Folder.Path, output.Task)) return;
        // Before its turn, too, it would be missing if the pipeline were stopped.
        _open.Add(output);
        DrainUntil(() => _open.Count <= MaxOpen);
        _progress!.Add();
        Start(async stopping =>
        {
            await _turns!.WaitAsync(stopping).ConfigureAwait(false);
            var took = Stopwatch.StartNew();
            try
            {
                var file = await _downloader!.SaveAsync(target, Observer, _progress.Touch, stopping).ConfigureAwait(false);
                var problem = Describe(output, file);
                return () => Finish(output, target, file, took.Elapsed, problem);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                return () => Fail(output, e);
            }
            finally
            {
                _turns.Release();
            }
        });
    }

    /// <summary>The current URL of an output; null if its task cannot be read, or another task has the same id.</summary>
    private async Task<Uri?> RenewAsync(Output output, CancellationToken cancellationToken)
    {
        var task = output.Task;
        if (ReaderOf(task) is not { } reader) return null;
        var fresh = await reader.ReadOnceAsync(task.Id, Observer, cancellationToken).ConfigureAwait(false);
        if (fresh.Status != MJTaskStatus.Completed || (task.JobId is not null && fresh.JobId is not null && task.JobId != fresh.JobId)
            || (task.CreatedAt - fresh.CreatedAt)?.Duration() > CreationGap) return null;
        return OutputsOf(fresh).FirstOrDefault(o => o.Index == output.Index) is { } now ? FileUrl.TryParse(now.Content.Url) : null;
    }

    /// <summary>The client that can read a task again; null if no session connects to its gateway.</summary>
    private GatewayClient? ReaderOf(MJTask task)
    {
        if (Session is not null) return Session.IsOpen ? Session.Client : null;
        try { return _sessions!.For(task).Client; }
        catch (CommandException) { return null; }
    }

    /// <summary>Writes the file's metadata, if requested.</summary>
    /// <returns>The error; null for none.</returns>
    private GatewayException? Describe(Output output, DownloadedFile file)
    {
        // A file that may belong to another task must not get this task's metadata.
        if (_metadata is null || file.State == SavedState.NotVerified) return null;
        try
        {
            _metadata.Write(file, new OutputMetadata(output.Task, output.Content, output.Index, _redact), Observer);
            return null;
        }
        catch (GatewayException e)
        {
            return e;
        }
    }

    private DownloadTarget TargetOf(Output output, int? number)
    {
        var url = FileUrl.TryParse(output.Content.Url) ?? throw new CommandException(ErrorIds.NoOutput, Messages.UrlNotHttp(output.Content.Url!, output.Task));
        var place = _names!.PlaceOf(output.Task, output.Content.Type, output.Index, number);
        return new DownloadTarget
        {
            Url = url,
            Folder = place.Folder,
            Name = place.Name,
            OwnName = place.OwnName,
            IsNameTaken = place.IsNameTaken,
            EarlierNames = place.EarlierNames,
            IsRecordedName = place.IsRecordedName,
            Extension = _names.Extension,
            TaskId = output.Task.Id,
            Index = output.Index,
            Force = Force,
            MaxBytes = MaxBytes,
            Run = _run,
            CreatedAt = output.Task.CreatedAt,
            Renew = cancellationToken => RenewAsync(output, cancellationToken),
        };
    }

    private DownloadSizes SizesOf(StageProgress progress) => _run.Sizes(progress.Total, progress.Done + progress.Failed);

    private void Finish(Output output, DownloadTarget target, DownloadedFile file, TimeSpan took, GatewayException? problem)
    {
        var (task, url) = (output.Task, target.Url);
        _open.Remove(output);
        _progress!.End(isGood: true);
        var info = new FileInfo(file.Path);
        if (Observer.WantsRequests) WriteVerbose(WithoutKey(file.WasThere ? Messages.FileExists(file.Path) : Messages.FileSaved(url, info, took)));
        var item = SavedFileObject.Of(info, file, task, output.Content, output.Index, WithoutKey(url.AbsoluteUri));
        if (target.Extension is { } extension) WarnOfOtherName(target, extension, info);
        WriteObject(item);
        if (problem is not null) WriteError(ErrorCatalog.Record(problem, task));
    }

    /// <summary>Warns if a file that the user named has another name. A number more or less is not worth a warning.</summary>
    private void WarnOfOtherName(DownloadTarget target, string extension, FileInfo file)
    {
        var wanted = target.Name + extension;
        if (FileKind.OfExtension(extension) != FileKind.OfExtension(file.Extension)) WriteWarning(Messages.OtherFormat(wanted, file.Name));
        else if (!target.IsRecordedName!(System.IO.Path.GetFileNameWithoutExtension(file.Name))) WriteWarning(Messages.OtherFileThere(wanted, file.Name));
    }

    private void Fail(Output output, Exception error)
    {
        _open.Remove(output);
        _progress!.End(isGood: false);
        WriteError(RecordOf(error, output.Task));
    }

    private string WithoutKey(string text) => _redact is null ? text : _redact(text);

    /// <summary>URLs and names come from the gateway and the user, and may contain a key.</summary>
    private ErrorRecord RecordOf(Exception error, object? target)
    {
        var text = WithoutKey(error.Message);
        return ErrorCatalog.Record(text == error.Message ? error : error switch
        {
            GatewayException gateway => new GatewayException(gateway.Kind, text) { HttpStatus = gateway.HttpStatus },
            CommandException command => new CommandException(command.ErrorId, text),
            _ => new CommandException(ErrorIds.Of(GatewayErrorKind.Unexpected), text),
        }, target);
    }

    private (string Path, bool IsFile) Destination(string path)
    {
        var full = FilePath.Resolve(SessionState, path, ErrorIds.InvalidPath);
        var isFile = FileKind.OfExtension(System.IO.Path.GetExtension(full)) is not null && System.IO.Path.GetFileNameWithoutExtension(full).Length > 0
            && !Directory.Exists(full) && !path.EndsWith("/", StringComparison.Ordinal) && !path.EndsWith("\\", StringComparison.Ordinal);
        if (!isFile && File.Exists(full)) throw new CommandException(ErrorIds.InvalidPath, Messages.PathIsFile(path));
        return (full, isFile);
    }

    /// <summary>Creates a folder. If it cannot be created, the first task is reported at once, and all others together at the end.</summary>
    private bool MakeFolder(string folder, MJTask task)
    {
        if (_failedFolders.TryGetValue(folder, out var tasks))
        {
            if (tasks[tasks.Count - 1] != task) tasks.Add(task);
            return false;
        }
        try
        {
            Directory.CreateDirectory(folder);
            return _hasFolder = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            _failedFolders[folder] = [task];
            WriteFolderError(Messages.FolderNotCreated(folder, e.Message), e, task);
            return false;
        }
    }

    private void WriteFolderError(string message, Exception? inner, object target) =>
        WriteError(ErrorCatalog.Record(new GatewayException(GatewayErrorKind.FileNotWritten, message, inner), target));

    /// <summary>One file to save. Not a record: it is looked up among many, each with its whole task.</summary>
    private sealed class Output(MJTask task, MJContent content, int index)
    {
        public MJTask Task => task;

        public MJContent Content => content;

        public int Index => index;
    }
}
