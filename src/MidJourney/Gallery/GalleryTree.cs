using MidJourney.Downloads;
using MidJourney.Json;
using MidJourney.Polling;

namespace MidJourney.Gallery;

/// <summary>Arranges tasks and saved files for a page: by first prompt, and under each image what was made of it.</summary>
/// <param name="folder">The page's folder.</param>
/// <param name="saved">The files that were saved there and in the folders of the input.</param>
/// <param name="redact">Hides the API key.</param>
/// <param name="checkStopped">Throws if the user has stopped the command: long chains take time.</param>
internal sealed class GalleryTree(string folder, SavedImages saved, Func<string, string> redact, Action checkStopped)
{
    /// <summary>Longer chains of invalid files would overflow the stack.</summary>
    private const int MaxDepth = 100;

    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly List<Node> _order = [];
    private readonly Lineage _lineage = new();

    /// <summary>The number of saved images.</summary>
    public int Images => _order.Sum(n => n.Files.Count);

    public bool IsEmpty => _order.Count == 0;

    /// <summary>Completed tasks without a single file.</summary>
    public int TasksNotSaved => _order.Count(n => n is { Task.Status: MJTaskStatus.Completed, Files.Count: 0 });

    /// <summary>Files that a copy of the page's folder does not contain.</summary>
    public int FilesOutside => _order.SelectMany(n => n.Files.Values).Count(path => RelativePath(folder, path)?.StartsWith("../", StringComparison.Ordinal) == true);

    /// <summary>Adds a task with all its images.</summary>
    public void Add(MJTask task) => NodeOf(task).IsListed = true;

    /// <summary>Adds a file, and of its task nothing else.</summary>
    /// <param name="path">The full path of an image.</param>
    /// <param name="output">The output that it is; null if that is not known.</param>
    public void Add(string path, (MJTask Task, int Index)? output)
    {
        if (output is { Task.Id.Length: > 0 } known) NodeOf(known.Task).Files[known.Index] = path;
        else NodeOf("file " + path, new MJTask { Id = "", Status = MJTaskStatus.Completed }).Files[0] = path;
    }

    /// <summary>Adds what else is known of the tasks, and the saved images that they were made from.</summary>
    public void Complete(IEnumerable<MJTask> journal)
    {
        var known = new Dictionary<string, MJTask>(StringComparer.Ordinal);
        foreach (var task in journal.Where(t => t.Id.Length > 0 && !IsOfOtherGateway(t))) known[task.Id] = task;
        foreach (var task in known.Values.Concat(_order.Select(n => n.Task))) _lineage.Add(task);
        // The list grows by the sources, whose sources are added in turn.
        for (var i = 0; i < _order.Count; i++)
        {
            checkStopped();
            var node = _order[i];
            if (known.TryGetValue(node.Task.Id, out var entry)) node.Task = Merged(node.Task, entry);
            if (_lineage.SourceOf(node.Task) is { } source && !_nodes.ContainsKey(source.Id) && saved.FilesOf(source.Id).Any())
                Add(known.TryGetValue(source.Id, out var recorded) ? recorded : source with { Status = MJTaskStatus.Completed });
        }
        foreach (var node in _order.Where(n => n.IsListed))
        {
            foreach (var (index, path) in saved.FilesOf(node.Task.Id).Where(f => !node.Files.ContainsKey(f.Index) && IsWithoutKey(f.Path))) node.Files[index] = path;
        }
    }

    /// <summary>The tasks by prompt.</summary>
    public IReadOnlyList<GalleryGroup> Groups()
    {
        var children = _order.ToLookup(ParentOf);
        return
        [
            .. children[null].GroupBy(n => RootPrompt(n.Task) is { } prompt ? (Prompt: Text(prompt), JobId: (string?)null) : (Prompt: (string?)null, JobId: Text(n.Task.SourceJobId)))
                .Select(group => new GalleryGroup(group.Key.Prompt, group.Key.JobId, [.. group.OrderBy(n => n.Task.CreatedAt).Select(n => TaskOf(n, group.Key.Prompt, children))])),
        ];
    }

    /// <summary>Whether the input has a task of another gateway that happens to have the same ID.</summary>
    private bool IsOfOtherGateway(MJTask task) =>
        _nodes.TryGetValue(task.Id, out var node) && node.Task.BaseUri is { } address && address.TrimEnd('/') != task.BaseUri?.TrimEnd('/');

    private bool IsWithoutKey(string path) => RelativePath(folder, path) is { } relative && redact(relative) == relative;

    /// <summary>Submissions of an unknown outcome have no task ID, and each is an entry of its own.</summary>
    private Node NodeOf(MJTask task) => NodeOf(task.Id.Length > 0 ? task.Id : "submission " + task.SubmissionId, task);

    private Node NodeOf(string key, MJTask task)
    {
        if (_nodes.TryGetValue(key, out var node))
        {
            node.Task = task.IsEnded() || !node.Task.IsEnded() ? Merged(task, node.Task) : Merged(node.Task, task);
            return node;
        }
        node = _nodes[key] = new Node { Task = task };
        _order.Add(node);
        return node;
    }

    private string? RootPrompt(MJTask task)
    {
        checkStopped();
        return _lineage.RootPrompt(task);
    }

    private static MJTask Merged(MJTask task, MJTask other) => task.WithOriginOf(other) with
    {
        Status = task.IsEnded() ? task.Status : other.Status == MJTaskStatus.Unknown ? task.Status : other.Status,
        JobId = task.JobId ?? other.JobId,
        Output = task.Output.Length > 0 ? task.Output : other.Output,
        Usage = task.Usage ?? other.Usage,
        Error = task.Error ?? other.Error,
    };

