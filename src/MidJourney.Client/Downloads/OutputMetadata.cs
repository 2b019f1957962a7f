using System.Text.Encodings.Web;
using System.Text.Json;
using MidJourney.Gateway;

namespace MidJourney.Downloads;

/// <summary>What is to be known of an output wherever its file goes: what it was made of, by which task, and for how much.</summary>
internal sealed class OutputMetadata
{
    /// <summary>The field with what is true of the file beside which the metadata lies.</summary>
    internal const string File = "file";

    /// <summary>The field with what was true of the file before metadata went into it.</summary>
    internal const string Download = "download";

    private const int LongestTitle = 80;

    private readonly MJTask _task;
    private readonly MJContent _content;
    private readonly Func<string, string> _redact;

    /// <param name="task">The task that made it.</param>
    /// <param name="content">Which of its outputs.</param>
    /// <param name="index">The place of that among all of them, from 0.</param>
    /// <param name="redact">Takes the API key out of a text; null where there is none to take out.</param>
    public OutputMetadata(MJTask task, MJContent content, int index, Func<string, string>? redact = null) =>
        (_task, _content, Index, _redact) = (task, content, index, redact ?? (text => text));

    /// <summary>The task.</summary>
    public string TaskId => _task.Id;

    /// <summary>The place of the output among those of its task, from 0.</summary>
    public int Index { get; }

    private static string Software => new GatewayOptions().UserAgent;

    /// <summary>The metadata as JSON.</summary>
    /// <param name="facts">What is known of the file.</param>
    /// <param name="field"><see cref="File"/> or <see cref="Download"/>.</param>
    /// <param name="isIndented">For people to read.</param>
    internal byte[] ToJson(FileFacts facts, string field, bool isIndented)
    {
        using var stream = new MemoryStream(1024);
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
            if (_task.CreatedAt is { } created) json.WriteString("createdAt", created.UtcDateTime);
            json.WriteString("savedAt", facts.SavedAt);
            Write(json, "url", Address());
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

    /// <summary>The metadata as text chunks of a PNG, the one that tells all first.</summary>
    /// <param name="facts">What is known of the file before.</param>
    internal IReadOnlyList<KeyValuePair<string, string>> ToTexts(FileFacts facts)
    {
        var texts = new List<KeyValuePair<string, string>> { new(PngText.Own, System.Text.Encoding.UTF8.GetString(ToJson(facts, Download, isIndented: false))) };
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

    /// <summary>The address without its query, which may hold a signature that lets others in.</summary>
    private string? Address() =>
        Uri.TryCreate(_content.Url, UriKind.Absolute, out var url) ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : null;

    private static string TitleOf(string prompt)
    {
        var line = SafeText.Message(prompt);
        if (line.Length <= LongestTitle) return line;
        var end = char.IsHighSurrogate(line[LongestTitle - 2]) ? LongestTitle - 2 : LongestTitle - 1;
        return line.Substring(0, end) + "…";
    }

    private void Write(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, _redact(text));
    }
}

/// <summary>What metadata says of the file that it belongs to, as far as that tells whose it is and whether it is whole.</summary>
internal sealed record OutputStamp(string TaskId, int Index, long Length)
{
    private const long MostBytes = 1024 * 1024;

    /// <summary>Where the metadata of a file lies beside it.</summary>
    public static string PathBeside(string path) => path + ".json";

    /// <summary>Reads what lies beside a file.</summary>
    /// <returns>The stamp; null when nothing lies there, or something else.</returns>
    public static OutputStamp? Beside(string path)
    {
        var file = new FileInfo(PathBeside(path));
        return file.Exists && file.Length <= MostBytes ? Parse(File.ReadAllBytes(file.FullName), OutputMetadata.File) : null;
    }

    /// <returns>The stamp; null when the text is no such metadata.</returns>
    public static OutputStamp? Parse(ReadOnlyMemory<byte> json, string field)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("taskId", out var id) && id.ValueKind == JsonValueKind.String
                && root.TryGetProperty("index", out var place) && place.ValueKind == JsonValueKind.Number && place.TryGetInt32(out var index)
                && root.TryGetProperty(field, out var file) && file.ValueKind == JsonValueKind.Object
                && file.TryGetProperty("length", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var length)
                ? new(id.GetString()!, index, length) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
