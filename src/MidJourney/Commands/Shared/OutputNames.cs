using System.Globalization;
using MidJourney.Downloads;
using MidJourney.Journal;
using MidJourney.Parameters;

namespace MidJourney.Commands.Shared;

/// <summary>The folder and the names of one output.</summary>
internal sealed record OutputPlace(OutputFolder Folder, string Name, string OwnName, bool IsNameTaken)
{
    public string[] EarlierNames { get; init; } = [];

    public Func<string, bool>? IsRecordedName { get; init; }
}

/// <summary>Decides where each output of one run is saved. No two outputs get the same name.</summary>
internal sealed class OutputNames
{
    private readonly string _root;
    private readonly string? _name;
    private readonly NameTemplate? _template;
    private readonly Func<string, string>? _redact;
    // Names are not case-sensitive, because on some systems a file's name is not.
    private readonly Dictionary<string, OutputFolder> _folders = new(StringComparer.OrdinalIgnoreCase);
    /// <summary>Which output has which path: hashes, because the paths of a long run take much more memory.</summary>
    private readonly Dictionary<Guid, Guid> _claims = [];

    /// <param name="path">The full path of a folder, or of an image or a video.</param>
    /// <param name="isFile">Whether it is that of an image or a video.</param>
    /// <param name="template">Null for the defaults.</param>
    /// <param name="redact">Hides the API key; null if there is no key.</param>
    public OutputNames(string path, bool isFile, NameTemplate? template, Func<string, string>? redact)
    {
        (_root, _template, _redact) = (path, template, redact);
        if (!isFile) return;
        (_root, _name, Extension) = (Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
    }

    /// <summary>The extension that the user gave the file; null if the user specified a folder.</summary>
    public string? Extension { get; }

    /// <summary>Deletes partial files of killed runs in all folders that the template can name.</summary>
    public Task SweepAsync(CancellationToken cancellationToken) =>
        _template is { Depth: > 0 } template ? OutputFolder.SweepTreeAsync(_root, template.Depth, cancellationToken) : Task.CompletedTask;

    /// <param name="task">The task.</param>
    /// <param name="type">The output's type.</param>
    /// <param name="index">The output's number in the task.</param>
    /// <param name="number">If the user named the file, the output's number in the run; null if it is the only one.</param>
    public OutputPlace PlaceOf(MJTask task, string? type, int index, int? number)
    {
        var (shown, owner) = (ForNames(task), (task.Id, index));
        if (_name is not null)
        {
            var separator = NameTemplate.SeparatorOf(_name);
            var numbered = number is { } n ? _name + separator + n.ToString(CultureInfo.InvariantCulture) : _name;
            // In another run, it may have had another number, or none.
            return Place([], numbered, shown, owner) with { IsRecordedName = recorded => recorded == _name || FileNames.IsNumbered(recorded, _name + separator) };
        }
        var (folders, name) = (_template ?? NameTemplate.DefaultFor(shown)).NameOf(shown, type, index, TaskImages.MayBeSeveral(task));
        var place = Place(folders, name, shown, owner);
        if (NameTemplate.EarlierNameOf(_template, shown, type, index) is not { } earlier) return place;
        var ownEarlier = NameTemplate.OwnNameOf(earlier, shown);
        return place with
        {
            // Without a record, only the default name says which output the file is.
            EarlierNames = _template is null ? [earlier, ownEarlier] : [],
            IsRecordedName = recorded => recorded == earlier || recorded == ownEarlier || FileNames.IsNumbered(recorded, ownEarlier + "_"),
        };
    }

    private OutputPlace Place(string[] folders, string name, MJTask task, (string TaskId, int Index) owner)
    {
        var folder = FolderOf(folders);
        var ownName = NameTemplate.OwnNameOf(name, task);
        var isTaken = !Claim(folder, name, owner);
        if (isTaken) for (var n = 2; !Claim(folder, ownName, owner); n++) ownName = FileNames.Safe($"{NameTemplate.OwnNameOf(name, task)}_{n}");
        return new(folder, name, ownName, isTaken);
    }

    private OutputFolder FolderOf(string[] names)
    {
        var key = string.Join("/", names);
        if (!_folders.TryGetValue(key, out var folder)) _folders[key] = folder = new OutputFolder(names.Aggregate(_root, OutputFolder.PathWithin), _redact);
        return folder;
    }

    private bool Claim(OutputFolder folder, string name, (string TaskId, int Index) owner)
    {
        var path = SubmissionKey.Hash(Path.Combine(folder.Path, name).ToUpperInvariant());
        var output = SubmissionKey.Hash(FormattableString.Invariant($"{owner.Index} {owner.TaskId}"));
        if (_claims.TryGetValue(path, out var other)) return other == output;
        _claims[path] = output;
        return true;
    }

    /// <summary>The task as file names may show it, without a key that was passed as an id.</summary>
    private MJTask ForNames(MJTask task) => _redact is not { } redact ? task : task with
    {
        Id = redact(task.Id),
        JobId = task.JobId is { } job ? redact(job) : null,
    };
}
