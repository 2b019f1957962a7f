namespace MidJourney.Gateway;

/// <summary>Tells of one request: its number in the session, method, path and subject, how it ended and how long it took.</summary>
internal sealed class RequestTrace(IGatewayObserver observer, TimeProvider time, Func<string, string> redact, long number, string method, Uri uri, MJSubmission? submission)
{
    private readonly long _since = time.GetTimestamp();

    public void Answered(GatewayResponse answer)
    {
        var took = time.GetElapsedTime(_since);
        Note(answer.BodyFault is { } broken ? ClientMessages.RequestFailed(Subject, ClientMessages.ResponseCutOff(broken), took) : ClientMessages.RequestAnswered(Subject, answer.Status, took, answer.RetryAfter));
    }

    public void Failed(string cause) => Note(ClientMessages.RequestFailed(Subject, cause, time.GetElapsedTime(_since)));

    private string Subject => ClientMessages.Request(number, method, SafeText.Printable(Uri.UnescapeDataString(uri.AbsolutePath)), submission);

    // Whoever mistakes the key for an id has put it into the path.
    private void Note(string line) => observer.Note(redact(line));
}
