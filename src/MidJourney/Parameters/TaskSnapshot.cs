using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using MidJourney.Json;

namespace MidJourney.Parameters;

/// <summary>
/// Reads a task from any object: live, or from Clixml, a job, another process, JSON, a CSV row or a hashtable. Only the id is required; other properties
/// save requests and keep the task's origin.
/// </summary>
internal static class TaskSnapshot
{
    private static readonly HashSet<string> TaskFields = new(typeof(MJTask).GetProperties().Select(p => p.Name), StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> TaskMarks = new(
        [nameof(MJTask.RawStatus), nameof(MJTask.SourceJobId), nameof(MJTask.SourceImageNo), nameof(MJTask.SourceTaskId), nameof(MJTask.SourcePrompt), nameof(MJTask.SubmissionId), FieldNames.TaskId],
        StringComparer.OrdinalIgnoreCase);

    private static readonly Regex Address = new(@"https?://[^\s;{}]+");

    /// <summary>The items of a list, which only an argument can be, or the single value.</summary>
    public static IEnumerable<PSObject?> Each(PSObject? given) => PSValue.ListOf(given)?.Select(item => item is null ? null : PSObject.AsPSObject(item)) ?? [given];

    /// <summary>The task, to be read again; null if the object has no id. The status may be stale and is omitted.</summary>
    public static MJTask? Read(PSObject source)
    {
        if (IdOf(source) is not { } id) return null;
        return new MJTask
        {
            Id = id,
            CreatedAt = PSValue.Property(source, "CreatedAt") is string text ? ReadRaw(source)?.CreatedAt ?? PSValue.Time(text) : PSValue.Time(PSValue.Property(source, "CreatedAt")),
            Origin = OriginOf(source),
            BaseUri = PSValue.Text(source, "BaseUri"),
            Account = PSValue.Text(source, "Account"),
            IsKnown = bool.TryParse(PSValue.Text(source, "IsKnown"), out var isKnown) && isKnown,
            SubmissionId = PSValue.Text(source, "SubmissionId"),
        };
    }

    /// <summary>The task with its status, cost and image URLs; null if the object has no id.</summary>
    public static MJTask? ReadOutput(PSObject source)
    {
        if (source.BaseObject is MJTask live) return live;
        if (source.BaseObject is string or ValueType || Read(source) is not { } task) return null;
        var url = PSValue.Text(source, "Url");
        var outputs = PSValue.Items(PSValue.Property(source, "Output")).OfType<object>().ToList();
        var pieces = outputs.SelectMany(o => PSValue.Items(PSValue.Property(o, "Content"))).OfType<object>().ToList();
        var texts = outputs.Concat(pieces).Select(PSValue.AsText).OfType<string>().ToList();
        var isWhole = pieces.Count > 0 && texts.Count == 0;
        // JSON of low depth and CSV flatten the output to text, or lose it. Raw is text at any depth.
        var whole = isWhole ? null : ReadRaw(source);
        if (whole?.Id != task.Id || (url ?? whole?.Url) != whole?.Url) whole = null;
        var status = PSValue.Text(source, "Status");
        return task with
        {
            Status = MJTaskStatus.Find(status) ?? whole?.Status ?? (url is null ? MJTaskStatus.Unknown : MJTaskStatus.Completed),
            RawStatus = PSValue.Text(source, "RawStatus") ?? status ?? whole?.RawStatus,
            JobId = PSValue.Text(source, "JobId") ?? whole?.JobId,
            Url = url ?? whole?.Url,
            Error = whole?.Error ?? ErrorOf(PSValue.Property(source, "Error")),
            Usage = whole?.Usage ?? Cost(source) ?? Cost(PSValue.Property(source, "Usage")),
            Output = whole?.Output ?? (isWhole ? [.. outputs.Select(o => new MJOutput { Content = [.. PSValue.Items(PSValue.Property(o, "Content")).OfType<object>().Select(ContentOf)] })] : AddressesIn(texts, url)),
        };
    }

    /// <summary>Whether the object is a task that has failed or was cancelled.</summary>
    public static bool HasFailed(PSObject source) => IsTask(source) && ShowsFailure(source);

    /// <summary>Whether the status of an object that stands for a task says that it has failed or was cancelled.</summary>
    public static bool ShowsFailure(PSObject source) =>
        (source.BaseObject is MJTask live ? live.Status : MJTaskStatus.Find(PSValue.Text(source, "Status"))) is MJTaskStatus.Failed or MJTaskStatus.Cancelled;

    /// <summary>The origin for a task made from a record's job, if the record is a task, a saved file or a refused submission; otherwise null.</summary>
    public static MJOrigin? AsSource(PSObject record)
    {
        if (record.BaseObject is MJTask live) return live.AsSource();
        if (PSValue.Text(record, "JobId") is not { } jobId) return null;
        if (IsTask(record) && Read(record) is { } task) return (task with { JobId = jobId }).AsSource();
        // A saved file names the task that made it. Its SourceTaskId is one step further back.
        if (PSValue.Text(record, FieldNames.TaskId) is { } maker) return new() { SourceJobId = jobId, SourceTaskId = maker, SourcePrompt = PSValue.ExactText(record, "Prompt") };
        var origin = new MJOrigin { SourceJobId = jobId, SourceTaskId = PSValue.Text(record, "SourceTaskId"), SourcePrompt = PSValue.ExactText(record, "SourcePrompt") };
        return origin is { SourceTaskId: null, SourcePrompt: null } ? null : origin;
    }

    /// <summary>The job and the image of a saved file, live or from a file; null if the object is not a saved file.</summary>
    public static (string JobId, int ImageNo)? ImageOfFile(PSObject record) =>
        PSValue.Text(record, FieldNames.TaskId) is not null && PSValue.Integer(record, "Index") is { } index && PSValue.Text(record, "JobId") is { } job
            ? (job, PSValue.Integer(record, "ImageNo") ?? index) : null;

    /// <summary>
    /// Whether the object describes a task: a task, a saved file or an unknown submission, live or from a file, or some columns of one. Its Prompt is what was
    /// paid for, so it must never become a prompt to pay for. For any other object, <see cref="HasFailed"/>, <see cref="AsSource"/> and <see cref="ImageOfFile"/>
    /// are false or null.
    /// </summary>
    public static bool IsOfTask(object? source) => IsOfTask(source, [.. PSValue.Names(source)]);

    /// <inheritdoc cref="IsOfTask(object?)"/>
    /// <param name="source">The object.</param>
    /// <param name="names">The names of its properties.</param>
    public static bool IsOfTask(object? source, IReadOnlyList<string> names)
    {
        if (PSValue.Unwrap(source) is null or string or ValueType) return false;
        if (PSObject.AsPSObject(source).TypeNames.Any(n => n.Contains("MidJourney.MJ"))) return true;
        if (names.Any(n => TaskMarks.Contains(Plain(n)))) return true;
        // A user's own row may have an id, too.
        return names.Contains("Id", StringComparer.OrdinalIgnoreCase) && PSValue.Text(source, "Id") is not null
            && (PSValue.Text(source, "Status") is { } status && !char.IsDigit(status[0]) && MJTaskStatus.Find(Plain(status)) is not null
                || PSValue.Text(source, "Model")?.StartsWith("midjourney_", StringComparison.OrdinalIgnoreCase) == true);
    }

    /// <summary>Whether tasks have a property of this name.</summary>
    public static bool IsField(string name) => TaskFields.Contains(Plain(name));

    private static string Plain(string name) => name.Replace("_", "");

    /// <summary>Whether the object is a task. A user's own row may also have an Id and a Status.</summary>
    public static bool IsTask(PSObject source) => source.BaseObject is MJTask || PSValue.Text(source, "RawStatus") is not null;

    private static string? IdOf(PSObject source) => PSValue.Text(source, "Id") ?? PSValue.Text(source, FieldNames.TaskId) ?? PSValue.Text(source, FieldNames.TaskIdOfWire);

    private static MJOrigin OriginOf(PSObject source) => new()
    {
        Model = PSValue.Text(source, "Model"),
        SourceJobId = PSValue.Text(source, "SourceJobId"),
        SourceImageNo = int.TryParse(PSValue.Text(source, "SourceImageNo"), NumberStyles.None, CultureInfo.InvariantCulture, out var image) ? image : null,
        UpscaleType = UpscaleType.Find(PSValue.Text(source, "UpscaleType")),
        Prompt = PSValue.ExactText(source, "Prompt"),
        SourceTaskId = PSValue.Text(source, "SourceTaskId"),
        SourcePrompt = PSValue.ExactText(source, "SourcePrompt"),
    };

    /// <summary>
    /// The task from Raw, the gateway's own text, which survives any format. A CSV writes numbers and times in the culture of its writer, and loses
    /// lists.
    /// </summary>
    private static MJTask? ReadRaw(PSObject source) => PSValue.ExactText(source, "Raw") is { } raw ? TaskReader.FromRaw(raw, IdOf(source)) : null;

    private static MJUsage? Cost(object? source) => PSValue.Text(source, "Cost") is { } text
        && (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var cost) || decimal.TryParse(text, NumberStyles.Float, CultureInfo.CurrentCulture, out cost))
        && WirePrice.Currency(PSValue.Text(source, "Currency")) is { } currency ? new MJUsage { Cost = WirePrice.Check(cost), Currency = currency } : null;

    /// <summary>A CSV writes the reason as one text.</summary>
    private static MJError? ErrorOf(object? error) => PSValue.AsText(error) is { } text ? text.Trim().Length == 0 ? null : new MJError { Message = text }
        : PSValue.Text(error, "Message") is var message && PSValue.Text(error, "Code") is var code && (message ?? code) is null ? null : new MJError { Message = message, Code = code };

    private static MJContent ContentOf(object source) =>
        new() { Type = PSValue.Text(source, "Type"), Url = PSValue.Text(source, "Url"), JobId = PSValue.Text(source, "JobId"), ImageNo = PSValue.Integer(PSValue.Text(source, "ImageNo")) };

    /// <summary>The URLs in flattened output; only the task's own URL if they do not include it.</summary>
    private static MJOutput[] AddressesIn(IEnumerable<string> texts, string? url)
    {
        var urls = texts.SelectMany(t => Address.Matches(t).Cast<Match>()).Select(m => m.Value.TrimEnd(',')).Distinct().ToList();
        if (url is not null && !urls.Contains(url)) urls = [url];
        return urls.Count == 0 ? [] : [new MJOutput { Content = [.. urls.Select(u => new MJContent { Url = u })] }];
    }
}