    /// <summary>The entry under whose image this one stands; null if it begins a group's list.</summary>
    private Node? ParentOf(Node node)
    {
        if (node.Task.SourceImageNo is null || _lineage.SourceOf(node.Task) is not { } source || !_nodes.TryGetValue(source.Id, out var parent)) return null;
        // Tasks of invalid files may be each other's source, or a chain that is too long for the stack.
        var visited = new HashSet<Node> { node };
        for (var step = parent; step is not null; step = _lineage.SourceOf(step.Task) is { } next && _nodes.TryGetValue(next.Id, out var above) ? above : null)
            if (!visited.Add(step) || visited.Count > MaxDepth) return null;
        return parent;
    }

    private GalleryTask TaskOf(Node node, string? rootPrompt, ILookup<Node?, Node> children)
    {
        var task = node.Task;
        return new GalleryTask
        {
            Id = Text(task.Id),
            Step = redact(task.Id.Length == 0 && node.Files.TryGetValue(0, out var path) ? Path.GetFileName(path) : StepOf(task)),
            Status = task.Status,
            Model = Text(task.Model),
            Prompt = Text(task.Prompt) is { } prompt && prompt != rootPrompt ? prompt : null,
            Error = task.Error is { } error ? SafeText.Message(redact(error.ToString())) : null,
            Advice = AdviceFor(task),
            Cost = WirePrice.Check(task.Cost),
            Currency = Text(task.Currency),
            CreatedAt = task.CreatedAt,
            Images = ImagesOf(node, rootPrompt, children),
        };
    }

    private List<GalleryImage> ImagesOf(Node node, string? rootPrompt, ILookup<Node?, Node> children)
    {
        var task = node.Task;
        var contents = TaskImages.Numbered(task).GroupBy(c => c.Number).ToDictionary(same => same.Key, same => same.First().Content);
        var made = children[node].ToLookup(child => NumberOf(child, contents, task));
        var numbers = node.Files.Keys.Union(made.Select(m => m.Key));
        if (node.IsListed && task.Status == MJTaskStatus.Completed)
            numbers = numbers.Union(contents.Count > 0 ? contents.Keys : Enumerable.Range(0, TaskImages.MayBeSeveral(task) ? TaskImages.GridSize : 1));
        return
        [
            .. numbers.OrderBy(n => n).Select(number => new GalleryImage
            {
                Number = number,
                Path = node.Files.TryGetValue(number, out var path) ? RelativePath(folder, path) : null,
                Length = path is null ? 0 : LengthOf(path),
                IsVideo = path is not null && SavedImages.KindOf(path) is ".mp4" or ".mov" or ".webm" or ".mkv",
                Job = JobOf(task, number, contents),
                Made = [.. made[number].OrderBy(n => n.Task.CreatedAt).Select(n => TaskOf(n, rootPrompt, children))],
            }),
        ];
    }

    /// <summary>The number of the image that a task was made from. Permutations of a prompt make several jobs, whose images the task numbers one after the other.</summary>
    private static int NumberOf(Node child, Dictionary<int, MJContent> contents, MJTask source)
    {
        var (job, image) = (child.Task.SourceJobId, child.Task.SourceImageNo!.Value);
        foreach (var content in contents)
            if (job is not null && (content.Value.JobId ?? source.JobId) == job && content.Value.ImageNo == image) return content.Key;
        return image;
    }

    /// <summary>What the next step takes. An upscale cannot be taken further (contract), nor a job whose ID must not be shown.</summary>
    private (string JobId, int ImageNo)? JobOf(MJTask task, int number, Dictionary<int, MJContent> contents)
    {
        var content = contents.TryGetValue(number, out var known) ? known : null;
        if ((content?.JobId ?? task.JobId) is not { } job || task.Model == ModelNames.Upscale || task.UpscaleType is not null || redact(job) != job || !SafeText.IsPrintable(job)) return null;
        return (content?.ImageNo ?? number) is >= 0 and < TaskImages.GridSize and var image ? (job, image) : null;
    }

    /// <summary>The length of a file; 0 if it was deleted in the meantime.</summary>
    private static long LengthOf(string path)
    {
        try { return FileLength.Of(path); }
        catch (Exception e) when (FileErrors.Is(e)) { return 0; }
    }

    private string? AdviceFor(MJTask task) =>
        task.Status == MJTaskStatus.Failed && PollOutcome.Of(task).Error is { } error ? Text(ErrorCatalog.Record(error, task).ErrorDetails.RecommendedAction) : null;

    private static string StepOf(MJTask task)
    {
        var kind = task.Model switch
        {
            null => "image",
            ModelNames.Diffusion => "grid",
            var model => ModelNames.Short(model),
        };
        return task.UpscaleType is { } type ? $"{kind} {type}" : kind;
    }

    private string? Text(string? text) => string.IsNullOrEmpty(text) ? null : redact(text!);

    /// <summary>The path from the page's folder, with <c>/</c>; null if the file is on another drive.</summary>
    public static string? RelativePath(string folder, string path)
    {
        var comparison = Path.DirectorySeparatorChar == '\\' ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (!string.Equals(Path.GetPathRoot(path), Path.GetPathRoot(folder), comparison)) return null;
        var (from, to) = (Parts(folder), Parts(path));
        var same = from.Zip(to, (a, b) => string.Equals(a, b, comparison)).TakeWhile(isSame => isSame).Count();
        return string.Join("/", Enumerable.Repeat("..", from.Length - same).Concat(to.Skip(same)));

        static string[] Parts(string full) => full.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A task, or a file of an unknown one.</summary>
    private sealed class Node
    {
        public required MJTask Task { get; set; }

        /// <summary>Whether all its images are shown, not only the files that were given.</summary>
        public bool IsListed { get; set; }

        public Dictionary<int, string> Files { get; } = [];
    }
}
