using System.Globalization;

namespace MidJourney;

/// <summary>What the client says happened. One sentence each, without the key and without terminal escapes.</summary>
internal static class ClientMessages
{
    public static string Cause(Exception e)
    {
        var deepest = e;
        while (deepest.InnerException is { } inner) deepest = inner;
        // "Connection refused (host:port)" holds the "Connection refused" that caused it.
        var saysAll = e.Message.IndexOf(deepest.Message.TrimEnd('.'), StringComparison.OrdinalIgnoreCase) >= 0;
        return SafeText.Message(saysAll ? e.Message : $"{e.Message} {deepest.Message}").TrimEnd('.');
    }

    public static string NoAnswerIn(TimeSpan timeout) => $"no answer within {Seconds(timeout)}";

    public static string TooLong(int limit) => $"the answer is longer than {limit / 1024 / 1024} MB";

    public static string EndedEarly() => "the connection ended before the answer was complete";

    public static string FaultOfType(string type) => $"the connection failed or the answer is malformed ({type})";

    public static string IdNotUnique(string id) => $"the answer names task {SafeText.Printable(id)}, which an earlier create of this session was answered with, so the ID is not unique";

    public static string OtherTask(int status, string id) => $"{Answered(status, null)} with another task, {SafeText.Message(id)}";

    public static string CutOff(Exception cause) => $"the answer broke off: {Cause(cause)}";

    public static string Answered(int status, MJError? error) => error is null ? $"HTTP {status}" : $"HTTP {status}, {error}".TrimEnd('.');

    public static string WithoutJson(int status) => $"HTTP {status} without JSON";

    public static string WithoutIdOrError(int status) => $"HTTP {status} with neither an id nor an error";

    public static string WithoutTask(int status, MJError? error) => $"{Answered(status, error)} without a task";

    public static string Refused(MJSubmission submission, int status, MJError? error) => $"The gateway refused {submission}: {Answered(status, error)}. Nothing was made.";

    public static string CreateUnauthorized(MJSubmission submission, MJError? error) => $"The gateway does not accept the API key, so {submission} was not made: {Answered(401, error)}.";

    public static string CreatePutOff(MJSubmission submission, int status, TimeSpan tried, TimeSpan? asked) => asked is { } wait && wait > tried
        ? $"The gateway is not taking {submission} now and asks to come again in {Seconds(wait)} (HTTP {status}). Nothing was made."
        : $"The gateway has not taken {submission} for {Seconds(tried)} (HTTP {status}). Nothing was made.";

    public static string NotConnected(MJSubmission submission, Uri baseUri, string cause) => $"No connection to {Host(baseUri)} could be made, so {submission} was not sent: {cause}.";

    /// <summary>Without its text, in which may be anything that came off the wire.</summary>
    public static string UnexpectedFault(Exception e) =>
        $"an unexpected {e.GetType().Name}{(e.StackTrace is { Length: > 0 } trace ? " (" + trace.Trim().Split('\n')[0].Trim() + ")" : "")}";

    public static string ProxyRefused() => "the proxy does not accept the credentials, or requires some (HTTP 407)";

    public static string NotSent(MJSubmission submission, string cause) => $"{submission} was not sent: {cause}.";

    public static string Redirected(Uri baseUri, Uri? target) =>
        $"{Host(baseUri)} redirects to {(target is null ? "another path" : SafeText.Message(Host(target)))}. Redirects are not followed, because the API key would go along.";

    public static string OutcomeUnknown(MJSubmission submission, string cause, string? probableId) =>
        $"It is not known whether the task for {submission} was made and paid: {cause}.{(probableId is null ? "" : $" The answer names task {SafeText.Printable(probableId)}.")} Submitting it again may pay twice.";

    public static string SubmittedBefore(MJSubmission submission, DateTimeOffset time, string? probableId) =>
        FormattableString.Invariant($"The task for {submission} was submitted at {time:yyyy-MM-dd HH:mm:ss} UTC, and its outcome is unknown: it may have been made and paid{(probableId is null ? "." : $"; the answer named task {SafeText.Printable(probableId)}.")} It is not submitted again, because you may pay twice.");

    public static string SubmittingElsewhere(MJSubmission submission, DateTimeOffset time) => FormattableString.Invariant($"Another process has been submitting the task for {submission} since {time:yyyy-MM-dd HH:mm:ss} UTC, and has not recorded the outcome. The task is not submitted a second time, because you may pay twice.");

    public static string ContentRefusedBefore(MJSubmission submission, DateTimeOffset time, MJError? error) => FormattableString.Invariant($"The task for {submission} is not submitted again: at {time:yyyy-MM-dd HH:mm:ss} UTC moderation refused the same content: {error ?? new MJError()}.");

    public static string NotCreatedAgain(MJSubmission submission, MJTask task) => $"The task for {submission} is not created again: the journal knows it as {SafeText.Printable(task.Id)}.";

