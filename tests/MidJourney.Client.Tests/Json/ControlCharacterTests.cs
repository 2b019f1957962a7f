namespace MidJourney.Client.Tests;

public sealed class ControlCharacterTests
{
    private const string Evil = "\\u001b]0;owned\\u0007\\u001b[31mred\\u009b\\u202e\\u0000\\r\\n";

    [Fact]
    public void No_shown_text_of_a_task_holds_an_escape()
    {
        var task = Sample.Read($$$"""
            {"id":"t","status":"{{{Evil}}}","model":"{{{Evil}}}",
             "error":{"code":"{{{Evil}}}","message":"{{{Evil}}}"},
             "output":[{"content":[{"type":"{{{Evil}}}","url":"{{{Evil}}}"}]}]}
            """);
        string?[] shown =
        [
            task.ToString(), task.RawStatus, task.Model, task.Url, task.Raw, task.Error?.Code, task.Error?.Message, task.Error?.ToString(),
            task.Output[0].ToString(), task.Output[0].Content[0].ToString(), task.Output[0].Content[0].Type,
            ClientMessages.UnknownStatus(task.RawStatus!), ClientMessages.TaskEnded(task, ErrorKinds.FailureKindOf(task)), ClientMessages.NoUrl(task),
        ];
        Assert.All(shown, AssertPlain);
    }

    [Theory]
    [InlineData($$$"""{"error":{"code":"{{{Evil}}}","message":"{{{Evil}}}"}}""")]
    [InlineData($$"""{"error":"{{Evil}}"}""")]
    [InlineData($$"""{"message":"{{Evil}}"}""")]
    [InlineData($$"""{"detail":["{{Evil}}"]}""")]
    [InlineData("\u001b[31mred\u0007 plain")]
    [InlineData("<html><title>\u001b[31mred\u0007</title></html>")]
    public void No_message_holds_an_escape(string body)
    {
        Assert.All([200, 400, 401, 403, 404, 429, 500], status => AssertPlain(Sample.ReadError(body, status).Message));
        Assert.All([200, 400, 401, 403, 404, 429, 500], status => AssertPlain(Sample.Create(body, status).Error!.Message));
    }

    [Fact]
    public void Raw_stays_json_when_a_control_character_stood_in_it_unescaped() =>
        Assert.Equal("\"\\u007f\"", Sample.Read("{\"id\":\"t\",\"x\":\"\u007f\"}").Raw?[14..^1]);

    [Fact]
    public void A_message_is_one_line_of_bounded_length()
    {
        var error = Sample.ReadError($$"""{"message":"a\nb\tc {{new string('x', 5000)}}"}""", 400);
        Assert.Contains("a b c xxx", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 900, 1200);
    }

    private static void AssertPlain(string? text) =>
        Assert.DoesNotContain(text ?? "", c => (char.IsControl(c) && c is not ('\r' or '\n')) || c == '\u202e');
}
