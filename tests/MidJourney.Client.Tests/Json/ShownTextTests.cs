namespace MidJourney.Client.Tests;

public sealed class ShownTextTests
{
    private const string Evil = "\\u001b]0;owned\\u0007\\u001b[31mred";

    [Fact]
    public void A_byte_order_mark_is_no_part_of_raw() => Assert.Equal(Sample.Completed, Sample.Read("\ufeff" + Sample.Completed).Raw);

    [Fact]
    public void A_task_named_with_escapes_shows_none()
    {
        var task = Sample.Create($$"""{"id":"{{Evil}}","status":"in_progress"}""").Task!;
        Assert.All(new[] { task.ToString(), ClientMessages.WaitTimeout(task, TimeSpan.FromSeconds(1), null), ClientMessages.TaskNotFound(task.Id, null) }, text => Assert.DoesNotContain(text, char.IsControl));
    }

    [Theory]
    [InlineData("Connection refused (127.0.0.1:80)", "Connection refused", "Connection refused (127.0.0.1:80)")]
    [InlineData("An error occurred while sending the request.", "Connection reset by peer.", "An error occurred while sending the request. Connection reset by peer")]
    public void A_cause_is_told_once(string message, string cause, string told) =>
        Assert.Equal(told, ClientMessages.Cause(new HttpRequestException(message, new IOException("between", new IOException(cause)))));

    [Fact]
    public void Cutting_a_long_message_splits_no_character()
    {
        var text = SafeText.Message(new string('x', 999) + "😀😀");
        Assert.DoesNotContain(text.Select((c, i) => (c, i)), p => char.IsHighSurrogate(p.c) && (p.i + 1 == text.Length || !char.IsLowSurrogate(text[p.i + 1])));
    }

    [Fact]
    public void An_error_body_of_white_space_gives_no_error() => Assert.Null(Sample.ReadError(" \r\n ", 500).Error);

    [Theory]
    [InlineData("""{"id":"t","status":"completed","message":"success"}""")]
    [InlineData("""{"id":"t","status":"in_progress","code":200,"message":"the task is queued"}""")]
    [InlineData("""{"id":"t","status":"completed","detail":{"seed":7}}""")]
    public void A_kind_word_beside_a_task_that_runs_or_is_done_is_no_error(string json) => Assert.Null(Sample.Read(json).Error);
}
