using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using System.Text;
using MidJourney.Commands.Shared;
using MidJourney.Downloads;
using MidJourney.Gallery;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>
/// Writes a page to look at images and to choose among them: one HTML file that needs no network. Shows saved files or tasks from the pipeline or, without input,
/// the journal's tasks of the last day, with the files that were saved in the page's folder and the folders in it.
/// </summary>
[Cmdlet(VerbsData.Export, "MJGallery", SupportsShouldProcess = true, DefaultParameterSetName = FromJournal)]
[OutputType(typeof(FileInfo))]
public sealed class ExportMJGalleryCommand : GatewayCmdlet
{
    private const string FromJournal = "Journal";
    private const string FileName = "gallery.html";

    /// <summary>Enough to contain the head of a page up to its generator.</summary>
    private const int HeadBytes = 4096;

    private const int OpenerTimeoutMs = 2000;

    private static readonly TimeSpan Period = TimeSpan.FromDays(1);

    private readonly List<Shown> _input = [];
    private string _path = "";

    /// <summary>Saved files, from Save-MJOutput or Get-ChildItem, or tasks, from Get-MJTask, Wait-MJTask, a file or another process.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Input", HelpMessage = "Saved files, or tasks.")]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The file to write, or the folder for gallery.html. Missing folders are created. Wildcard characters are not interpreted.</summary>
    [Parameter(Position = 0)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = FileName;

    /// <summary>The heading of the page.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "MidJourney images";

    /// <summary>Replace an existing file that is not a gallery. An existing gallery is always replaced.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Return the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Open the page in the browser.</summary>
    [Parameter]
    public SwitchParameter Show { get; set; }

    // The journal can be read without a key.
    private protected override bool NeedsSessionAtOnce => false;

    private bool IsFromJournal => ParameterSetName == FromJournal && !MyInvocation.ExpectingInput;

    private string Folder => System.IO.Path.GetDirectoryName(_path)!;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _path = PagePath();
            CheckReplaced();
        }
        catch (CommandException e)
        {
            ThrowTerminatingError(ErrorCatalog.Record(e, Path));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == FromJournal) return;
        foreach (var item in TaskSnapshot.Each(InputObject))
        {
            try
            {
                if (Read(item) is { } shown) _input.Add(shown);
            }
            catch (CommandException e)
            {
                WriteError(Keys.Redact(ErrorCatalog.Record(e, item)));
            }
        }
    }

    private protected override void Complete()
    {
        var tree = IsFromJournal || _input.Count > 0 ? Collect() : null;
        if (tree is not { IsEmpty: false })
        {
            WriteWarning(IsFromJournal ? Messages.NothingInJournal() : Messages.NothingToShow());
            return;
        }
        if (!ShouldProcess(_path, Messages.WriteGallery(tree.Images))) return;
        if (tree.TasksNotSaved is > 0 and var unsaved) WriteWarning(Messages.ImagesNotSaved(unsaved, Folder));
        if (tree.FilesOutside is > 0 and var outside) WriteWarning(Messages.ImagesOutside(outside, Folder));
        if (!Write(new GalleryContent(Keys.Redact(Title), DateTimeOffset.Now, SaveFolder(), tree.Groups()))) return;
        // As Get-Item returns it, so that it is displayed with its folder and size, whatever the current drive.
        if (PassThru) WriteObject(InvokeProvider.Item.Get([FilePath.WithProvider(_path)], force: true, literalPath: true), enumerateCollection: true);
        if (Show) Open();
    }

    /// <summary>Only now, because upstream cmdlets may have saved files until now.</summary>
    private GalleryTree Collect()
    {
        var keys = Keys;
        var folders = _input.Select(i => i.Path).OfType<string>().Select(System.IO.Path.GetDirectoryName).Distinct().ToList();
        var saved = Await(stopping => SavedImages.InAsync(Folder, folders!, keys.Redact, stopping));
        var tree = new GalleryTree(Folder, saved, keys.Redact, CheckStopped);
        foreach (var (path, task, index) in _input)
        {
            CheckStopped();
            if (path is null) tree.Add(task!);
            else if (!File.Exists(path)) WriteError(ErrorCatalog.Record(NotFound(path), path));
            else tree.Add(path, task is null ? saved.OutputOf(path) : (task, index ?? saved.OutputOf(path)?.Index ?? 0));
        }
        var (journal, address) = FindJournal();
        var tasks = JournalListing.Read(this, journal, address, isOptional: !IsFromJournal);
        if (IsFromJournal) foreach (var task in tasks.Where(t => t.CreatedAt > DateTimeOffset.UtcNow - Period)) tree.Add(task);
        tree.Complete(tasks);
        return tree;
    }

    private void CheckStopped()
    {
        if (Stopping) throw new PipelineStoppedException();
    }

    /// <summary>What to show of a record; null for what is skipped.</summary>
    private Shown? Read(PSObject? item)
    {
        if (item?.BaseObject is DirectoryInfo) return null;
        if (item is not null && FileOf(item) is { } path) return ReadFile(item, path);
        var task = item is null ? null : TaskSnapshot.ReadOutput(item);
        // A script may have made it.
        if (task?.Id is null || task.Output?.All(o => o?.Content?.All(c => c is not null) == true) != true) throw NotShown(item);
        return new(null, task, null);
    }

    /// <summary>The path of a file, live or from a file or another process; null if the item is not a file.</summary>
    private string? FileOf(PSObject item) => item.BaseObject switch
    {
        FileInfo file => file.FullName,
        MJTask => null,
        string text => FilePath.Resolve(SessionState, text, ErrorIds.InvalidPath) is var full && File.Exists(full) ? full : throw NotShown(item),
        _ => PSValue.Text(item, nameof(FileInfo.FullName)),
    };

    private Shown? ReadFile(PSObject item, string path)
    {
        if (Directory.Exists(path)) return null;
        if (!File.Exists(path)) throw NotFound(path);
        if (Keys.IsIn(path)) throw new CommandException(ErrorIds.InvalidTask, Messages.ContainsApiKey(nameof(InputObject)));
        if (SavedImages.KindOf(path) is null)
        {
            // A folder also has metadata, journals and the page itself.
            if (FileKind.OfExtension(System.IO.Path.GetExtension(path)) is null) return null;
            throw new CommandException(ErrorIds.InvalidTask, Messages.FileNotAnImage(path)) { Advice = Messages.GalleryInputAdvice() };
        }
        if (GalleryTree.RelativePath(Folder, path) is null)
            throw new CommandException(ErrorIds.InvalidPath, Messages.FileOnOtherDrive(path, Folder)) { Advice = Messages.FileOnOtherDriveAdvice() };
        // Clixml, JSON and CSV keep what Save-MJOutput says.
        // A file that was not compared with the image may be another task's.
        var isOfTask = PSValue.Text(item, FieldNames.TaskId) is not null && PSValue.Text(item, "State") != nameof(SavedState.NotVerified);
        return new(path, isOfTask ? TaskSnapshot.ReadOutput(item) : null, PSValue.Integer(item, "Index"));
    }

    private static CommandException NotFound(string path) => new(ErrorIds.InvalidTask, Messages.FileNotFound(path)) { Advice = Messages.GalleryInputAdvice() };

    private static CommandException NotShown(PSObject? item) => new(ErrorIds.InvalidTask, Messages.NotATaskOrFile(item)) { Advice = Messages.GalleryInputAdvice() };

    private string PagePath()
    {
        var full = Resolve(Path);
        if (IsFolder(full)) return System.IO.Path.Combine(full, FileName);
        return System.IO.Path.GetExtension(full).ToLowerInvariant() is ".html" or ".htm" ? full
            : throw new CommandException(ErrorIds.InvalidPath, Messages.NotAPage(Path)) { Advice = Messages.NotAPageAdvice() };
    }

    private string Resolve(string path)
    {
        try { return FilePath.Resolve(SessionState, path, ErrorIds.InvalidPath); }
        catch (CommandException e) { throw new CommandException(e.ErrorId, e.Message, e) { Advice = Messages.NotAPageAdvice() }; }
    }

    /// <summary>A folder may not exist yet: an upstream cmdlet is about to create it.</summary>
    private bool IsFolder(string full) => Directory.Exists(full) || System.IO.Path.GetExtension(full).Length == 0
        || Path.EndsWith("/", StringComparison.Ordinal) || Path.EndsWith("\\", StringComparison.Ordinal);

    /// <summary>The folder for the commands that are copied from the page, as the user wrote it. A full path would show whose computer it is.</summary>
    private string? SaveFolder()
    {
        if (System.IO.Path.IsPathRooted(Path) || Path.StartsWith("~", StringComparison.Ordinal) || Path.IndexOf(':') >= 0) return null;
        var folder = IsFolder(Resolve(Path)) ? Path : System.IO.Path.GetDirectoryName(Path);
        return string.IsNullOrEmpty(folder) ? null : Keys.Redact(folder!);
    }

    /// <exception cref="CommandException">The page would replace a file that is not a gallery.</exception>
    private void CheckReplaced()
    {
        if (!Force && File.Exists(_path) && !IsGallery(_path)) throw new CommandException(ErrorIds.FileExists, Messages.NotAGallery(_path));
    }

    private static bool IsGallery(string path)
    {
        try
        {
            if (FileLength.Of(path) == 0) return false;
            using var file = File.OpenRead(path);
            var head = new byte[HeadBytes];
            return Encoding.UTF8.GetString(head, 0, file.Fill(head)).Contains(GalleryPage.Generator);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            return false;
        }
    }

    private bool Write(GalleryContent content)
    {
        try
        {
            // An upstream cmdlet may have written it until now.
            CheckReplaced();
            Directory.CreateDirectory(Folder);
            WholeFile.Write(_path, stream =>
            {
                using var page = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true);
                GalleryPage.Write(page, content);
                return true;
            });
            return true;
        }
        catch (CommandException e)
        {
            WriteError(ErrorCatalog.Record(e, _path));
            return false;
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            WriteError(Keys.Redact(ErrorCatalog.Record(new CommandException(ErrorIds.Of(GatewayErrorKind.FileNotWritten), Messages.GalleryNotWritten(_path, e.Message), e) { Advice = Messages.GalleryNotWrittenAdvice() }, _path)));
            return false;
        }
    }

    private void Open()
    {
        try
        {
            using var opener = Process.Start(new ProcessStartInfo(_path) { UseShellExecute = true });
            // On Windows, this may be the browser. Elsewhere, it is a program that looks for a browser, and ends at once if it does not find one.
            if (Environment.OSVersion.Platform == PlatformID.Win32NT || opener is null || !opener.WaitForExit(OpenerTimeoutMs) || opener.ExitCode == 0) return;
            WriteWarning(Messages.PageNotOpened(_path, Messages.OpenerFailed(opener.ExitCode)));
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            WriteWarning(Messages.PageNotOpened(_path, e.Message));
        }
    }

    /// <summary>What one record adds to the page.</summary>
    /// <param name="Path">A file; null for a task with all its images.</param>
    /// <param name="Task">The task, as far as the record says.</param>
    /// <param name="Index">Which of its outputs the file is; null if the record does not say.</param>
    private sealed record Shown(string? Path, MJTask? Task, int? Index);
}