    public static string JournalNotSettled(string path, string cause) => $"The journal {path} cannot be written ({cause.TrimEnd('.')}). Nothing was recorded, and the outcome is still unknown.";

    public static string JournalNotWritten(string path, string cause) => $"The journal {path} cannot be written ({cause.TrimEnd('.')}). What was accepted is kept in memory and written later. If PowerShell ends before that, the journal shows the outcome of these tasks as unknown.";

    public static string JournalOpenToOthers(string path, string cause) => $"Other users can access the journal {path}, and its mode cannot be changed to 0600 ({cause.TrimEnd('.')}). It contains your prompts and the addresses of your images.";

    public static string NotARegularFile(string path) => $"'{path}' is not a regular file";

    public static string NotAJournal() => "no line of the file is a line of a journal";

    public static string JournalNotRead(string path, string cause) => $"The journal {path} cannot be read ({cause.TrimEnd('.')}), so it is not known what was submitted before.";

    public static string JournalNotUsable(string path, string cause) => $"The journal {path} cannot be used ({cause.TrimEnd('.')}). Nothing is submitted without it, because the same work could be paid twice.";

    public static string JournalInMemory(string path, string cause) => $"The journal {path} cannot be used ({cause.TrimEnd('.')}). This session remembers in memory what it pays for, and forgets it when PowerShell ends. To choose another file, use New-MJSession -JournalPath.";

    public static string JournalLinesUnread(int count, string path) => $"Unreadable lines in the journal {path}: {count}. Work that only those lines record may be paid again.";

    public static string JournalDeleted(string path, int count) => $"The journal {path} was deleted or replaced while this session used it. What this session submitted is written to it again (tasks: {count}). To begin a new journal, remove the session first: Get-MJSession | Remove-MJSession.";

    public static string JournalHeld(string path) => $"another process holds the lock {path}";

    public static string JournalWasLost() => "The journal was deleted while it was in use.";

    public static string NoJournal() => "-SkipSubmitted requires a journal file, and this session has none. Choose a file with New-MJSession -JournalPath, or omit -SkipSubmitted.";

    public static string DownloadFailed(Uri url, string cause) => $"{Address(url)} could not be downloaded: {cause}.";

    public static string DownloadCutOff(long length, long total) => $"it broke off after {length} of {total} bytes";

    public static string DownloadDoesNotFit() => "the server returned a different range than requested";

    public static string DownloadInsecure() => "it was redirected from https to http";

    public static string DownloadRedirected() => "it was redirected to an address that is not plain http or https";

    public static string DownloadInCircles(int most) => $"it was redirected more than {most} times";

    public static string DownloadSlow(int bytes, TimeSpan patience) => $"fewer than {bytes / 1024} KB arrived in {Seconds(patience)}";

    public static string DownloadStalled(TimeSpan patience) => $"no data arrived for {Seconds(patience)}";

    public static string OutputGone(Uri url, int status) => $"The image link has expired or leads nowhere (HTTP {status}): {Address(url)}";

    public static string InvalidOutput(Uri url, string why) => $"{Address(url)} is not an image: {why}.";

    public static string OutputEmpty() => "it is empty";

    public static string OutputIsPage() => "its first bytes are those of a page or a message";

    public static string OutputOfNoKind(string? mediaType) => mediaType is null ? "its first bytes are not those of an image or a video" : $"its first bytes are not those of an image or a video (the server calls it {SafeText.Message(mediaType)})";

    public static string OutputNotDecoded() => "it is not compressed the way the server says";

    public static string OutputTooLong(long most) => FormattableString.Invariant($"it is longer than {most:#,0} bytes (-MaxBytes)");

    public static string NotVerified(string path, string cause) => $"{path} is already there, but could not be compared with the image. {cause}";

    public static string NoFreeName(string name) => $"every name like {name} is taken";

    public static string FileNotWritten(string path, string cause) => $"{path} could not be written: {cause.TrimEnd('.')}.";

    public static string MetadataNotWritten(string path, string cause) => $"The file is saved, but its metadata could not be written ({path}): {cause.TrimEnd('.')}.";

    public static string IsNoMetadata() => "what is there under this name is something else; -Force replaces it";

    public static string NoPng(string path) => $"{path} is no PNG, and only a PNG takes metadata in. Use -WriteMetadata Json for it and others like it.";

    public static string NotATask(string cause) => $"The gateway's answer is not a task: {cause}.";

    public static string ReadFailed(string id, string cause) => $"Task {SafeText.Printable(id)} could not be read: {cause}.";

    public static string TaskNotFound(string id, MJError? error) => error?.Message is null
        ? $"The gateway has no task {SafeText.Printable(id)}."
        : $"The gateway has no task {SafeText.Printable(id)}: {error.Message}.";

