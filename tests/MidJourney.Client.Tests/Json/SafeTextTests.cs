namespace MidJourney.Client.Tests;

public sealed class SafeTextTests
{
    private const string Evil = "\\u001b]0;owned\\u0007\\u001b[31mred\\u009b\\u202e\\u0000\\r\\n";

    [Fact]
    public void No_text_of_a_task_contains_a_control_character()
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
    public void No_error_message_contains_a_control_character(string body)
    {
        Assert.All([200, 400, 401, 403, 404, 429, 500], status => AssertPlain(Sample.ReadError(body, status).Message));
        Assert.All([200, 400, 401, 403, 404, 429, 500], status => AssertPlain(Sample.Create(body, status).Error!.Message));
    }

    [Fact]
    public void Raw_is_valid_JSON_even_if_the_response_has_a_raw_control_character() =>
        Assert.Equal("\"\\u007f\"", Sample.Read("{\"id\":\"t\",\"x\":\"\u007f\"}").Raw?[14..^1]);

    [Fact]
    public void Message_is_one_line_with_a_maximum_length()
    {
        var error = Sample.ReadError($$"""{"message":"a\nb\tc {{new string('x', 5000)}}"}""", 400);
        Assert.Contains("a b c xxx", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 900, 1200);
    }

    private static void AssertPlain(string? text) =>
        Assert.DoesNotContain(text ?? "", c => (char.IsControl(c) && c is not ('\r' or '\n')) || c == '\u202e');

    [Fact]
    public void Raw_has_no_byte_order_mark() => Assert.Equal(Sample.Completed, Sample.Read("\ufeff" + Sample.Completed).Raw);

    [Fact]
    public void Task_id_with_control_characters_is_shown_without_them()
    {
        var task = Sample.Create($$"""{"id":"{{Evil}}","status":"in_progress"}""").Task!;
        Assert.All(new[] { task.ToString(), ClientMessages.WaitTimeout(task, TimeSpan.FromSeconds(1), null), ClientMessages.TaskNotFound(task.Id, null) }, text => Assert.DoesNotContain(text, char.IsControl));
    }

    [Theory]
    [InlineData("Connection refused (127.0.0.1:80)", "Connection refused", "Connection refused (127.0.0.1:80)")]
    [InlineData("An error occurred while sending the request.", "Connection reset by peer.", "An error occurred while sending the request. Connection reset by peer")]
    public void Cause_is_not_repeated(string message, string cause, string told) =>
        Assert.Equal(told, ClientMessages.Cause(new HttpRequestException(message, new IOException("between", new IOException(cause)))));

    [Fact]
    public void Truncation_does_not_split_a_surrogate_pair()
    {
        var text = SafeText.Message(new string('x', 999) + "😀😀");
        Assert.DoesNotContain(text.Select((c, i) => (c, i)), p => char.IsHighSurrogate(p.c) && (p.i + 1 == text.Length || !char.IsLowSurrogate(text[p.i + 1])));
    }

    [Fact]
    public void White_space_body_gives_no_error() => Assert.Null(Sample.ReadError(" \r\n ", 500).Error);

    [Theory]
    [InlineData("""{"id":"t","status":"completed","message":"success"}""")]
    [InlineData("""{"id":"t","status":"in_progress","code":200,"message":"the task is queued"}""")]
    [InlineData("""{"id":"t","status":"completed","detail":{"seed":7}}""")]
    public void Message_beside_a_task_that_did_not_fail_is_not_an_error(string json) => Assert.Null(Sample.Read(json).Error);
}
