using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MidJourney.Client.Tests;

/// <summary>Metadata in saved files and beside them.</summary>
public sealed class MetadataTests : IDisposable
{
    private const string Prompt = "a \"harbour\" at night – 港 \U0001F6A2\n--ar 16:9";

    private static readonly MJTask Task = new()
    {
        Id = "t1",
        Status = MJTaskStatus.Completed,
        Model = "midjourney_upscale",
        UpscaleType = UpscaleType.Creative,
        SourceJobId = "job-1",
        SourceImageNo = 2,
        SourceTaskId = "t0",
        SourcePrompt = Prompt,
        JobId = "job-2",
        CreatedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        Usage = new MJUsage { Cost = 0.05m },
    };

    private static readonly MJContent Content = new() { Url = "https://user:pw@files.test/a/b.png?X-Signature=SECRET#part", JobId = "job-2" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("midjourney-metadata-");
    private readonly Notes _notes = new();
    private readonly byte[] _image = PngFile.Make(("tEXt", "Comment\0mine"u8.ToArray()));

    private string Image => Path.Combine(_folder.FullName, "a.png");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Json_file_contains_all_metadata()
    {
        Save(_image);
        Write(MetadataFormat.Json);
        Assert.Equal(_image, File.ReadAllBytes(Image));
        Assert.Equal(2, _folder.GetFiles().Length);
        var json = Beside();
        Assert.Equal(["sourcePrompt", "model", "upscaleType", "taskId", "index", "jobId", "sourceTaskId", "sourceJobId", "sourceImageNo", "cost", "createdAt", "savedAt", "url", "file", "software"],
            json.EnumerateObject().Select(p => p.Name));
        Assert.Equal((Prompt, "Creative", "t1", "t0", "job-2"), (Text(json, "sourcePrompt"), Text(json, "upscaleType"), Text(json, "taskId"), Text(json, "sourceTaskId"), Text(json, "jobId")));
        Assert.Equal((0.05m, 2), (json.GetProperty("cost").GetDecimal(), json.GetProperty("sourceImageNo").GetInt32()));
        Assert.Equal(Task.CreatedAt, json.GetProperty("createdAt").GetDateTimeOffset());
        Assert.Equal("https://files.test/a/b.png", Text(json, "url"));
        var file = json.GetProperty("file");
        Assert.Equal(("a.png", _image.Length, Convert.ToHexStringLower(SHA256.HashData(_image))), (Text(file, "name"), file.GetProperty("length").GetInt32(), Text(file, "sha256")));
    }

    [Fact]
    public void Embedded_texts_leave_the_image_unchanged()
    {
        Save(_image);
        Write(MetadataFormat.Png);
        Assert.Single(_folder.GetFiles());
        var (before, after) = (PngFile.Parse(_image), PngFile.Read(Image));
        Assert.Equal(before.Pixels, after.Pixels);
        Assert.Equal(before.Chunks.Select(c => c.Kind), after.Chunks.Select(c => c.Kind).Where(k => k != "iTXt"));
        Assert.Equal(["MidJourney", "Title", "Description", "Software", "Creation Time"], after.Texts.Select(t => t.Key));
        var texts = after.Texts.ToDictionary(t => t.Key, t => t.Value);
        Assert.Equal((Prompt, "a \"harbour\" at night – 港 \U0001F6A2 --ar 16:9"), (texts["Description"], texts["Title"]));
        Assert.Equal("Sun, 01 Mar 2026 12:00:00 GMT", texts["Creation Time"]);
        using var json = JsonDocument.Parse(texts["MidJourney"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_image)), Text(json.RootElement.GetProperty("download"), "sha256"));
        Assert.DoesNotContain("SECRET", Encoding.UTF8.GetString(File.ReadAllBytes(Image)), StringComparison.Ordinal);
    }

    [Fact]
    public void With_both_the_json_file_describes_the_final_file()
    {
        Save(_image);
        Write(MetadataFormat.Both);
        var bytes = File.ReadAllBytes(Image);
        Assert.True(bytes.Length > _image.Length);
        Assert.Equal((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), (Beside().GetProperty("file").GetProperty("length").GetInt32(), Text(Beside().GetProperty("file"), "sha256")));
    }

    [Fact]
    public void Only_missing_metadata_is_written()
    {
        Save(_image);
        Write(MetadataFormat.Both);
        var files = _folder.GetFiles().ToDictionary(f => f.FullName, f => File.ReadAllBytes(f.FullName));
        Write(MetadataFormat.Both, wasThere: true);
        Assert.All(files, f => Assert.Equal(f.Value, File.ReadAllBytes(f.Key)));
        File.Delete(Image + ".json");
        Write(MetadataFormat.Both, wasThere: true);
        Assert.Equal(files.Keys.Order(), _folder.GetFiles().Select(f => f.FullName).Order());
        Assert.Equal(files[Image], File.ReadAllBytes(Image));
    }

