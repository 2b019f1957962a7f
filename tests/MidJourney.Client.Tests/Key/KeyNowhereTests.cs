using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace MidJourney.Client.Tests;

/// <summary>Whatever a gateway does with the key, it never appears in anything that is shown, logged or saved.</summary>
public sealed class KeyNowhereTests : ClientTestBase
{
    private const string Key = Sample.Key;

    public static TheoryData<int, string> Errors
    {
        get
        {
            string[] bodies =
            [
                $$$"""{"error":{"code":"{{{Key}}}","message":"invalid api key {{{Key}}}"}}""",
                $$"""{"message":"Bearer {{Key}} and again {{Key}}{{Key}}"}""",
                $$"""{"detail":["{{Key}}"]}""",
                $"<html><title>no such key: {Key}</title>{Key}</html>",
                $"unknown key {Key}",
                $"\"{Key}\"",
            ];
            var data = new TheoryData<int, string>();
            foreach (var status in new[] { 200, 400, 401, 402, 403, 404, 408, 429, 500, 503 })
                foreach (var body in bodies)
                    data.Add(status, body);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Error_that_echoes_the_key_hides_it(int status, string body)
    {
        var (client, _) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, RetryTimeout = TimeSpan.FromSeconds(2) }, Answers.Json(body, status));
        Notes.WantsRequests = Notes.WantsDetails = true;
        AssertNowhere(await Clock.Failure(client.CreateAsync(Sample.Submission, Notes)));
        AssertNowhere(await Clock.Failure(client.ReadAsync("t", Notes)));
        AssertNowhere(Notes.Lines, Notes.Details, Notes.Warnings, client, client.Options, client.Counters);
    }

    [Fact]
    public async Task Task_that_echoes_the_key_hides_it()
    {
        var json = $$"""
            {"id":"{{Key}}","status":"{{Key}}","model":"{{Key}}","{{Key}}":"{{Key}}","progress":"{{Key}}",
             "output":[{"{{Key}}":"{{Key}}","content":[{"type":"{{Key}}","url":"https://f.test/?key={{Key}}","jobId":"{{Key}}","x":"{{Key}}"}]}],
             "usage":{"cost":"{{Key}}","extra_info":{"k":["{{Key}}"] } },"error":{"code":"{{Key}}","message":"{{Key}}"},"metadata":{"{{Key}}":{"a":"{{Key}}"} } }
            """;
        var (client, _) = Setup(Answers.Json(json));
        var created = await Clock.Drive(client.CreateAsync(Sample.Submission));
        var read = await Clock.Drive(client.ReadAsync(created.Id));
        AssertNowhere(created, read, read.Output, read.Output[0].Content[0], read.Usage!, read.Error!, read.Metadata);
        AssertNowhere(ClientMessages.TaskEnded(read, ErrorKinds.FailureKindOf(read)), ClientMessages.WaitTimeout(created, TimeSpan.Zero, read.Error!.ToString()), ClientMessages.UnknownStatus(read.RawStatus!));
    }

    [Fact]
    public async Task Truncated_response_hides_the_key()
    {
        var (client, _) = Setup(Answers.Truncated($$"""{"id":"{{Key}}","x":"{{Key}}"""));
        AssertNowhere(await Clock.Failure(client.CreateAsync(Sample.Submission)));
        AssertNowhere(await Clock.Failure(client.ReadAsync("t")));
    }

    [Theory]
    [InlineData("not connected")]
    [InlineData("cut")]
    [InlineData("hang")]
    [InlineData("redirect")]
    public async Task Request_without_a_usable_response_hides_the_key(string way)
    {
        Answer answer = way switch
        {
            "not connected" => Answers.NotConnected(),
            "cut" => Answers.CutAfterSending(),
            "hang" => Answers.HangAfterSending(),
            _ => Answers.Redirect($"https://elsewhere.test/?token={Key}"),
        };
        var (client, _) = Setup(answer);
        AssertNowhere(await Clock.Failure(client.CreateAsync(Sample.Submission, Notes)));
        AssertNowhere(await Clock.Failure(client.ReadAsync("t", Notes)));
        AssertNowhere(Notes.Lines, Notes.Warnings);
    }

    [Fact]
    public void No_public_member_of_the_client_exposes_the_key()
    {
        var (client, _) = Setup(Answers.Json("{}"));
        foreach (var property in typeof(GatewayClient).GetProperties(BindingFlags.Public | BindingFlags.Instance))
            AssertNowhere(property.GetValue(client) ?? "");
        AssertNowhere(client, new TaskPoller(client, 1, TimeSpan.Zero, null, Clock));
    }

    private static void AssertNowhere(params object[] things)
    {
        foreach (var thing in things)
        {
            Assert.DoesNotContain("SECRET", thing.ToString(), StringComparison.Ordinal);
            if (thing is Exception e) AssertNowhere(e.Message, (object?)e.InnerException ?? "", e is GatewayException { Error: { } error } ? error : "", (e as GatewayException)?.ProbableTaskId ?? "");
            else if (thing is not (string or GatewayClient or GatewayOptions or TaskPoller or TimeProvider)) Assert.DoesNotContain("SECRET", JsonSerializer.Serialize(thing, thing.GetType()), StringComparison.Ordinal);
            if (thing is IEnumerable items and not string)
                foreach (var item in items) AssertNowhere(item!);
        }
    }
}
