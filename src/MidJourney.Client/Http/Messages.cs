using System.Globalization;

namespace MidJourney;

/// <summary>What the client says happened. One sentence each, without the key and without terminal escapes.</summary>
internal static class Messages
{
    public static string Cause(Exception e)
    {
        var deepest = e;
        while (deepest.InnerException is { } inner) deepest = inner;
        return WireText.Message(e == deepest ? e.Message : $"{e.Message} {deepest.Message}").TrimEnd('.');
    }

    public static string NoAnswerIn(TimeSpan timeout) => $"no answer within {Seconds(timeout)}";

    public static string TooLong(int limit) => $"the answer is longer than {limit / 1024 / 1024} MB";

    public static string CutOff(Exception cause) => $"the answer broke off: {Cause(cause)}";

    public static string Answered(int status, MJError? error) => error is null ? $"HTTP {status}" : $"HTTP {status}, {error}";

    public static string Refused(MJSubmission submission, int status, MJError? error) =>
        $"The gateway refused {submission}: {Answered(status, error)}. Nothing was made.";

    public static string CreateUnauthorized(MJSubmission submission, MJError? error) =>
        $"The gateway does not accept the API key, so {submission} was not made: {Answered(401, error)}.";

    public static string CreatePutOff(MJSubmission submission, int status, TimeSpan tried, TimeSpan? asked) =>
        asked is { } wait && wait > tried
            ? $"The gateway is not taking {submission} now and asks to come again in {Seconds(wait)} (HTTP {status}). Nothing was made."
            : $"The gateway has not taken {submission} for {Seconds(tried)} (HTTP {status}). Nothing was made.";

    public static string NotConnected(MJSubmission submission, Uri baseUri, string cause) =>
        $"No connection to {Host(baseUri)} could be made, so {submission} was not sent: {cause}.";

    public static string Redirected(Uri baseUri, Uri? location) =>
        $"{Host(baseUri)} redirects to {(location is { IsAbsoluteUri: true } ? WireText.Message(Host(location)) : "another path")}. Redirects are not followed, because the API key would go along.";

    public static string OutcomeUnknown(MJSubmission submission, string cause, string? probableId) =>
        $"It is not known whether the task for {submission} was made and paid: {cause}."
        + (probableId is null ? "" : $" The answer names task {WireText.Printable(probableId)}.")
        + " Submitting it again may pay twice.";

    public static string SubmittedBefore(MJSubmission submission, SubmittedBefore before) =>
        FormattableString.Invariant($"It is not known whether the task for {submission} was made and paid when it was submitted at {before.Time:yyyy-MM-dd HH:mm:ss} UTC")
        + (before.ProbableTaskId is { } id ? $"; the answer named task {WireText.Printable(id)}." : before.Message is null ? ": its outcome was never written down." : ".")
        + " It is not created again, because that may pay twice.";

    public static string JournalNotWritten(string path, string cause) =>
        $"The journal {path} cannot be written ({cause.TrimEnd('.')}). Work goes on, but tasks of this session may not be found again when it ends early.";

    public static string JournalNotRead(string path, string cause) =>
        $"The journal {path} cannot be read ({cause.TrimEnd('.')}), so it cannot be told what was created before.";

    public const string NoJournal = "The session keeps no journal, so it cannot be told what was created before.";

    public static string DownloadFailed(Uri url, string cause) => $"{Address(url)} could not be downloaded: {cause}.";

    public static string OutputGone(Uri url, int status) => FormattableString.Invariant($"{Address(url)} is not given out (HTTP {status}); such addresses expire.");

    public static string InvalidOutput(Uri url, string why) => $"{Address(url)} is not an image: {why}.";

    public static string FileNotWritten(string path, string cause) => $"{path} could not be written: {cause.TrimEnd('.')}.";

    /// <summary>Without the query, which may be a signature.</summary>
    private static string Address(Uri url) => WireText.Printable(url.GetLeftPart(UriPartial.Path));

    public static string NotATask(string cause) => $"The gateway's answer is not a task: {cause}.";

    public static string ReadFailed(string id, string cause) => $"Task {WireText.Printable(id)} could not be read: {cause}.";

    public static string TaskNotFound(string id, MJError? error) =>
        $"The gateway has no task {WireText.Printable(id)}{(error?.Message is null ? "" : $": {error.Message}")}.";

    public static string TaskEnded(MJTask task) =>
        $"Task {WireText.Printable(task.Id)}{Origin(task)} {(task.Status == MJTaskStatus.Cancelled ? "was cancelled" : "failed")}: {task.Error}.";

    public static string WaitTimeout(MJTask task, TimeSpan waited, string? lastFault) =>
        $"Task {WireText.Printable(task.Id)} had not ended after {Seconds(waited)}; it is {task.RawStatus ?? "not seen yet"}"
        + (task.Progress is { } progress ? $" at {progress.ToString("P0", CultureInfo.InvariantCulture)}" : "")
        + (lastFault is null ? "" : $" (the last read: {lastFault})") + ". It goes on at the gateway.";

    public static string UnknownStatus(string status) =>
        $"The gateway reports the status '{status}', which this module does not know; it counts as still running.";

    public static string NoUrl(MJTask task) =>
        $"Task {WireText.Printable(task.Id)} is completed, but its URL has not appeared.";

    public static string Paused(TimeSpan duration, int status) =>
        $"The gateway asks for a pause (HTTP {status}, Retry-After): all requests of this session wait {Seconds(duration)}.";

    public static string Repeating(string what, string cause, TimeSpan wait, int failures) =>
        $"{what}: {cause}; try {failures + 1} in {Seconds(wait)}.";

    public static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.##} s");

    /// <summary>Scheme, host and port: the rest may hold what is nobody's business.</summary>
    public static string Host(Uri uri) => $"{uri.Scheme}://{uri.Authority}";

    private static string Origin(MJTask task) => task.SourceJobId is null
        ? ""
        : $" (job {WireText.Printable(task.SourceJobId)}{(task.SourceImageNo is { } image ? FormattableString.Invariant($", image {image}") : "")})";
}
