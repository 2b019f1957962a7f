using System.Globalization;
using MidJourney.Gateway;
using MidJourney.Json;
using MidJourney.Polling;
using MidJourney.Throttling;

namespace MidJourney;

/// <summary>What the client says happened. One sentence each, without the key and without terminal escapes.</summary>
internal static class Messages
{
    public static string Cause(Exception e)
    {
        var deepest = e;
        while (deepest.InnerException is { } inner) deepest = inner;
        // "Connection refused (host:port)" holds the "Connection refused" that caused it.
        var saysAll = e.Message.IndexOf(deepest.Message.TrimEnd('.'), StringComparison.OrdinalIgnoreCase) >= 0;
        return SafeText.Message(saysAll ? e.Message : $"{e.Message} {deepest.Message}").TrimEnd('.');
    }

    public static string NoAnswerIn(TimeSpan timeout) => MessageText.Of(nameof(NoAnswerIn), Seconds(timeout));

    public static string TooLong(int limit) => MessageText.Of(nameof(TooLong), limit / 1024 / 1024);

    public static string EndedEarly() => MessageText.Of(nameof(EndedEarly));

    public static string FaultOfType(string type) => MessageText.Of(nameof(FaultOfType), type);

    public static string IdNotUnique(string id) => MessageText.Of(nameof(IdNotUnique), SafeText.Printable(id));

    public static string OtherTask(int status, string id) => MessageText.Of(nameof(OtherTask), Answered(status, null), SafeText.Message(id));

    public static string ImagesMissing(MJTask task, int there, int expected, string numbers, bool areGuessed) =>
        MessageText.Of(nameof(ImagesMissing), SafeText.Printable(task.Id), there, expected, numbers, areGuessed ? MessageText.Of("ImagesMissingGuess") : "");

    public static string CutOff(Exception cause) => MessageText.Of(nameof(CutOff), Cause(cause));

    public static string Answered(int status, MJError? error) => error is null ? MessageText.Of(nameof(Answered), status) : MessageText.Of("AnsweredWith", status, error).TrimEnd('.');

    public static string WithoutJson(int status) => MessageText.Of(nameof(WithoutJson), status);

    public static string WithoutIdOrError(int status) => MessageText.Of(nameof(WithoutIdOrError), status);

    public static string WithoutTask(int status, MJError? error) => MessageText.Of(nameof(WithoutTask), Answered(status, error));

    public static string Refused(MJSubmission submission, int status, MJError? error) => MessageText.Of(nameof(Refused), submission, Answered(status, error));

    public static string CreateUnauthorized(MJSubmission submission, MJError? error) => MessageText.Of(nameof(CreateUnauthorized), submission, Answered(401, error));

    public static string CreatePutOff(MJSubmission submission, int status, TimeSpan tried, TimeSpan? asked) => asked is { } wait && wait > tried
        ? MessageText.Of("CreatePutOffUntil", submission, Seconds(wait), status)
        : MessageText.Of(nameof(CreatePutOff), submission, Seconds(tried), status);

    public static string NotConnected(MJSubmission submission, Uri baseUri, string cause) => MessageText.Of(nameof(NotConnected), Host(baseUri), submission, cause);

    /// <summary>Without its text, in which may be anything that came off the wire.</summary>
    public static string UnexpectedFault(Exception e) =>
        MessageText.Of(nameof(UnexpectedFault), e.GetType().Name, e.StackTrace is { Length: > 0 } trace ? " (" + trace.Trim().Split('\n')[0].Trim() + ")" : "");

    public static string ProxyRefused() => MessageText.Of(nameof(ProxyRefused));

    public static string NotSent(MJSubmission submission, string cause) => MessageText.Of(nameof(NotSent), submission, cause);

    public static string Redirected(Uri baseUri, GatewayResponse answer)
    {
        // A host that holds the key has it in lower case.
        var isShown = answer.Location is { IsAbsoluteUri: true } location && answer.Key.Redact(location.OriginalString) == location.OriginalString;
        return MessageText.Of(nameof(Redirected), Host(baseUri), isShown ? SafeText.Message(Host(answer.Location!)) : MessageText.Of("RedirectedPath"));
    }

    public static string OutcomeUnknown(MJSubmission submission, string cause, string? probableId) =>
        MessageText.Of(nameof(OutcomeUnknown), submission, cause, probableId is null ? "" : MessageText.Of("OutcomeUnknownTask", SafeText.Printable(probableId)));

    public static string SubmittedBefore(MJSubmission submission, DateTimeOffset time, string? probableId) =>
        MessageText.Of(nameof(SubmittedBefore), submission, time, probableId is null ? "." : MessageText.Of("SubmittedBeforeTask", SafeText.Printable(probableId)));

    public static string SubmittingElsewhere(MJSubmission submission, DateTimeOffset time) => MessageText.Of(nameof(SubmittingElsewhere), submission, time);

