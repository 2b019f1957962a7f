using System.Text.Encodings.Web;
using System.Text.Json;
using MidJourney.Gateway;
using MidJourney.Json;

namespace MidJourney.Downloads;

/// <summary>The metadata of an output that is saved with its file: prompt, task, cost and so on.</summary>
internal sealed class OutputMetadata
{
    /// <summary>The field with facts about the file that has the metadata beside it.</summary>
    internal const string File = "file";

    /// <summary>The field with facts about the file before metadata was embedded in it.</summary>
    internal const string Download = "download";

    private const int MaxTitleLength = 80;

    private readonly MJTask _task;
    private readonly MJContent _content;
    private readonly Func<string, string> _redact;

    /// <param name="task">The task.</param>
    /// <param name="content">The output.</param>
    /// <param name="index">Its position among the task's outputs, from 0.</param>
    /// <param name="redact">Hides the API key; null if there is no key.</param>
    public OutputMetadata(MJTask task, MJContent content, int index, Func<string, string>? redact = null) =>
        (_task, _content, Index, _redact) = (task, content, index, redact ?? (text => text));

    public string TaskId => _task.Id;

    public int Index { get; }

    private static string Software => new GatewayOptions().UserAgent;

    /// <param name="facts">Facts about the file.</param>
    /// <param name="field"><see cref="File"/> or <see cref="Download"/>.</param>
    /// <param name="isIndented">True if people read it.</param>
    internal byte[] ToJson(FileFacts facts, string field, bool isIndented)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = isIndented }))
        {
            json.WriteStartObject();
            Write(json, "prompt", _task.Prompt);
            Write(json, "sourcePrompt", _task.SourcePrompt);
            Write(json, "model", _task.Model);
            Write(json, "upscaleType", _task.UpscaleType);
            Write(json, "taskId", TaskId);
            Write(json, "baseUri", _task.BaseUri);
            json.WriteNumber("index", Index);
            Write(json, "jobId", _content.JobId ?? _task.JobId);
            Write(json, "sourceTaskId", _task.SourceTaskId);
            Write(json, "sourceJobId", _task.SourceJobId);
            if (_task.SourceImageNo is { } image) json.WriteNumber("sourceImageNo", image);
            if (_task.Cost is { } cost) json.WriteNumber("cost", cost);
            if (_task.Currency is not (null or Money.Usd)) json.WriteString("currency", _task.Currency);
            if (_task.CreatedAt is { } created) json.WriteString("createdAt", created.UtcDateTime);
            json.WriteString("savedAt", facts.SavedAt);
            Write(json, "url", UrlWithoutQuery());
            json.WriteStartObject(field);
            json.WriteString("name", facts.Name);
            json.WriteNumber("length", facts.Length);
            json.WriteString("sha256", facts.Sha256);
            json.WriteEndObject();
            json.WriteString("software", Software);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>The metadata as text chunks of a PNG, the complete one first.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> ToTexts(FileFacts facts)
    {
        var texts = new List<KeyValuePair<string, string>> { new(PngText.Keyword, System.Text.Encoding.UTF8.GetString(ToJson(facts, Download, isIndented: false))) };
        if (_task.RootPrompt() is { } root)
        {
            var prompt = _redact(root);
            texts.Add(new("Title", TitleOf(prompt)));
            texts.Add(new("Description", prompt));
        }
        texts.Add(new("Software", Software));
        texts.Add(new("Creation Time", (_task.CreatedAt?.UtcDateTime ?? facts.SavedAt).ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
        return texts;
    }

    /// <summary>The query may contain a signature that gives access.</summary>
    private string? UrlWithoutQuery() =>
        Uri.TryCreate(_content.Url, UriKind.Absolute, out var url) ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : null;

    private static string TitleOf(string prompt)
    {
        var line = SafeText.Message(prompt);
        if (line.Length <= MaxTitleLength) return line;
        var end = char.IsHighSurrogate(line[MaxTitleLength - 2]) ? MaxTitleLength - 2 : MaxTitleLength - 1;
        return line.Substring(0, end) + "…";
    }

    private void Write(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, _redact(text));
    }
}

/// <summary>Writes metadata into saved files and beside them. Thread-safe.</summary>
internal sealed class MetadataWriter(MetadataFormat format, bool force)
{
    private int _hasWarned;

    /// <summary>Writes what is missing.</summary>
    /// <param name="file">The complete file.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="observer">Gets one warning if there are files in which text cannot be embedded.</param>
    /// <exception cref="GatewayException">The metadata could not be written; the file is unchanged.</exception>
    public void Write(DownloadedFile file, OutputMetadata metadata, IGatewayObserver? observer)
    {
        var path = file.Path;
        try
        {
            if (format.HasFlag(MetadataFormat.Png)) Embed(path, metadata, observer);
            if (!format.HasFlag(MetadataFormat.Json)) return;
            path = OutputStamp.PathBeside(path);
            WriteBeside(file, metadata);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw new GatewayException(GatewayErrorKind.FileNotWritten, ClientMessages.MetadataNotWritten(path, e.Message), e);
        }
    }

    private void Embed(string path, OutputMetadata metadata, IGatewayObserver? observer)
    {
        if (!PngText.IsPng(path))
        {
            if (format == MetadataFormat.Png && Interlocked.Exchange(ref _hasWarned, 1) == 0) observer?.Warn(ClientMessages.NotAPngFile(path));
        }
        else if (PngText.Find(path)?.Stamp is not { } stamp || !IsOf(stamp, metadata))
        {
            var facts = FileFacts.Of(path);
            WholeFile.Write(path, target =>
            {
                using var source = File.OpenRead(path);
                return PngText.Insert(source, target, metadata.ToTexts(facts));
            });
        }
    }

    private void WriteBeside(DownloadedFile file, OutputMetadata metadata)
    {
        var (path, beside) = (file.Path, OutputStamp.PathBeside(file.Path));
        if (File.Exists(beside) && !force)
        {
            if (OutputStamp.Beside(path) is not { } stamp) throw new IOException(ClientMessages.NotAMetadataFile());
            if (file.WasThere && IsOf(stamp, metadata) && stamp.Length == new FileInfo(path).Length) return;
        }
        var json = metadata.ToJson(FileFacts.Of(path), OutputMetadata.File, isIndented: true);
        WholeFile.Write(beside, target =>
        {
            target.Write(json, 0, json.Length);
            return true;
        });
    }

    private static bool IsOf(OutputStamp stamp, OutputMetadata metadata) => stamp.TaskId == metadata.TaskId && stamp.Index == metadata.Index;
}

/// <summary>The part of a file's metadata that says which output the file belongs to, and how long it is.</summary>
internal sealed record OutputStamp(string TaskId, int Index, long Length)
{
    private const long MaxBytes = 1024 * 1024;

    /// <summary>What else the metadata says of the task.</summary>
    public required MJTask Task { get; init; }

    public static string PathBeside(string path) => path + ".json";

    /// <summary>Reads the metadata beside a file; null if there is none.</summary>
    public static OutputStamp? Beside(string path)
    {
        var beside = PathBeside(path);
        return File.Exists(beside) && FileLength.Of(beside) is > 0 and <= MaxBytes ? Parse(File.ReadAllBytes(beside), OutputMetadata.File) : null;
    }

    /// <returns>Null if this is not the module's metadata.</returns>
    public static OutputStamp? Parse(ReadOnlyMemory<byte> json, string field)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.GetProperty("taskId").GetString() is { } id
                ? new(id, root.GetProperty("index").GetInt32(), root.GetProperty(field).GetProperty("length").GetInt64()) { Task = TaskOf(root, id) } : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private static MJTask TaskOf(JsonElement root, string id)
    {
        return new MJTask
        {
            Id = id,
            Status = MJTaskStatus.Completed,
            Origin = new MJOrigin
            {
                Model = Text("model"),
                SourceJobId = Text("sourceJobId"),
                SourceImageNo = Field("sourceImageNo", JsonValueKind.Number) is { } image && image.TryGetInt32(out var number) ? number : null,
                UpscaleType = UpscaleType.Find(Text("upscaleType")),
                Prompt = Text("prompt"),
                SourceTaskId = Text("sourceTaskId"),
                SourcePrompt = Text("sourcePrompt"),
            },
            BaseUri = Text("baseUri"),
            JobId = Text("jobId"),
            CreatedAt = Field("createdAt", JsonValueKind.String) is { } created && created.TryGetDateTimeOffset(out var time) ? time : null,
            Usage = Field("cost", JsonValueKind.Number) is { } cost && cost.TryGetDecimal(out var price) && WirePrice.Check(price) is { } valid
                && WirePrice.Currency(Text("currency")) is { } currency ? new MJUsage { Cost = valid, Currency = currency } : null,
        };

        JsonElement? Field(string name, JsonValueKind kind) => root.TryGetProperty(name, out var field) && field.ValueKind == kind ? field : null;

        string? Text(string name) => Field(name, JsonValueKind.String)?.GetString();
    }
}
