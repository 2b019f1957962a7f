using System.Globalization;
using MidJourney.Bench.Baselines;
using MidJourney.Bench.Processes;

namespace MidJourney.Bench.Benches;

/// <summary>A long journal of completed upscales of job-1, job-2, …; the last one was completed just now.</summary>
internal static class GeneratedJournal
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(30), Took = TimeSpan.FromSeconds(45);

    /// <summary>After compaction: one short line per task.</summary>
    public static string WriteCompacted(string path, Uri baseUri, int count)
    {
        using var file = File.Create(path);
        var (start, salt, address) = (StartOf(count), Guid.NewGuid(), SubmissionKey.AddressOf(baseUri));
        var account = ApiKey.Fingerprint(EmulatorProcess.ApiKey, salt.ToByteArray());
        file.Write(JournalLineWriter.Header(salt, 0, start));
        for (var n = 1; n <= count; n++)
        {
            var (time, submission) = (start + n * Apart, Rows.Submission(n));
            var parameters = JournalLineWriter.Parameters(submission);
            var create = new JournalCreate(Guid.NewGuid().ToString("N"), SubmissionKey.WorkOf(address, submission.Model, parameters), address, account, submission.Model, parameters, []);
            var task = new MJTask
            {
                Id = IdOf(n),
                RawStatus = "completed",
                Status = MJTaskStatus.Completed,
                CreatedAt = time,
                Output = [new MJOutput { Content = [new MJContent { JobId = Guid.NewGuid().ToString(), ImageNo = 0 }] }],
                Usage = new MJUsage { Cost = 0.05m, Discount = 1, Quantity = 1, UnitPrice = 0.05m },
            };
            file.Write(JournalLineWriter.Compacted(create, task, EntryState.Completed, time, time + Took));
        }
        // This header ends a compacted file; the file is not compacted again until its size has doubled.
        file.Write(JournalLineWriter.Header(salt, file.Position, DateTimeOffset.UtcNow));
        return path;
    }

    /// <summary>The format of 0.1.0: three lines per task, without account and work.</summary>
    public static string WriteOld(string path, Uri baseUri, int count)
    {
        const string usage = """{"cost":"0.05","discount":"1","quantity":1,"unit_price":"0.05"}""";
        using var file = new StreamWriter(path) { NewLine = "\n" };
        var (start, address) = (StartOf(count), SubmissionKey.AddressOf(baseUri));
        file.WriteLine($$$"""{"v":1,"event":"journal","time":"{{{Text(start)}}}","id":"{{{Guid.NewGuid():N}}}"}""");
        for (var n = 1; n <= count; n++)
        {
            var (time, id) = (start + n * Apart, IdOf(n));
            var create = $$$"""
                "ref":"{{{Guid.NewGuid():N}}}","baseUri":"{{{address}}}","model":"midjourney_upscale","params":{"jobId":"job-{{{n}}}","imageNo":0,"type":1}
                """;
            file.WriteLine($$$"""{"v":1,"event":"submitting","time":"{{{Text(time)}}}",{{{create}}},"pid":{{{4000 + n / 500}}}}""");
            file.WriteLine($$$"""{"v":1,"event":"created","time":"{{{Text(time)}}}",{{{create}}},"taskId":"{{{id}}}","task":{"status":"in_progress","created_at":"{{{time:yyyy-MM-ddTHH:mm:ssZ}}}"}}""");
            file.WriteLine($$$"""
                {"v":1,"event":"ended","time":"{{{Text(time + Took)}}}","baseUri":"{{{address}}}","taskId":"{{{id}}}","task":{"status":"completed","created_at":"{{{time:yyyy-MM-ddTHH:mm:ssZ}}}","output":[{"content":[{"type":"image","url":"{{{address}}}/files/{{{id}}}/0.png","jobId":"{{{Guid.NewGuid()}}}","imageNo":0}]}],"usage":{{{usage}}}}}
                """);
        }
        return path;
    }

    private static DateTimeOffset StartOf(int count) => DateTimeOffset.UtcNow - (count + 2) * Apart;

    private static string IdOf(int n) => string.Create(CultureInfo.InvariantCulture, $"dc3qmg000ttq{n:x8}");

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
