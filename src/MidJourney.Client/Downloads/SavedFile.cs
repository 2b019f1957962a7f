using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MidJourney.Downloads;

/// <summary>One line of a folder's record: that a file has been saved, of which output, and what its bytes were.</summary>
/// <param name="Task">The task, as <see cref="KeyOf"/> gives it.</param>
/// <param name="Index">Which of its outputs, from 0.</param>
/// <param name="Name">The file's name in the folder.</param>
/// <param name="Length">Its bytes, without metadata.</param>
/// <param name="Sha256">Their SHA-256.</param>
internal sealed record SavedFile(string Task, int Index, string Name, long Length, string Sha256)
{
    private const int LongestId = 200;

    /// <summary>A task's id where it can stand in a file, else something that tells it from others.</summary>
    /// <param name="taskId">The id.</param>
    /// <param name="redact">Takes the API key out of a text: what had it in it must not be written down.</param>
    public static string KeyOf(string taskId, Func<string, string>? redact)
    {
        if (taskId.Length <= LongestId && (redact is null || redact(taskId) == taskId)) return taskId;
#if NET
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(taskId));
#else
        using var algorithm = SHA256.Create();
        var hash = algorithm.ComputeHash(Encoding.UTF8.GetBytes(taskId));
#endif
        return "sha256:" + Convert.ToBase64String(hash);
    }

    /// <summary>The line, with its end.</summary>
    public byte[] ToLine()
    {
        using var stream = new MemoryStream(256);
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

    /// <returns>What a line says; null when it says nothing that can be understood.</returns>
    public static SavedFile? Parse(ReadOnlyMemory<byte> line)
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
