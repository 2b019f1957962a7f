using System.Net.Http.Headers;
using System.Text;
using MidJourney.Bench.Processes;

namespace MidJourney.Bench.Baselines;

/// <summary>The requests that the module sends for the rows of the scripts.</summary>
internal static class Rows
{
    public const string Path = "/model/v1/generation";

    public static HttpClient NewClient(Uri baseUri) => new()
    {
        BaseAddress = baseUri,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", EmulatorProcess.ApiKey) },
    };

    public static StringContent Body(int number, string job = "job") =>
        new($$$"""{"model":"midjourney_upscale","input":[{"params":{"jobId":"{{{job}}}-{{{number}}}","imageNo":0,"type":1}}]}""", Encoding.UTF8, "application/json");

    public static MJSubmission Submission(int number, string job = "job") => new()
    {
        Model = "midjourney_upscale",
        Parameters = [new("jobId", $"{job}-{number}"), new("imageNo", 0), new("type", 1)],
    };
}
