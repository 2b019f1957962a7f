using System.Globalization;

namespace MidJourney;

/// <summary>The client's texts: errors, warnings, verbose and debug lines. None contains the key or terminal escapes.</summary>
internal static class ClientMessages
{
    public static string Cause(Exception e)
    {
        var deepest = e;
        while (deepest.InnerException is { } inner) deepest = inner;
        // "Connection refused (host:port)" contains the "Connection refused" that caused it.
        var isComplete = e.Message.IndexOf(deepest.Message.TrimEnd('.'), StringComparison.OrdinalIgnoreCase) >= 0;
        return SafeText.Message(isComplete ? e.Message : $"{e.Message} {deepest.Message}").TrimEnd('.');
    }

    // Causes: part of a sentence.
    public static string NoResponseWithin(TimeSpan timeout) => $"no response within {Seconds(timeout)}";
    public static string ResponseTooLong(int limit) => $"the response is longer than {limit / 1024 / 1024} MB";
    public static string ResponseIncomplete() => "the connection closed before the response was complete";
    public static string ResponseCutOff(Exception cause) => $"the response was cut off: {Cause(cause)}";
    public static string TransportFault(string type) => $"the connection failed or the response is malformed ({type})";
    public static string ProxyRefused() => "the proxy rejected the credentials, or requires credentials (HTTP 407)";

    /// <summary>Without the exception's message, which may contain anything that the gateway sent.</summary>
    public static string UnexpectedFault(Exception e) =>
        $"an unexpected {e.GetType().Name}{(e.StackTrace is { Length: > 0 } trace ? " (" + trace.Trim().Split('\n')[0].Trim() + ")" : "")}";
    public static string HttpStatus(int status, MJError? error) => error is null ? $"HTTP {status}" : $"HTTP {status}, {error}".TrimEnd('.');
    public static string WithoutJson(int status) => $"HTTP {status} without JSON";
    public static string WithPage(int status, MJError? title) => $"HTTP {status} with a web page{(title?.Message is { } text ? $" ('{text.TrimEnd('.')}')" : "")}";
    public static string WithImpossibleTask(int status) => $"HTTP {status} for a task that cannot exist";
    public static string WithoutIdOrError(int status) => $"HTTP {status} with neither an ID nor an error";
    public static string EstimateFailed(string cause) => $"The gateway did not estimate the price: {cause.TrimEnd('.')}. Prices are taken from the journal instead.";
    public static string EstimateMadeTask(string id) =>
        EstimateFailed($"it answered with task {SafeText.Printable(id)}, which it may have created and billed");
    public static string NotAPrice(int status) => $"HTTP {status} without a valid price";
    public static string WithoutTask(int status, MJError? error) => $"{HttpStatus(status, error)} without a task";
    public static string WithOtherTask(int status, string id) => $"HTTP {status} with a different task, {SafeText.Message(id)}";
    public static string ResponseNotProcessed(Exception fault) => $"the response could not be processed ({fault.GetType().Name})";
    public static string TaskIdInUse(string id) => $"the response names task {SafeText.Printable(id)}, which this session already received for another submission, so the ID is not unique";