    public static string TaskNotFoundYet(string id) => $"The gateway accepted task {SafeText.Printable(id)} a moment ago and does not find it yet.";

    public static string TaskEnded(MJTask task, GatewayErrorKind kind) => task.Status == MJTaskStatus.Cancelled
        ? $"Task {SafeText.Printable(task.Id)}{Origin(task)} was cancelled: {task.Error ?? new MJError()}."
        : kind == GatewayErrorKind.ContentRefused ? $"Task {SafeText.Printable(task.Id)}{Origin(task)} failed because moderation refused its content: {task.Error ?? new MJError()}."
        : $"Task {SafeText.Printable(task.Id)}{Origin(task)} failed: {task.Error ?? new MJError()}.";

    public static string WaitTimeout(MJTask task, TimeSpan waited, string? lastFault) => $"Task {SafeText.Printable(task.Id)} had not ended after {Seconds(waited)}; it is {task.RawStatus ?? "of unknown status"}{(task.Progress is { } progress ? FormattableString.Invariant($" at {progress:P0}") : "")}{(lastFault is null ? "" : $" (the last read: {lastFault})")}. It continues at the gateway.";

    public static string UnknownStatus(string status) => $"The gateway reports the status '{status}', which this module does not know; it counts as still running.";

    public static string NoUrl(MJTask task) => $"Task {SafeText.Printable(task.Id)} is completed, but its URL has not appeared.";

    public static string Paused(TimeSpan duration, int status) => $"The gateway asks for a pause (HTTP {status}, Retry-After): all requests of this session wait {Seconds(duration)}.";

    public static string Repeating(string what, string cause, TimeSpan wait, int failures) => $"{what}: {cause}; try {failures + 1} in {Seconds(wait)}.";

    public static string NextTry(string cause, TimeSpan wait) => $"{cause}; next try in {Seconds(wait)}.";

    public static string Request(long number, string method, string path, MJSubmission? submission) => submission is null
        ? $"#{number} {method} {path}"
        : $"#{number} {method} {path} ({submission})";

    public static string RequestAnswered(string request, int status, TimeSpan took, TimeSpan? retryAfter) => retryAfter is { } wait
        ? $"{request}: HTTP {status} in {Duration(took)}, to come again in {Seconds(wait)}."
        : $"{request}: HTTP {status} in {Duration(took)}.";

    public static string RequestFailed(string request, string cause, TimeSpan took) => $"{request}: {cause}, after {Duration(took)}.";

    public static string WaitingForOthers(string kind) => $"A {kind} waits for its turn: {"as many are in flight as may be"}.";

    public static string HeldBack(string kind, TimeSpan waited, TimeSpan pause, double? rate, int free)
    {
        var reasons = new List<string>();
        if (pause > TimeSpan.Zero) reasons.Add($"the gateway asked for a pause of which {Seconds(pause)} were left");
        if (rate is not null) reasons.Add(FormattableString.Invariant($"the gateway takes {rate:0.##} a second"));
        if (free == 0) reasons.Add("as many are in flight as may be");
        return $"A {kind} waited {Duration(waited)} for its turn: {(reasons.Count == 0 ? "no more a second may be sent" : string.Join(", ", reasons))}.";
    }

    public static string RateFound(string kind, int status, double? rate) => FormattableString.Invariant($"HTTP {status}: the rate of {kind}s is now {rate:0.##} a second.");

    public static string Planned(string id, double age, double wait, string reason) =>
        FormattableString.Invariant($"Task {SafeText.Printable(id)} at age {age:0.0} s: to be read in {wait:0.0} s ({reason}).");

    public static string Replanned(int count, double ends) => FormattableString.Invariant($"The reads of {count} waiting tasks are planned anew; ends seen: {ends:0}.");

    public static string CreateOf(MJSubmission submission) => $"Create of {submission}";

    public static string ReadOf(string id) => $"Read of task {SafeText.Printable(id)}";

    public static string Download() => "Download";

    public static string ApiKeyEmpty() => "The API key is empty.";

    public static string ApiKeyOdd() => "The API key holds a character that cannot be part of one (a space, a line break or a letter beyond ASCII).";

    private static string Duration(TimeSpan time) => $"{Math.Round(time.TotalMilliseconds)} ms";

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture) + " s";

    /// <summary>Scheme, host and port: the rest may hold what is nobody's business.</summary>
    public static string Host(Uri uri) => $"{uri.Scheme}://{uri.Authority}";

    /// <summary>Without the query, which may be a signature.</summary>
    private static string Address(Uri url) => SafeText.Message(url.GetLeftPart(UriPartial.Path));

    private static string Origin(MJTask task)
    {
        if (task.SourceJobId is null) return "";
        var job = SafeText.Printable(task.SourceJobId);
        return task.SourceImageNo is { } image ? $" (job {job}, image {image})" : $" (job {job})";
    }
}