    public static string ContentRefusedBefore(MJSubmission submission, DateTimeOffset time, MJError? error) => MessageText.Of(nameof(ContentRefusedBefore), submission, time, error ?? new MJError());

    public static string NotCreatedAgain(MJSubmission submission, MJTask task) => MessageText.Of(nameof(NotCreatedAgain), submission, SafeText.Printable(task.Id));

    public static string JournalNotSettled(string path, string cause) => MessageText.Of(nameof(JournalNotSettled), path, cause.TrimEnd('.'));

    public static string JournalNotWritten(string path, string cause) => MessageText.Of(nameof(JournalNotWritten), path, cause.TrimEnd('.'));

    public static string JournalOpenToOthers(string path, string cause) => MessageText.Of(nameof(JournalOpenToOthers), path, cause.TrimEnd('.'));

    public static string NotARegularFile(string path) => MessageText.Of(nameof(NotARegularFile), path);

    public static string NotAJournal() => MessageText.Of(nameof(NotAJournal));

    public static string JournalNotRead(string path, string cause) => MessageText.Of(nameof(JournalNotRead), path, cause.TrimEnd('.'));

    public static string JournalNotUsable(string path, string cause) => MessageText.Of(nameof(JournalNotUsable), path, cause.TrimEnd('.'));

    public static string JournalInMemory(string path, string cause) => MessageText.Of(nameof(JournalInMemory), path, cause.TrimEnd('.'));

    public static string JournalLinesUnread(int count, string path) => MessageText.Of(nameof(JournalLinesUnread), count, path);

    public static string JournalDeleted(string path, int count) => MessageText.Of(nameof(JournalDeleted), path, count);

    public static string JournalHeld(string path) => MessageText.Of(nameof(JournalHeld), path);

    public static string JournalWasLost() => MessageText.Of(nameof(JournalWasLost));

    public static string NoJournal() => MessageText.Of(nameof(NoJournal));

    public static string DownloadFailed(Uri url, string cause) => MessageText.Of(nameof(DownloadFailed), Address(url), cause);

    public static string DownloadCutOff(long length, long total) => MessageText.Of(nameof(DownloadCutOff), length, total);

    public static string DownloadDoesNotFit() => MessageText.Of(nameof(DownloadDoesNotFit));

    public static string DownloadInsecure() => MessageText.Of(nameof(DownloadInsecure));

    public static string DownloadRedirected() => MessageText.Of(nameof(DownloadRedirected));

    public static string DownloadInCircles(int most) => MessageText.Of(nameof(DownloadInCircles), most);

    public static string DownloadSlow(int bytes, TimeSpan patience) => MessageText.Of(nameof(DownloadSlow), bytes / 1024, Seconds(patience));

    public static string DownloadStalled(TimeSpan patience) => MessageText.Of(nameof(DownloadStalled), Seconds(patience));

    public static string OutputGone(Uri url, int status) => MessageText.Of(nameof(OutputGone), Address(url), status);

    public static string InvalidOutput(Uri url, string why) => MessageText.Of(nameof(InvalidOutput), Address(url), why);

    public static string OutputEmpty() => MessageText.Of(nameof(OutputEmpty));

    public static string OutputIsPage() => MessageText.Of(nameof(OutputIsPage));

    public static string OutputOfNoKind(string? mediaType) => mediaType is null ? MessageText.Of(nameof(OutputOfNoKind)) : MessageText.Of("OutputOfNoKindButType", SafeText.Message(mediaType));

    public static string OutputNotDecoded() => MessageText.Of(nameof(OutputNotDecoded));

    public static string OutputTooLong(long most) => MessageText.Of(nameof(OutputTooLong), most);

    public static string NotVerified(string path, string cause) => MessageText.Of(nameof(NotVerified), path, cause);

    public static string NoFreeName(string name) => MessageText.Of(nameof(NoFreeName), name);

    public static string FileNotWritten(string path, string cause) => MessageText.Of(nameof(FileNotWritten), path, cause.TrimEnd('.'));

    public static string MetadataNotWritten(string path, string cause) => MessageText.Of(nameof(MetadataNotWritten), path, cause.TrimEnd('.'));

    public static string IsNoMetadata() => MessageText.Of(nameof(IsNoMetadata));

    public static string NoPng(string path) => MessageText.Of(nameof(NoPng), path);

    public static string NotATask(string cause) => MessageText.Of(nameof(NotATask), cause);

    public static string ReadFailed(string id, string cause) => MessageText.Of(nameof(ReadFailed), SafeText.Printable(id), cause);

    public static string TaskNotFound(string id, MJError? error) => error?.Message is null
        ? MessageText.Of(nameof(TaskNotFound), SafeText.Printable(id))
        : MessageText.Of("TaskNotFoundWith", SafeText.Printable(id), error.Message);

    public static string TaskNotFoundYet(string id) => MessageText.Of(nameof(TaskNotFoundYet), SafeText.Printable(id));