    // Submissions.
    public static string Refused(MJSubmission submission, int status, MJError? error) => $"The gateway refused {submission}: {HttpStatus(status, error)}. No task was created.";
    public static string ContentRefused(MJSubmission submission, int status, MJError? error) =>
        $"Moderation refused {Content(submission)}: {HttpStatus(status, error)}. No task was created.";
    public static string CreateUnauthorized(MJSubmission submission, string? keySource, int status, MJError? error) =>
        $"The gateway does not accept the {KeyFrom(keySource)}, so {submission} was not submitted: {HttpStatus(status, error)}.";
    public static string CreateThrottled(MJSubmission submission, int status, TimeSpan tried, TimeSpan? retryAfter) => retryAfter is { } wait && wait > tried
        ? $"The gateway is throttling requests (HTTP {status}, retry after {Seconds(wait)}); {submission} was not submitted."
        : $"The gateway kept answering HTTP {status} for {Seconds(tried)}; {submission} was not submitted.";
    public static string NotConnected(MJSubmission submission, Uri baseUri, string cause) => $"Could not connect to {Host(baseUri)}, so {submission} was not submitted: {cause}.";
    public static string NotSubmitted(MJSubmission submission, string cause) => $"Could not submit {submission}: {cause}.";
    public static string Redirected(Uri baseUri, Uri? target) =>
        $"{Host(baseUri)} redirects to {(target is null ? "another path" : SafeText.Message(Host(target)))}. Redirects are not followed, because they would forward the API key.";
    public static string OutcomeUnknown(MJSubmission submission, string cause, string? probableId) =>
        $"The outcome of submitting {submission} is unknown: {cause}. The task may exist and be billed.{(probableId is null ? "" : $" The response names task {SafeText.Printable(probableId)}.")} If you submit it again, you may pay twice.";
    public static string PreviousOutcomeUnknown(MJSubmission submission, DateTimeOffset time, string? probableId) => FormattableString.Invariant(
        $"The outcome of submitting {submission} at {time:yyyy-MM-dd HH:mm:ss} UTC is unknown: the task may exist and be billed{(probableId is null ? "" : $" (the response named task {SafeText.Printable(probableId)})")}. It was not submitted again, because you might pay twice.");
    public static string SubmittingElsewhere(MJSubmission submission, DateTimeOffset time) => FormattableString.Invariant(
        $"Another process started submitting {submission} at {time:yyyy-MM-dd HH:mm:ss} UTC and has not recorded the outcome. It was not submitted again, because you might pay twice.");
    public static string ContentRefusedBefore(MJSubmission submission, DateTimeOffset time, MJError? error) => FormattableString.Invariant(
        $"Moderation refused {Content(submission)} at {time:yyyy-MM-dd HH:mm:ss} UTC, so it was not submitted again: {Reason(error)}.");
    public static string AlreadySubmitted(MJSubmission submission, MJTask task) => $"The journal already has task {SafeText.Printable(task.Id)} for {submission}, so it was not submitted again.";

    // The budget.
    public static string PriceUnknown(MJSubmission submission, string kind) =>
        $"Could not submit {submission}: its price is unknown, and this session has a limit (-MaxCost). Neither the session nor its journal has a completed task of this kind ({SafeText.Printable(kind)}) with a cost in US dollars.";

    public static string BudgetExceeded(MJSubmission submission, decimal price, decimal maxCost, decimal spent, decimal committed, int tasks) =>
        $"Could not submit {submission}: it may cost {Money.Text(price)}, and the budget has {Money.Text(Math.Max(0, maxCost - spent - committed))} left. This session has spent {Money.Text(spent)} of -MaxCost {Money.Text(maxCost)}" +
        $"{(tasks == 0 ? "" : $", and {Money.Text(committed)} is committed to {tasks} {(tasks == 1 ? "task" : "tasks")} whose cost is not known yet")}. A new session starts at zero: it does not count what earlier sessions spent.";

    // The journal.
    public static string JournalNotUsable(string path, string cause) =>
        $"Cannot use the journal {path} ({cause.TrimEnd('.')}). Nothing is submitted without it, because the same work could be billed twice.";
    public static string JournalInMemory(string path, string cause) =>
        $"Cannot use the journal {path} ({cause.TrimEnd('.')}). This session keeps its record of paid work in memory and loses it when PowerShell exits. To keep it, open the session with another -JournalPath.";
    public static string JournalNotRead(string path, string cause) => $"Cannot read the journal {path} ({cause.TrimEnd('.')}), so it is unknown what was already submitted.";
    public static string JournalNotWritten(string path, string cause) =>
        $"Cannot write to the journal {path} ({cause.TrimEnd('.')}). Accepted tasks are kept in memory and recorded later. If PowerShell exits first, the journal shows their outcome as unknown.";
    public static string OutcomeNotRecorded(string path, string cause) => $"Cannot write to the journal {path} ({cause.TrimEnd('.')}). Nothing was recorded, and the outcome is still unknown.";
    public static string JournalOpenToOthers(string path, string cause) =>
        $"Other users can access the journal {path}, and its mode cannot be changed to 0600 ({cause.TrimEnd('.')}). It contains your prompts and image URLs.";
    public static string JournalLinesUnread(int count, string path) => $"Unreadable lines in the journal {path}: {count}. Work that is recorded only in those lines may be billed again.";
    public static string JournalDeleted(string path, int count) =>
        $"The journal {path} was deleted or replaced while this session was using it. Tasks of this session that were recorded in it again: {count}. To start a new journal, first remove the session.";
    public static string JournalDeletedInUse() => "The journal was deleted while it was in use.";
    public static string JournalLocked(string path) => $"another process holds the lock {path}";
    public static string JournalMissing() => "A journal file is required, and this session has none.";
    public static string NotARegularFile(string path) => $"'{path}' is not a regular file";
    public static string NotAJournal() => "the file contains no journal lines";

