using System.Net.Http.Headers;
using System.Text;
using MidJourney.Bench.Processes;

namespace MidJourney.Bench.References;

/// <summary>What the bare clients send: the same as the module makes of the scripts' rows.</summary>
internal static class Rows
{
    public const string Path = "/model/v1/generation";

    public static HttpClient NewClient(Uri baseUri) => new()
    {
        BaseAddress = baseUri,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", EmulatorProcess.ApiKey) },
    };

    public static StringContent Body(int number) =>
        new($$$"""{"model":"midjourney_upscale","input":[{"params":{"jobId":"job-{{{number}}}","imageNo":0,"type":1}}]}""", Encoding.UTF8, "application/json");
}
