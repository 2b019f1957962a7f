using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MidJourney.Downloads;

/// <summary>
/// The record of what was saved in a folder: a hidden file in the folder itself, so every process knows it, and it stays with the folder when that is moved.
/// The file is also the lock under which downloads get their names. Thread-safe.
/// </summary>
internal sealed class FolderRecord(string folder)
{
    public const string FileName = ".midjourney-saved.jsonl";

    private const long MaxBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortLockTimeout = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly Dictionary<(string Task, int Index), List<SavedFile>> _byOutput = [];
    // The last output that had a name. Names are not case-sensitive, because on some systems a file's name is not.
    private readonly Dictionary<string, SavedFile> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _path = Path.Combine(folder, FileName);
    private long _read;
    private TimeSpan _lockTimeout = LockTimeout;

    public SavedFile[] FilesOf(string task, int index)
    {
        lock (_gate) return _byOutput.TryGetValue((task, index), out var list) ? [.. list] : [];
    }

    /// <summary>Every file in the record, by its name.</summary>
    public async Task<IReadOnlyList<SavedFile>> ReadAsync(CancellationToken cancellationToken)
    {
        (await OpenAsync(create: false, cancellationToken).ConfigureAwait(false))?.Dispose();
        lock (_gate) return [.. _byName.Values];
    }

    /// <summary>True if the file with this name was saved for another output.</summary>
    public bool BelongsToOther(string name, string task, int index)
    {
        lock (_gate) return _byName.TryGetValue(name, out var saved) && (saved.Task != task || saved.Index != index);
    }

    /// <summary>Reads what other processes added, if there is something.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        // The record only grows, unless it is replaced.
        long read;
        lock (_gate) read = _read;
        if (new FileInfo(_path) is { Exists: true } file && file.Length != read)
            (await OpenAsync(create: false, cancellationToken).ConfigureAwait(false))?.Dispose();
    }

    /// <summary>Locks and reads the record. Waits if another process has locked it.</summary>
    /// <returns>The lock, to be disposed. Null if there is no record, or it cannot be read. It is not writable if the record could not be locked.</returns>
    public async Task<FileStream?> OpenAsync(bool create, CancellationToken cancellationToken)
    {
        if (!create && !File.Exists(_path)) return null;
        var waited = Stopwatch.StartNew();
        for (var pause = 1; ; pause = Math.Min(pause * 2, 20))
        {
            try
            {
                var isNew = !File.Exists(_path);
                var file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
                _lockTimeout = LockTimeout;
                if (isNew && Path.DirectorySeparatorChar == '\\') File.SetAttributes(_path, FileAttributes.Hidden);
                return Read(file);
            }
            catch (UnauthorizedAccessException)
            {
                return OpenReadOnly();
            }
            catch (IOException e) when (WholeFile.IsLocked(e) && waited.Elapsed < _lockTimeout)
            {
                // Its holder needs it for milliseconds.
            }
            catch (IOException)
            {
                // A process that holds it for so long may hold it forever.
                _lockTimeout = ShortLockTimeout;
                return OpenReadOnly();
            }
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds a file to the record, if it is not in it.</summary>
    public void Add(FileStream? file, SavedFile saved)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(saved.Name, out var known) && known == saved) return;
            Remember(saved);
        }
        if (file is not { CanWrite: true }) return;
        try
        {
            var line = saved.ToLine();
            // A line that a full disk cut off must not spoil the next one.
            if (file.Length > 0)
            {
                file.Seek(-1, SeekOrigin.End);
                if (file.ReadByte() != '\n') line = [(byte)'\n', .. line];
            }
            file.Seek(0, SeekOrigin.End);
            file.Write(line, 0, line.Length);
            file.Flush();
            lock (_gate) _read = file.Length;
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // The output is saved; without a record, its content is compared the next time.
        }
    }

    private FileStream? OpenReadOnly()
    {
        try { return Read(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1)); }
        catch (Exception e) when (FileErrors.Is(e)) { return null; }
    }

    /// <summary>Reads what was added since the last time.</summary>
    private FileStream Read(FileStream file)
    {
        try
        {
            lock (_gate)
            {
                if (file.Length < _read)
                {
                    _read = 0;
                    _byOutput.Clear();
                    _byName.Clear();
                }
                _read = Math.Max(_read, file.Length - MaxBytes);
                file.Position = _read;
                var text = new byte[file.Length - _read];
                var count = file.Fill(text);
                _read += count;
                foreach (var line in Encoding.UTF8.GetString(text, 0, count).Split('\n').Where(l => l.Length > 0))
                    if (SavedFile.Parse(line) is { } saved) Remember(saved);
            }
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // Without a record, contents are compared.
        }
        return file;
    }

    private void Remember(SavedFile saved)
    {
        if (!_byOutput.TryGetValue((saved.Task, saved.Index), out var list)) _byOutput[(saved.Task, saved.Index)] = list = new(1);
        list.RemoveAll(s => s.Name == saved.Name);
        list.Add(saved);
        _byName[saved.Name] = saved;
    }
}

/// <summary>One line of a folder's record: an output, and the file that it was saved as.</summary>
/// <param name="Task">The task, as <see cref="KeyOf"/> returns it.</param>
/// <param name="Index">The position among the task's outputs, from 0.</param>
/// <param name="Name">The file's name in the folder.</param>
/// <param name="Length">The length without metadata.</param>
/// <param name="Sha256">The SHA-256 of the content without metadata.</param>
internal sealed record SavedFile(string Task, int Index, string Name, long Length, string Sha256)
{
    private const int MaxIdLength = 200;

    /// <summary>The task id, or its hash if the id is too long or contains the API key, which must not be written to a file.</summary>
    public static string KeyOf(string taskId, Func<string, string>? redact) =>
        taskId.Length <= MaxIdLength && (redact is null || redact(taskId) == taskId) ? taskId
        : "sha256:" + Convert.ToBase64String(FrameworkCompat.Sha256(Encoding.UTF8.GetBytes(taskId)));

    public byte[] ToLine()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("v", 1);
            json.WriteString("task", Task);
            json.WriteNumber("index", Index);
            json.WriteString("name", Name);
            json.WriteNumber("length", Length);
            json.WriteString("sha256", Sha256);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <returns>Null if the line is not valid, or of a later version.</returns>
    public static SavedFile? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return root.GetProperty("v").GetInt32() == 1
                && (root.GetProperty("task").GetString(), root.GetProperty("name").GetString(), root.GetProperty("sha256").GetString()) is ({ } task, { } name, { } hash)
                ? new(task, root.GetProperty("index").GetInt32(), name, root.GetProperty("length").GetInt64(), hash) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }
}
