using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace MidJourney.Tests;

/// <summary>Plain HTTP with the emulator, as any client of the gateway would see it.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    public const string AnyJob = "\"jobId\":\"a-job\",\"imageNo\":0";

    private readonly HttpClient _http = new();

    private WireClient(GatewayEmulator gateway)
    {
        Gateway = gateway;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestKey.Value);
    }

    public GatewayEmulator Gateway { get; }

    /// <summary>Tasks end at once.</summary>
    public static async Task<WireClient> StartAsync(bool strictJobs = false, TimeProvider? clock = null)
    {
        var gateway = await GatewayEmulator.StartAsync(TestKey.Options(taskSeconds: 0, clock));
        gateway.Settings.StrictJobs = strictJobs;
        return new WireClient(gateway);
    }

    public Task<WireAnswer> CreateAsync(string model, string parameters) => PostAsync("/model/v1/generation", model, parameters);

    public Task<WireAnswer> PrechargeAsync(string model, string parameters) => PostAsync("/model/v1/generation/precharge", model, parameters);

    /// <summary>Creates a task and reads it when it has ended.</summary>
    public async Task<JsonElement> MakeAsync(string model, string parameters)
    {
        var created = await CreateAsync(model, parameters);
        Assert.True(created.Status == HttpStatusCode.OK, created.Json.ToString());
        return await TaskAsync(created.Json.GetProperty("id").GetString()!);
    }

    public async Task<WireAnswer> BillAsync(string query = "")
    {
        using var answer = await _http.GetAsync(Address($"/monitor/api/v1/cost/billing?{query}"));
        return await ReadAsync(answer);
    }

    public async Task<JsonElement> TaskAsync(string id)
    {
        using var answer = await _http.GetAsync(Address($"/model/v1/generation/task/{id}"));
        return (await ReadAsync(answer)).Json;
    }

    public async Task<JsonElement> AdminAsync(string route)
    {
        using var answer = await _http.GetAsync(new Uri(Gateway.BaseUri, $"/_emulator/{route}"));
        return (await ReadAsync(answer)).Json;
    }

    public async Task ScriptAsync(string script)
    {
        using var answer = await _http.PostAsync(new Uri(Gateway.BaseUri, "/_emulator/script"), new StringContent(script));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public Task<byte[]> DownloadAsync(string url) => _http.GetByteArrayAsync(new Uri(url));

    public async Task<HttpStatusCode> StatusOfFileAsync(string url)
    {
        using var answer = await _http.GetAsync(new Uri(url));
        return answer.StatusCode;
    }

    /// <summary>The job id of the n-th output of a task as it was read.</summary>
    public static string JobOf(JsonElement task, int output = 0) =>
        task.GetProperty("output")[output].GetProperty("content")[0].GetProperty("jobId").GetString()!;

    public static IEnumerable<JsonElement> Contents(JsonElement task) =>
        task.GetProperty("output").EnumerateArray().SelectMany(output => output.GetProperty("content").EnumerateArray());

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Gateway.DisposeAsync();
    }

    private async Task<WireAnswer> PostAsync(string path, string model, string parameters)
    {
        var body = $$"""{"model":"{{model}}","input":[{"params":{{parameters}}}]}""";
        using var answer = await _http.PostAsync(Address(path), new StringContent(body, Encoding.UTF8, "application/json"));
        return await ReadAsync(answer);
    }

    private Uri Address(string path) => new(Gateway.BaseUri.AbsoluteUri.TrimEnd('/') + path);

    /// <summary>A page is a JSON string.</summary>
    private static async Task<WireAnswer> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        var isPage = answer.Content.Headers.ContentType?.MediaType == "text/html";
        return new(answer.StatusCode, isPage ? JsonSerializer.SerializeToElement(text) : JsonSerializer.Deserialize<JsonElement>(text));
    }
}