    // Downloads.
    public static string DownloadFailed(Uri url, string cause) => $"Could not download {Address(url)}: {cause}.";
    public static string DownloadCutOff(long length, long total) => $"the connection closed after {length} of {total} bytes";
    public static string DownloadNotWhole() => "the response ended before the end of the file";
    public static string DownloadRangeMismatch() => "the server returned a different range than requested";
    public static string DownloadInsecure() => "the server redirected from https to http";
    public static string DownloadRedirected() => "the server redirected to an address that is not a plain http or https URL";
    public static string DownloadRedirectLimit(int limit) => $"the server redirected more than {limit} times";
    public static string DownloadSlow(int bytes, TimeSpan time) => $"fewer than {bytes / 1024} KB arrived in {Seconds(time)}";
    public static string DownloadStalled(TimeSpan time) => $"no data arrived for {Seconds(time)}";
    public static string OutputGone(Uri url, int status) => $"The image link has expired or is invalid (HTTP {status}): {Address(url)}";
    public static string InvalidOutput(Uri url, string cause) => $"{Address(url)} is not an image or a video: {cause}.";
    public static string OutputTooLong(Uri url, long limit) => FormattableString.Invariant($"{Address(url)} is longer than {limit:#,0} bytes, the limit that -MaxBytes sets. It was not saved.");
    public static string OutputEmpty() => "the response is empty";
    public static string OutputIsText() => "the server returned a web page or a text message";
    public static string OutputFormatUnknown(string? mediaType) =>
        $"the response is not in a known image or video format{(mediaType is null ? "" : $" (the server's content type is {SafeText.Message(mediaType)})")}";
    public static string OutputNotDecoded() => "the response is not compressed as its headers state";
    public static string NotVerified(string path, string cause) => $"{path} already exists, but could not be compared with the image. {cause}";
    public static string NoFreeName(string name) => $"all names based on {name} are taken";
    public static string FileNotWritten(string path, string cause) => $"Could not write {path}: {cause.TrimEnd('.')}.";
    public static string DiskFull(long length, long others, long free) => FormattableString.Invariant(
        $"the file needs {length:#,0} bytes{(others == 0 ? "" : FormattableString.Invariant($" and other downloads need another {others:#,0}"))}, but only {free:#,0} bytes are free on the disk");
    public static string MetadataNotWritten(string path, string cause) => $"The file was saved, but its metadata could not be written ({path}): {cause.TrimEnd('.')}.";
    public static string NotAMetadataFile() => "another file with this name exists; -Force replaces it";
    public static string NotAPngFile(string path) => $"{path} is not a PNG file, so metadata cannot be embedded in it. For files like this, use -WriteMetadata Json.";

    // Reads and waits.
    public static string NotATask(string cause) => $"The gateway's response is not a task: {cause}.";
    public static string ReadFailed(string id, string cause, MJOrigin? origin = null) => $"Could not read task {SafeText.Printable(id)}{Of(origin)}: {cause}.";
    public static string ReadUnauthorized(string id, string? keySource, string cause) =>
        $"The gateway does not accept the {KeyFrom(keySource)}, so task {SafeText.Printable(id)} was not read: {cause}.";
    public static string TaskNotFound(string id, MJError? error, MJOrigin? origin = null) =>
        $"The gateway has no task {SafeText.Printable(id)}{Of(origin)}{(error?.Message is null ? "" : $": {error.Message.TrimEnd('.')}")}.";
    public static string TaskNotFoundYet(string id) => $"The gateway accepted task {SafeText.Printable(id)} a moment ago, but cannot find it yet.";

    public static string TaskEnded(MJTask task, GatewayErrorKind kind, bool isImageRefused = false)
    {
        var what = task.Status == MJTaskStatus.Cancelled ? "was cancelled"
            : kind != GatewayErrorKind.ContentRefused ? "failed"
            : isImageRefused ? "failed because moderation refused the finished image" : "failed because moderation refused its content";
        return $"Task {SafeText.Printable(task.Id)}{Of(task.Origin)} {what}: {Reason(task.Error)}.";
    }

    public static string WaitTimeout(MJTask task, TimeSpan waited, string? lastFault)
    {
        var progress = task.Progress is { } share ? FormattableString.Invariant($" at {share:P0}") : "";
        return $"Timed out after {Seconds(waited)} waiting for task {SafeText.Printable(task.Id)}{Of(task.Origin)}; status: {task.RawStatus ?? "unknown"}{progress}{(lastFault is null ? "" : $"; last read: {CauseOf(lastFault, task)}")}. The task continues at the gateway.";
    }

    public static string UnknownStatus(string status) => $"The gateway returned the status '{status}', which this module does not know. The task is treated as still running.";
    public static string NoUrl(MJTask task) => $"Task {SafeText.Printable(task.Id)} is completed, but the gateway has not returned its URL.";

    // Callbacks.
    public static string ListenAddressInvalid(string text, string reason) =>
        $"'{SafeText.Printable(text)}' is not an address to listen on: {reason}. Specify a port, such as 8080, or an address, such as http://127.0.0.1:8080/path.";
    public static string ListenAddressNotUnderstood() => "it is neither a port nor an address with a port";
    public static string ListenNotHttp(string scheme) => $"the listener does not support {SafeText.Printable(scheme)}, only http; a proxy in front of it can add https";
    public static string ListenWithUser() => "it contains a user name";
    public static string ListenWithQuery() => "it contains a query or a fragment";
    public static string ListenPathWithDots() => "its path contains '.' or '..'";
    public static string ListenHostUnknown(string host) => $"{SafeText.Printable(host)} is neither localhost nor an IP address";
    public static string ListenPortInvalid(string port) => $"the port {SafeText.Printable(port)} is not between 1 and 65535";
    public static string ListenFailed(System.Net.IPEndPoint address, string reason) => $"Cannot listen on http://{address}: {reason}.";
    public static string ListenPortTaken() => "the port is already in use, perhaps by another PowerShell";
    public static string ListenNotPermitted() => "the system does not permit it; the port may be reserved or in use, or require an administrator";
    public static string ListenNotLocal() => "this computer does not have the address";

    // The bill.
    public static string BillNotRead(string cause) => $"Could not read the bill: {cause}.";
    public static string BillUnauthorized(string? keySource, string cause) => $"The gateway does not accept the {KeyFrom(keySource)}, so the bill was not read: {cause}.";
    public static string WithoutBill(int status, MJError? error) => HttpStatus(status, error) + (error is null && status is >= 200 and < 300 ? " without a bill" : "");
    public static string ReadingBill() => "Reading the bill";

    // Verbose and debug lines.
    public static string Throttled(TimeSpan pause, int status) => $"The gateway is throttling requests (HTTP {status}, Retry-After): this session sends none for {Seconds(pause)}.";
    public static string Retrying(string what, string cause, TimeSpan wait, int failures) => $"{what}: {cause}; attempt {failures + 1} in {Seconds(wait)}.";
    public static string RetryingIn(string cause, TimeSpan wait) => $"{cause}; retrying in {Seconds(wait)}.";
    public static string Submitting(MJSubmission submission) => $"Submitting {submission}";
    public static string Reading(string id) => $"Reading task {SafeText.Printable(id)}";
    public static string Downloading() => "Downloading";
    public static string Request(long number, string method, string path, MJSubmission? submission) => $"#{number} {method} {path}{(submission is null ? "" : $" ({submission})")}";
    public static string RequestAnswered(string request, int status, TimeSpan duration, TimeSpan? retryAfter) =>
        $"{request}: HTTP {status} in {Milliseconds(duration)}{(retryAfter is { } wait ? $", retry after {Seconds(wait)}" : "")}.";
    public static string RequestFailed(string request, string cause, TimeSpan duration) => $"{request}: {cause}, after {Milliseconds(duration)}.";
    public static string WaitingForSlot(string kind) => $"A {kind} request is waiting: the concurrency limit is reached.";

    public static string RequestDelayed(string kind, TimeSpan waited, TimeSpan retryAfter, double? rate, int slots)
    {
        var reasons = new List<string>();
        if (retryAfter > TimeSpan.Zero) reasons.Add($"the gateway's Retry-After had {Seconds(retryAfter)} left");
        if (rate is not null) reasons.Add(FormattableString.Invariant($"the gateway accepts {rate:0.##} requests per second"));
        if (slots == 0) reasons.Add("the concurrency limit was reached");
        return $"A {kind} request waited {Milliseconds(waited)}: {(reasons.Count == 0 ? "the requests-per-second limit was reached" : string.Join(", ", reasons))}.";
    }

    public static string RateAdjusted(string kind, int status, double? rate) => FormattableString.Invariant($"HTTP {status}: the {kind} rate is now {rate:0.##} requests per second.");
    public static string ReadPlanned(string id, double age, double wait, string reason) =>
        FormattableString.Invariant($"Task {SafeText.Printable(id)} at age {age:0.0} s: next read in {wait:0.0} s ({reason}).");
    public static string ReadsReplanned(int count, double ends) => FormattableString.Invariant($"Rescheduled the reads of {count} waiting tasks; completed tasks seen: {ends:0}.");

    // The key.
    public static string ApiKeyEmpty(string? source) => $"The {KeyFrom(source)} is empty.";
    public static string ApiKeyInvalid(string? source) => $"The {KeyFrom(source)} contains an invalid character (a space, a line break or a non-ASCII character).";
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture) + " s";

    private static string KeyFrom(string? source) => source is null ? "API key" : $"API key from {source}";

    private static string Milliseconds(TimeSpan time) => $"{Math.Round(time.TotalMilliseconds)} ms";

    /// <summary>Scheme, host and port only: the rest may be private.</summary>
    public static string Host(Uri uri) => $"{uri.Scheme}://{uri.Authority}";

    /// <summary>Without the query, which may be a signature.</summary>
    private static string Address(Uri url) => SafeText.Message(url.GetLeftPart(UriPartial.Path));

    /// <summary>A failed read, in a sentence that already names the task.</summary>
    private static string CauseOf(string fault, MJTask task) =>
        ReadFailed(task.Id, "", task.Origin).TrimEnd('.') is var start && fault.StartsWith(start, StringComparison.Ordinal) ? fault.Substring(start.Length) : fault;

    /// <summary>What tells a task from the others: the job and the image, else the prompt.</summary>
    private static string Of(MJOrigin? origin)
    {
        if (origin?.SourceJobId is not { } id) return origin?.Prompt is { } prompt ? $" (prompt '{SafeText.Prompt(prompt)}')" : "";
        return $" (job {SafeText.Printable(id)}{(origin.SourceImageNo is { } image ? FormattableString.Invariant($", image {image}") : "")})";
    }

    /// <summary>What moderation looks at: the prompt, also where a job has one, else the image of a job.</summary>
    private static string Content(MJSubmission submission) => submission.Prompt is { } prompt ? $"the prompt '{SafeText.Prompt(prompt)}'" : $"the content of {submission}";

    private static string Reason(MJError? error) => (error ?? new MJError()).ToString().TrimEnd('.');
}
