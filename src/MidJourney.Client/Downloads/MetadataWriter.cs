
namespace MidJourney.Downloads;

/// <summary>Writes metadata into saved files and beside them. Safe for use by many threads.</summary>
internal sealed class MetadataWriter(MetadataFormat format, bool force)
{
    private int _warned;

    /// <summary>Writes what is not there yet.</summary>
    /// <param name="file">The file, complete.</param>
    /// <param name="metadata">What is to be known of it.</param>
    /// <param name="observer">Is told once of files that can hold no text.</param>
    /// <exception cref="GatewayException">It could not be written; the file is as it was.</exception>
    public void Write(Downloaded file, OutputMetadata metadata, IGatewayObserver? observer)
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
            if (format == MetadataFormat.Png && Interlocked.Exchange(ref _warned, 1) == 0) observer?.Warn(ClientMessages.NotAPngFile(path));
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

    private void WriteBeside(Downloaded file, OutputMetadata metadata)
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