    public static string TaskEnded(MJTask task) => task.Status == MJTaskStatus.Cancelled
        ? MessageText.Of("TaskCancelled", SafeText.Printable(task.Id), Origin(task), task.Error ?? new MJError())
        : ContentRefusal.Is(task) ? MessageText.Of("TaskContentRefused", SafeText.Printable(task.Id), Origin(task), task.Error ?? new MJError())
        : MessageText.Of("TaskFailed", SafeText.Printable(task.Id), Origin(task), task.Error ?? new MJError());

    public static string WaitTimeout(MJTask task, TimeSpan waited, string? lastFault) => MessageText.Of(
        nameof(WaitTimeout),
        SafeText.Printable(task.Id),
        Seconds(waited),
        task.RawStatus ?? MessageText.Of("NotSeenYet"),
        task.Progress is { } progress ? MessageText.Of("WaitTimeoutProgress", progress) : "",
        lastFault is null ? "" : MessageText.Of("WaitTimeoutFault", lastFault));

    public static string UnknownStatus(string status) => MessageText.Of(nameof(UnknownStatus), status);

    public static string NoUrl(MJTask task) => MessageText.Of(nameof(NoUrl), SafeText.Printable(task.Id));

    public static string Paused(TimeSpan duration, int status) => MessageText.Of(nameof(Paused), status, Seconds(duration));

    public static string Repeating(string what, string cause, TimeSpan wait, int failures) => MessageText.Of(nameof(Repeating), what, cause, failures + 1, Seconds(wait));

    public static string NextTry(string cause, TimeSpan wait) => MessageText.Of(nameof(NextTry), cause, Seconds(wait));

    public static string Request(long number, string method, string path, MJSubmission? submission) => submission is null
        ? MessageText.Of(nameof(Request), number, method, path)
        : MessageText.Of("RequestFor", number, method, path, submission);

    public static string RequestAnswered(string request, int status, TimeSpan took, TimeSpan? retryAfter) => retryAfter is { } wait
        ? MessageText.Of("RequestAnsweredLater", request, status, Duration(took), Seconds(wait))
        : MessageText.Of(nameof(RequestAnswered), request, status, Duration(took));

    public static string RequestFailed(string request, string cause, TimeSpan took) => MessageText.Of(nameof(RequestFailed), request, cause, Duration(took));

    public static string WaitingForOthers(RequestKind kind) => MessageText.Of(nameof(WaitingForOthers), NameOf(kind), MessageText.Of("HeldBackByOthers"));

    public static string HeldBack(RequestKind kind, TimeSpan waited, LimiterState state)
    {
        var reasons = new List<string>();
        if (state.Pause > TimeSpan.Zero) reasons.Add(MessageText.Of("HeldBackByPause", Seconds(state.Pause)));
        if (state.Rate is { } rate) reasons.Add(MessageText.Of("HeldBackByRate", rate));
        if (state.Free == 0) reasons.Add(MessageText.Of("HeldBackByOthers"));
        return MessageText.Of(nameof(HeldBack), NameOf(kind), Duration(waited), reasons.Count == 0 ? MessageText.Of("HeldBackByCap") : string.Join(", ", reasons));
    }

    public static string RateFound(RequestKind kind, int status, double? rate) => MessageText.Of(nameof(RateFound), status, NameOf(kind), rate);

    public static string Planned(string id, double age, double wait, PlanReason reason, double ends) =>
        MessageText.Of(nameof(Planned), SafeText.Printable(id), age, wait, MessageText.Of("Plan" + reason, ends));

    public static string Replanned(int count, double ends) => MessageText.Of(nameof(Replanned), count, ends);

    public static string CreateOf(MJSubmission submission) => MessageText.Of(nameof(CreateOf), submission);

    public static string ReadOf(string id) => MessageText.Of(nameof(ReadOf), SafeText.Printable(id));

    public static string Download() => MessageText.Of(nameof(Download));

    public static string ApiKeyEmpty() => MessageText.Of(nameof(ApiKeyEmpty));

    public static string ApiKeyOdd() => MessageText.Of(nameof(ApiKeyOdd));

    private static string NameOf(RequestKind kind) => MessageText.Of("Kind" + kind);

    private static string Duration(TimeSpan time) => MessageText.Of("Milliseconds", Math.Round(time.TotalMilliseconds));

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture) + " s";

    /// <summary>Scheme, host and port: the rest may hold what is nobody's business.</summary>
    public static string Host(Uri uri) => $"{uri.Scheme}://{uri.Authority}";

    /// <summary>Without the query, which may be a signature.</summary>
    private static string Address(Uri url) => SafeText.Message(url.GetLeftPart(UriPartial.Path));

    private static string Origin(MJTask task)
    {
        if (task.SourceJobId is null) return "";
        var job = SafeText.Printable(task.SourceJobId);
        return task.SourceImageNo is { } image ? MessageText.Of("OfJobAndImage", job, image) : MessageText.Of("OfJob", job);
    }
}