    [Fact]
    public void New_download_gets_new_metadata()
    {
        Save(_image);
        File.WriteAllText(Image + ".json", """{"taskId":"other","index":0,"file":{"length":5}}""");
        Write(MetadataFormat.Json);
        Assert.Equal("t1", Text(Beside(), "taskId"));
    }

    [Theory]
    [InlineData("mine")]
    [InlineData("{}")]
    [InlineData("""{"taskId":1,"index":0,"file":{"length":5}}""")]
    public void Other_json_file_is_replaced_only_with_force(string text)
    {
        Save(_image);
        File.WriteAllText(Image + ".json", text);
        var error = Assert.Throws<GatewayException>(() => Write(MetadataFormat.Json));
        Assert.Equal(GatewayErrorKind.FileNotWritten, error.Kind);
        Assert.Equal(text, File.ReadAllText(Image + ".json"));
        Write(MetadataFormat.Json, force: true);
        Assert.Equal("t1", Text(Beside(), "taskId"));
        Assert.Equal(2, _folder.GetFiles().Length);
    }

    [Fact]
    public void File_without_embedded_text_gives_one_warning()
    {
        byte[] jpeg = [0xff, 0xd8, 0xff, .. new byte[100]];
        Save(jpeg);
        var writer = new MetadataWriter(MetadataFormat.Png, force: false);
        for (var n = 0; n < 2; n++) writer.Write(new DownloadedFile(Image, SavedState.Saved), new OutputMetadata(Task, Content, 0), _notes);
        Assert.Contains("-WriteMetadata Json", Assert.Single(_notes.Warnings), StringComparison.Ordinal);
        Assert.Equal(jpeg, File.ReadAllBytes(Image));
        Write(MetadataFormat.Both);
        Assert.Equal("t1", Text(Beside(), "taskId"));
        Assert.Single(_notes.Warnings);
    }

    [Fact]
    public void Downloaded_length_is_known_even_if_the_image_had_texts()
    {
        var image = PngFile.Make(("iTXt", "Title\0\0\0\0\0mine"u8.ToArray()), ("iTXt", "MidJourney\0\0\0\0\0{}"u8.ToArray()));
        Save(image);
        Assert.Null(ExistingFile.Of(Image)!.Stamp);
        Write(MetadataFormat.Png);
        var there = ExistingFile.Of(Image)!;
        Assert.Equal((image.Length, "t1", 0), (there.Length, there.Stamp!.TaskId, there.Stamp.Index));
        PngFile.Read(Image);
        File.WriteAllBytes(Image, File.ReadAllBytes(Image)[..^1]);
        Assert.Equal(-1, ExistingFile.Of(Image)!.Length);
    }

    [Fact]
    public void Metadata_does_not_contain_the_key()
    {
        var task = Task with { SourcePrompt = $"of {Sample.Key}", Prompt = Sample.Key };
        Save(_image);
        using var client = new GatewayClient(Sample.Key, new GatewayOptions { BaseUri = Sample.BaseUri });
        new MetadataWriter(MetadataFormat.Both, force: false).Write(new DownloadedFile(Image, SavedState.Saved), new OutputMetadata(task, Content, 0, client.Redact), null);
        foreach (var file in _folder.GetFiles())
            foreach (var form in new[] { Sample.Key, Sample.Key.Replace("/", "\\/", StringComparison.Ordinal) })
                Assert.DoesNotContain(form, Encoding.UTF8.GetString(File.ReadAllBytes(file.FullName)), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_prompt_and_NUL_give_a_valid_file()
    {
        Save(_image);
        var prompt = "a\0b " + new string('長', 8000);
        new MetadataWriter(MetadataFormat.Png, force: false).Write(new DownloadedFile(Image, SavedState.Saved), new OutputMetadata(Task with { SourcePrompt = null, Prompt = prompt }, Content, 0), null);
        var texts = PngFile.Read(Image).Texts.ToDictionary(t => t.Key, t => t.Value);
        Assert.Equal(80, texts["Title"].Length);
        Assert.Equal(prompt.Replace('\0', '\ufffd'), texts["Description"]);
        using var json = JsonDocument.Parse(texts["MidJourney"]);
        Assert.Equal(prompt, Text(json.RootElement, "prompt"));
        Assert.Equal(_image.Length, ExistingFile.Of(Image)!.Length);
    }

    private void Save(byte[] image) => File.WriteAllBytes(Image, image);

    private void Write(MetadataFormat format, bool wasThere = false, bool force = false) =>
        new MetadataWriter(format, force).Write(new DownloadedFile(Image, wasThere ? SavedState.AlreadyThere : SavedState.Saved), new OutputMetadata(Task, Content, 0), _notes);

    private JsonElement Beside()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Image + ".json"));
        return json.RootElement.Clone();
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
