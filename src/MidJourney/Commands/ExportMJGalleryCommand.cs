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

    private static readonly TimeSpan Period = TimeSpan.FromDays(1);

    private string _path = "";
    private SavedImages? _saved;
    private GalleryTree? _tree;

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

    private string Folder => System.IO.Path.GetDirectoryName(_path)!;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _path = PagePath();
            if (File.Exists(_path) && !Force && !IsGallery(_path))
                throw new CommandException(ErrorIds.FileExists, Messages.NotAGallery(_path));
        }
        catch (CommandException e)
        {
            ThrowTerminatingError(ErrorCatalog.Record(e, Path));
        }
        var keys = Keys;
        _saved = Await(stopping => SavedImages.InAsync(Folder, keys.Redact, stopping));
        _tree = new GalleryTree(Folder, _saved, keys.Redact);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == FromJournal) return;
        foreach (var item in TaskSnapshot.Each(InputObject))
        {
            try
            {
                Add(item);
            }
            catch (CommandException e)
            {
                WriteError(Keys.Redact(ErrorCatalog.Record(e, item)));
            }
        }
    }

    private protected override void Complete()
    {
        var isFromJournal = ParameterSetName == FromJournal && !MyInvocation.ExpectingInput;
        if (isFromJournal || !_tree!.IsEmpty)
        {
            var (journal, address) = FindJournal();
            var tasks = JournalListing.Read(this, journal, address, isOptional: !isFromJournal);
            if (isFromJournal) foreach (var task in tasks.Where(t => t.CreatedAt > DateTimeOffset.UtcNow - Period)) _tree!.Add(task);
            _tree!.Complete(tasks);
        }
        if (_tree!.IsEmpty)
        {
            WriteWarning(isFromJournal ? Messages.NothingInJournal() : Messages.NothingToShow());
            return;
        }
        if (!ShouldProcess(_path, Messages.WriteGallery(_tree.Images))) return;
        if (_tree.TasksNotSaved is > 0 and var unsaved) WriteWarning(Messages.ImagesNotSaved(unsaved, Folder));
        if (_tree.FilesOutside is > 0 and var outside) WriteWarning(Messages.ImagesOutside(outside, Folder));
        if (!Write(new GalleryContent(Keys.Redact(Title), DateTimeOffset.Now, SaveFolder(), _tree.Groups()))) return;
        if (PassThru) WriteObject(new FileInfo(_path));
        if (Show) Open();
    }

    private void Add(PSObject? item)
    {
        if (item is null) throw NotShown(item);
        if (item.BaseObject is DirectoryInfo) return;
        if (FileOf(item) is { } path) AddFile(item, path);
        else _tree!.Add(TaskSnapshot.ReadOutput(item) ?? throw NotShown(item));
    }

    /// <summary>The path of a file, live or from a file or another process; null if the item is no file.</summary>
    private string? FileOf(PSObject item) => item.BaseObject switch
    {
        FileInfo file => file.FullName,
        MJTask => null,
        string text => FilePath.Resolve(SessionState, text, ErrorIds.InvalidPath) is var full && File.Exists(full) ? full : throw NotShown(item),
        _ => PSValue.Text(item, nameof(FileInfo.FullName)),
    };

    private void AddFile(PSObject item, string path)
    {
        if (Keys.IsIn(path)) throw new CommandException(ErrorIds.InvalidTask, Messages.ContainsApiKey(nameof(InputObject)));
        if (SavedImages.KindOf(path) is null)
        {
            // A folder also has metadata, journals and the page itself.
            if (FileKind.OfExtension(System.IO.Path.GetExtension(path)) is null && File.Exists(path)) return;
            throw new CommandException(ErrorIds.InvalidTask, File.Exists(path) ? Messages.FileIsNoImage(path) : Messages.FileNotFound(path)) { Advice = Messages.GalleryInputAdvice() };
        }
        if (_tree!.PathFromPage(path) is null) throw new CommandException(ErrorIds.InvalidPath, Messages.FileOnOtherDrive(path, Folder)) { Advice = Messages.FileOnOtherDriveAdvice() };
        var output = Await(stopping => _saved!.OutputOfAsync(path, stopping));
        // Clixml, JSON and CSV keep what Save-MJOutput says.
        if (PSValue.Text(item, FieldNames.TaskId) is not null && TaskSnapshot.ReadOutput(item) is { } task) output = (task, PSValue.Integer(item, "Index") ?? output?.Index ?? 0);
        _tree.Add(path, output);
    }

    private static CommandException NotShown(PSObject? item) => new(ErrorIds.InvalidTask, Messages.NotATaskOrFile(item)) { Advice = Messages.GalleryInputAdvice() };

    private string PagePath()
    {
        var full = FilePath.Resolve(SessionState, Path, ErrorIds.InvalidPath);
        if (Directory.Exists(full) || Path.EndsWith("/", StringComparison.Ordinal) || Path.EndsWith("\\", StringComparison.Ordinal)) return System.IO.Path.Combine(full, FileName);
        return System.IO.Path.GetExtension(full).ToLowerInvariant() is ".html" or ".htm" ? full
            : throw new CommandException(ErrorIds.InvalidPath, Messages.NotAPage(Path)) { Advice = Messages.NotAPageAdvice() };
    }

    /// <summary>The folder for the commands that are copied from the page, as the user wrote it. A full path would show whose computer it is.</summary>
    private string? SaveFolder()
    {
        if (System.IO.Path.IsPathRooted(Path) || Path.StartsWith("~", StringComparison.Ordinal) || Path.IndexOf(':') >= 0) return null;
        var folder = Directory.Exists(FilePath.Resolve(SessionState, Path, ErrorIds.InvalidPath)) ? Path : System.IO.Path.GetDirectoryName(Path);
        return string.IsNullOrEmpty(folder) ? null : Keys.Redact(folder!);
    }

    private static bool IsGallery(string path)
    {
        try
        {
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
            Directory.CreateDirectory(Folder);
            WholeFile.Write(_path, stream =>
            {
                using var page = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true);
                GalleryPage.Write(page, content);
                return true;
            });
            return true;
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
            Process.Start(new ProcessStartInfo(_path) { UseShellExecute = true })?.Dispose();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            WriteWarning(Messages.PageNotOpened(_path, e.Message));
        }
    }
}
