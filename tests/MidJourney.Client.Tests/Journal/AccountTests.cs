using System.Text.RegularExpressions;

namespace MidJourney.Client.Tests;

/// <summary>Work belongs to the account that pays for it: a name, or a fingerprint of the key.</summary>
public sealed class AccountTests : JournalTestBase
{
    private const string OtherKey = "sk-another/KEY+of=somebody.98765";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("a", Sample.Key, "b", Sample.Key)]
    [InlineData(null, Sample.Key, null, OtherKey)]
    [InlineData("a", Sample.Key, null, Sample.Key)]
    public async Task Work_of_another_account_is_created_and_the_account_is_named(string? firstName, string firstKey, string? secondName, string secondKey)
    {
        var (first, _) = SetupAs(firstName, firstKey, Accepts("t1"));
        var (second, gateway) = SetupAs(secondName, secondKey, Accepts("t2"));
        await CreateAsync(first, Sample.Submission);
        var guard = await second.GuardAsync(Guarded, null, default);
        Assert.Equal("t2", (await second.CreateAsync(Sample.Submission, guard.Begin(Sample.Submission, null), null, null, default)).Id);
        Assert.Equal((first.Account, 1), (guard.OtherAccount, gateway.Sent.Length));
        Assert.Equal(firstName ?? first.Account, first.Account);
        // Each account gets its own task.
        Assert.Equal(("t1", "t2"), ((await CreateAsync(first, Sample.Submission)).Id, (await CreateAsync(second, Sample.Submission)).Id));
        Assert.Equal([first.Account, second.Account], Listed().OrderBy(t => t.Id).Select(t => t.Account));
    }

    [Fact]
    public async Task Account_name_counts_whatever_the_key()
    {
        var (first, _) = SetupAs("a", Sample.Key, Accepts("t1"));
        var (second, gateway) = SetupAs("a", OtherKey, Accepts("t2"));
        await CreateAsync(first, Sample.Submission);
        Assert.Equal("t1", (await CreateAsync(second, Sample.Submission)).Id);
        Assert.Empty(gateway.Sent);
    }

    [Fact]
    public async Task Line_without_account_counts_for_every_account()
    {
        Append(Created("t1", Hour, version: 1));
        foreach (var (name, key) in new[] { ("a", Sample.Key), (null, Sample.Key), (null, OtherKey) })
        {
            var (client, gateway) = SetupAs(name, key, Accepts("t2"));
            var guard = await client.GuardAsync(Guarded, null, default);
            Assert.Equal("t1", (await client.CreateAsync(Sample.Submission, guard.Begin(Sample.Submission, null), null, null, default)).Id);
            Assert.Null(guard.OtherAccount);
            Assert.Empty(gateway.Sent);
        }
    }

    [Fact]
    public async Task Fingerprint_has_8_digits_and_uses_the_salt_of_the_file_which_never_contains_the_key()
    {
        var (client, _) = SetupAs(null, Sample.Key, Accepts("t1"));
        await CreateAsync(client, Sample.Submission);
        Assert.Matches("^[0-9a-f]{8}$", client.Account);
        Assert.Matches("^[0-9a-f]{32}$", Lines()[0].GetProperty("salt").GetString());
        Assert.Equal(client.Account, Lines()[1].GetProperty("account").GetString());
        foreach (var part in new[] { Sample.Key, Sample.Key[3..12], Sample.Key[^10..] }) Assert.DoesNotContain(part, Text, StringComparison.Ordinal);
        // Another file has another salt, so fingerprints of two files cannot be compared.
        var (elsewhere, _) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, Journal = new TaskJournal(Path.Combine(FolderPath, "other.jsonl"), Clock) }, Accepts("t1"));
        await CreateAsync(elsewhere, Sample.Submission);
        Assert.NotEqual(client.Account, elsewhere.Account);
    }

    [Fact]
    public async Task File_of_0_1_0_gets_a_salt_once()
    {
        Append("""{"v":1,"event":"journal","time":"2024-03-09T15:00:00.000Z","id":"0123456789abcdef0123456789abcdef"}""" + "\n" + Created("old", Hour, version: 1));
        for (var n = 0; n < 2; n++)
        {
            var (client, _) = SetupAs(null, Sample.Key, Accepts("t1"));
            await CreateAsync(client, Sample.Upscale("job-2", 0, UpscaleType.Standard));
        }
        Assert.Equal(["created", "journal", "submitting", "created"], Events);
        Assert.Single(Regex.Matches(Text, "\"salt\""));
    }

    [Theory]
    [InlineData("compacted")]
    [InlineData("deleted")]
    [InlineData("deleted and made anew by another process")]
    public async Task Same_key_is_the_same_account_after_the_file_was(string what)
    {
        var journal = NewJournal(what == "compacted" ? 1 : null);
        var (client, _) = SetupWith(journal, Accepts("t1"), Accepts("t2"));
        await journal.RecordEndedAsync(await CreateAsync(client, Sample.Submission) with { Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
        var account = client.Account;
        if (what != "compacted") File.Delete(JournalPath);
        if (what == "deleted and made anew by another process") await CreateAsync(SetupAs(null, OtherKey, Accepts("theirs")).Client, Sample.Upscale("job-3", 0, UpscaleType.Standard));
        await CreateAsync(client, Sample.Upscale("job-2", 0, UpscaleType.Standard));
        if (what != "deleted and made anew by another process") Assert.Equal(account, client.Account);
        var (other, gateway) = SetupAs(null, Sample.Key, Accepts("other"));
        Assert.Equal("t1", (await CreateAsync(other, Sample.Submission)).Id);
        Assert.Equal("t2", (await CreateAsync(other, Sample.Upscale("job-2", 0, UpscaleType.Standard))).Id);
        Assert.Equal(client.Account, other.Account);
        Assert.Empty(gateway.Sent);
    }

    [Theory]
    [InlineData("its first line was lost")]
    [InlineData("another one was put before it")]
    [InlineData("another one was put behind it")]
    public async Task Fingerprint_with_another_salt_counts_for_every_account(string what)
    {
        var (client, _) = SetupAs(null, Sample.Key, Accepts("t1"));
        await CreateAsync(client, Sample.Submission);
        var another = "{\"v\":2,\"event\":\"journal\",\"time\":\"2024-03-09T14:00:00.000Z\",\"id\":\"other\",\"salt\":\"11111111111111111111111111111111\"}\n"
            + Created("t9", Hour, account: "9999999f", submission: Sample.Upscale("job-9", 0, UpscaleType.Standard)) + Created("t8", Hour, account: "studio", submission: Sample.Upscale("job-8", 0, UpscaleType.Standard));
        var text = what switch
        {
            "its first line was lost" => Text[(Text.IndexOf('\n', StringComparison.Ordinal) + 1)..],
            "another one was put before it" => another + Text,
            _ => Text + another,
        };
        File.WriteAllText(JournalPath, text);
        for (var n = 0; n < 2; n++)
        {
            // Compacted for the second client.
            var journal = NewJournal(maxBytes: n == 0 ? 1 : null);
            var (other, gateway) = SetupWith(journal, Accepts($"new-{n}"), Accepts($"mine-{n}"));
            Assert.Equal("t1", (await CreateAsync(other, Sample.Submission)).Id);
            if (what == "another one was put before it") Assert.Equal("t9", (await CreateAsync(other, Sample.Upscale("job-9", 0, UpscaleType.Standard))).Id);
            Assert.Empty(gateway.Sent);
            // A name does not depend on the salt, and new tasks have an account.
            if (what != "its first line was lost" && n == 0) Assert.Equal("new-0", (await CreateAsync(other, Sample.Upscale("job-8", 0, UpscaleType.Standard))).Id);
            await CreateAsync(other, Sample.Upscale($"job-1{n}", 0, UpscaleType.Standard));
            await Until(() => !journal.IsWriting);
        }
        var (theirs, their) = SetupAs(null, OtherKey, Accepts("theirs"));
        Assert.Equal("theirs", (await CreateAsync(theirs, Sample.Upscale("job-10", 0, UpscaleType.Standard))).Id);
        Assert.Single(their.Sent);
    }

    private (GatewayClient Client, FakeGateway Gateway) SetupAs(string? account, string key, params Answer[] script)
    {
        var gateway = new FakeGateway(Clock, script);
        var journal = NewJournal();
        Clock.WaitFor(journal);
        return (new GatewayClient(key, new GatewayOptions { BaseUri = Sample.BaseUri, Journal = journal, Account = account }, gateway, Clock), gateway);
    }
}
