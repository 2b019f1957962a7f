using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Client.Tests;

/// <summary>The ordinary case, to vary from.</summary>
internal static class Sample
{
    public const string Key = "sk-SECRET/of+the=user.0123456789";

    /// <summary>Of the task in the answers.</summary>
    public const string Id = "d758n65e878c73cmdg20";

    public static readonly Uri BaseUri = new("https://gateway.test");

    public static readonly GatewayOptions Options = new() { BaseUri = BaseUri };

    public static readonly MJSubmission Submission = Upscale("job-1", 2, UpscaleType.Creative);

    public const string Created = """{"id":"d758n65e878c73cmdg20","created_at":1710000000,"status":"in_progress","model":"midjourney_upscale"}""";

    public const string Completed = """
        {"id":"d758n65e878c73cmdg20","created_at":1710000000,"status":"completed","model":"midjourney_upscale","progress":1.0,
         "output":[{"content":[{"type":"image","url":"https://files.test/a.png","jobId":"job-2"}]}],
         "usage":{"cost":"0.05","discount":"0","quantity":1,"unit_price":"0.05"},
         "metadata":{"in_queue_at":1710000001,"completed_at":1710000060}}
        """;

    public const string Failed = """
        {"id":"d758n65e878c73cmdg20","created_at":1710000000,"status":"failed","model":"midjourney_upscale",
         "error":{"code":8004005098,"error_message":"the generation process failed"}}
        """;

    public static FakeTimeProvider Clock() => new(new DateTimeOffset(2024, 3, 9, 16, 0, 0, TimeSpan.Zero));

    public static GatewayClient Client(FakeGateway gateway, FakeTimeProvider clock, GatewayOptions? options = null) =>
        new(Key, options ?? Options, gateway, clock);

    public static MJSubmission Upscale(string job, int image, string type, string? callback = null)
    {
        List<KeyValuePair<string, object?>> parameters = [new("jobId", job), new("imageNo", image), new("type", UpscaleType.NumberOf(type))];
        if (callback is not null) parameters.Add(new("callback", callback));
        return new MJSubmission { Model = "midjourney_upscale", Parameters = parameters, SourceJobId = job, SourceImageNo = image, UpscaleType = type };
    }

    /// <summary>A task of an answer's text, as a read of <c>t</c> gives it; of the ordinary answers, as a read of theirs.</summary>
    public static MJTask Read(string json) => ReadOutcome.Of(Answer(json), json.Contains(Id, StringComparison.Ordinal) ? Id : "t", Options);

    /// <summary>The error that an answer's text gives to a read of <c>t</c>.</summary>
    public static GatewayException ReadError(string json, int status = 200) =>
        Assert.Throws<GatewayException>(() => ReadOutcome.Of(Answer(json, status), "t", Options));

    public static CreateOutcome Create(string json, int status = 200) => CreateOutcome.Of(Submission, Answer(json, status), Options);

    public static GatewayResponse Answer(string body, int status = 200, string? contentType = "application/json") =>
        new() { Status = status, Body = Encoding.UTF8.GetBytes(body), ContentType = contentType };
}
