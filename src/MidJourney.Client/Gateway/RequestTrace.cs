namespace MidJourney.Gateway;

/// <summary>Reports one request to -Verbose: its number in the session, method, path, subject, result and duration.</summary>
internal sealed class RequestTrace(IGatewayObserver observer, TimeProvider time, Func<string, string> redact, long number, string method, Uri uri, MJSubmission? submission)
{
    private readonly long _since = time.GetTimestamp();

    public void Completed(GatewayResponse response)
    {
        var took = time.GetElapsedTime(_since);
        Note(response.BodyFault is { } broken ? ClientMessages.RequestFailed(Subject, ClientMessages.ResponseCutOff(broken), took) : ClientMessages.RequestAnswered(Subject, response.Status, took, response.RetryAfter));
    }

    public void Failed(string cause) => Note(ClientMessages.RequestFailed(Subject, cause, time.GetElapsedTime(_since)));

    private string Subject => ClientMessages.Request(number, method, SafeText.Printable(Uri.UnescapeDataString(uri.AbsolutePath)), submission);

    // A key that was passed as an id is part of the path.
    private void Note(string line) => observer.Note(redact(line));
}
