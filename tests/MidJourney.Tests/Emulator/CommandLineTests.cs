using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MidJourney.Tests;

/// <summary>The emulator as its users start it.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Options_apply_to_creates()
    {
        using var process = Start("--exit-with-stdin", "--duration", "0", "--api-key", TestKey.Value,
            "--strict-jobs", "--model", "midjourney_ninth", "--fail-prompt", "a 4:3 dog",
            "--price", "midjourney_diffusion=0.12", "--price", "midjourney_upscale:1=0.02-0.08", "--currency", "credit");
        var address = (await process.StandardOutput.ReadLineAsync())!["Listening on ".Length..];
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestKey.Value);

        Assert.Equal("completed", await StatusOfAsync(http, address, "midjourney_ninth", "{}"));
        Assert.Equal("completed", await StatusOfAsync(http, address, "midjourney_diffusion", """{"text":"a 4:3 cat"}"""));
        Assert.Equal("failed", await StatusOfAsync(http, address, "midjourney_diffusion", """{"text":"a 4:3 dog"}"""));
        Assert.Equal("refused", await StatusOfAsync(http, address, "midjourney_upscale", $"{{{WireClient.AnyJob},\"type\":0}}"));

        var task = await http.GetStringAsync(new Uri($"{address}/_emulator/tasks"));
        Assert.Contains("\"cost\":0.12,\"currency\":\"credit\"", task, StringComparison.Ordinal);

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("0.08")]
    [InlineData("midjourney_upscale=")]
    [InlineData("midjourney_upscale=0.08-0.02")]
    [InlineData("midjourney_upscale=-1")]
    public async Task Invalid_price_exits_with_2(string price)
    {
        using var process = Start("--price", price);
        Assert.Contains("--price", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(2, process.ExitCode);
    }

    [Theory]
    [InlineData("--callbacks", "tasks")]
    [InlineData("--callbacks", "0")]
    [InlineData("--callback-loss", "1.5")]
    public async Task Invalid_callback_exits_with_2(string option, string value)
    {
        using var process = Start(option, value);
        Assert.Contains($"{option} needs ", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(2, process.ExitCode);
    }

    [Fact]
    public async Task Callback_options_apply_to_creates()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        using var process = Start("--exit-with-stdin", "--duration", "0", "--api-key", TestKey.Value, "--callbacks", "form", "--callback-loss", "0.5");
        var address = (await process.StandardOutput.ReadLineAsync())!["Listening on ".Length..];
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestKey.Value);
        for (var i = 0; i < 10; i++) await StatusOfAsync(http, address, "midjourney_diffusion", $$"""{"text":"a","callback":"{{receiver.Url}}"}""");
        JsonElement counts = default;
        await Soon.UntilAsync(async () =>
        {
            counts = JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync(new Uri($"{address}/_emulator/counts"))).GetProperty("counts");
            return Count("Answered") + Count("Lost") == 10;
        });
        Assert.InRange(Count("Lost"), 1, 9);
        Assert.All(receiver.Received, callback => Assert.Equal("application/x-www-form-urlencoded", callback.ContentType));
        process.StandardInput.Close();
        await process.WaitForExitAsync();

        int Count(string what) => counts.GetProperty($"callbacks{what}").GetInt32();
    }

    [Fact]
    public async Task Unknown_option_exits_with_2()
    {
        using var process = Start("--strict-job");
        Assert.Contains("'--strict-job'", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(2, process.ExitCode);
    }

    // No signal can be sent to one process on Windows.
    [UnixFact]
    public async Task Ctrl_C_does_not_stop_it_with_exit_with_stdin()
    {
        using var process = Start("--exit-with-stdin");
        var address = (await process.StandardOutput.ReadLineAsync())!["Listening on ".Length..];
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) await kill.WaitForExitAsync();
        using var http = new HttpClient();
        // The signal has its own thread; of several requests the last is after it.
        for (var i = 0; i < 20; i++) Assert.Contains("counts", await http.GetStringAsync(new Uri($"{address}/_emulator/counts")), StringComparison.Ordinal);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MidJourney.Emulator.dll"), .. arguments])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static async Task<string> StatusOfAsync(HttpClient http, string address, string model, string parameters)
    {
        using var body = new StringContent($$"""{"model":"{{model}}","input":[{"params":{{parameters}}}]}""");
        using var created = await http.PostAsync(new Uri($"{address}/model/v1/generation"), body);
        if (!created.IsSuccessStatusCode)
            return "refused";
        var id = JsonSerializer.Deserialize<JsonElement>(await created.Content.ReadAsStringAsync()).GetProperty("id").GetString();
        var task = await http.GetStringAsync(new Uri($"{address}/model/v1/generation/task/{id}"));
        return JsonSerializer.Deserialize<JsonElement>(task).GetProperty("status").GetString()!;
    }
}
