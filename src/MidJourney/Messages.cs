using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using MidJourney.Commands.Shared;
using MidJourney.Journal;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney;

/// <summary>What the cmdlets say beyond what the client does. Users' own values are quoted short and without terminal escapes.</summary>
internal static class CommandMessages
{
    private const string IdPrefix = "MJ.";

    private static readonly Regex UserInfo = new("(?<=//)[^/@]*@", RegexOptions.CultureInvariant);

    /// <summary>The way out of an error.</summary>
    public static string Advice(string errorId) =>
        MessageText.Of("Advice." + errorId.Substring(IdPrefix.Length), NameTemplate.Default, string.Join(", ", NameTemplate.Tokens));

    public static string ReadAdvice() => MessageText.Of("Advice.Read");

    public static string ProbableTaskAdvice() => MessageText.Of("Advice.ProbableTask");

    public static string ApiKeyKind() => MessageText.Of(nameof(ApiKeyKind));

    public static string NoApiKey() => MessageText.Of(nameof(NoApiKey));

    public static string NoSession() => MessageText.Of(nameof(NoSession));

    public static string NoSessionFor(MJTask task, string address) => MessageText.Of(nameof(NoSessionFor), DisplayText.Quote(task.Id), address);

    public static string NoSessionForAdvice(string address) => MessageText.Of(nameof(NoSessionForAdvice), CodeGeneration.EscapeSingleQuotedStringContent(address));

    public static string TaskOfOtherGateway(MJTask task, string address, MJSession session) => MessageText.Of(nameof(TaskOfOtherGateway), DisplayText.Quote(task.Id), address, session.Address);

    public static string TaskOfOtherGatewayAdvice(string address) => MessageText.Of(nameof(TaskOfOtherGatewayAdvice), address);

    public static string TaskAddressInvalid(MJTask task) => MessageText.Of(nameof(TaskAddressInvalid), DisplayText.Quote(task.Id));

    public static string TaskAddressInvalidAdvice() => MessageText.Of(nameof(TaskAddressInvalidAdvice));

    public static string AccountInvalid(string source, int most) => MessageText.Of(nameof(AccountInvalid), source, most);

    public static string SessionRemoved() => MessageText.Of(nameof(SessionRemoved));

    public static string SessionRemovedInUse() => MessageText.Of(nameof(SessionRemovedInUse));

    public static string JournalGivenTwice() => MessageText.Of(nameof(JournalGivenTwice));

    public static string JournalVariableNotAbsolute(string variable) => MessageText.Of(nameof(JournalVariableNotAbsolute), variable);

    public static string JournalPathIsNone(string path) => MessageText.Of(nameof(JournalPathIsNone), DisplayText.Quote(path));

    public static string ProxyMissing() => MessageText.Of(nameof(ProxyMissing));

    public static string ProxyNotHttp() => MessageText.Of(nameof(ProxyNotHttp));

    public static string ProxyOfThisMachine() => MessageText.Of(nameof(ProxyOfThisMachine));

    public static string ProxyUserTwice() => MessageText.Of(nameof(ProxyUserTwice));

    public static string NotAnAddress() => MessageText.Of(nameof(NotAnAddress));

    public static string BaseUriVariableNotHttp(string variable) => MessageText.Of(nameof(BaseUriVariableNotHttp), variable);

    public static string BaseUriNotHttp() => MessageText.Of(nameof(BaseUriNotHttp));

    public static string BaseUriHasUser() => MessageText.Of(nameof(BaseUriHasUser));

    public static string BaseUriHasQuery() => MessageText.Of(nameof(BaseUriHasQuery));

    public static string BaseUriInsecure(Uri address) => MessageText.Of(nameof(BaseUriInsecure), address.GetLeftPart(UriPartial.Authority));

    public static string JobIdMissing() => MessageText.Of(nameof(JobIdMissing));

    public static string JobIdNotInObject(PSObject given) => MessageText.Of(nameof(JobIdNotInObject), given.TypeNames.FirstOrDefault());

    public static string NotText(string name, object value) => MessageText.Of(nameof(NotText), name, PSObject.AsPSObject(value).TypeNames.FirstOrDefault());

    public static string NotASession(object value) => MessageText.Of(nameof(NotASession), PSObject.AsPSObject(value).TypeNames.FirstOrDefault());

    public static string IdHasInvisible(string name) => MessageText.Of(nameof(IdHasInvisible), name);

    public static string HoldsKey(string name) => MessageText.Of(nameof(HoldsKey), name);

    public static string BlankLinesSkipped(int count) => MessageText.Of(nameof(BlankLinesSkipped), count);

    public static string ImageNumberMissing() => MessageText.Of(nameof(ImageNumberMissing));

    public static string InvalidImageNumber(string text) => MessageText.Of(nameof(InvalidImageNumber), DisplayText.Quote(text));

    public static string TypeMissing() => MessageText.Of(nameof(TypeMissing));

    public static string InvalidType(string text) => MessageText.Of(nameof(InvalidType), DisplayText.Quote(text));

    public static string InvalidCallbackUrl(string text) => MessageText.Of(nameof(InvalidCallbackUrl), DisplayText.Quote(text));

    public static string ForceAlone() => MessageText.Of(nameof(ForceAlone));

    public static string NotHours() => MessageText.Of(nameof(NotHours));

    public static string JournalHasNoPlace() => MessageText.Of(nameof(JournalHasNoPlace));

    public static string FailedTasksSkipped(int count) => MessageText.Of(nameof(FailedTasksSkipped), count);

    public static string OtherAccount(string account) => MessageText.Of(nameof(OtherAccount), account);

    public static string ReturnedKnown(int known, int records, DateTimeOffset? first, DateTimeOffset? last, DateTimeOffset now)
    {
        var (from, to) = (TimeOfDay(first ?? now, now), TimeOfDay(last ?? now, now));
        return MessageText.Of(nameof(ReturnedKnown), known == 1 ? MessageText.Of("ReturnedTask", from) : from == to ? MessageText.Of("ReturnedTasks", from) : MessageText.Of("ReturnedTasksBetween", from, to), known, records);
    }

    /// <summary>What -WhatIf says of work that would not be paid.</summary>
    public static string WouldNotPay(CreateRecord record, string submission)
    {
        var (time, task) = (TimeOfDay(record.KnownSince ?? default, DateTimeOffset.Now), DisplayText.Quote(record.KnownTaskId ?? "?"));
        return record.Action switch
        {
            DuplicateAction.Return => MessageText.Of("WouldReturn", task, time, submission),
            DuplicateAction.Read => MessageText.Of("WouldRead", task, time, submission),
            DuplicateAction.Wait => MessageText.Of("WouldWait", time, submission),
            DuplicateAction.ReportUnknown => MessageText.Of("WouldReportUnknown", time, submission),
            _ => MessageText.Of("WouldReportRefused", time, submission),
        };
    }

    /// <summary>The time where somebody reads it; with the day, unless that is today.</summary>
    private static string TimeOfDay(DateTimeOffset time, DateTimeOffset now)
    {
        var local = time.ToOffset(now.Offset);
        return local.ToString(local.Date == now.Date ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    public static string NoJournalToSkip() => MessageText.Of(nameof(NoJournalToSkip));

    public static string NotSubmitted(int count) => MessageText.Of(nameof(NotSubmitted), count);

    public static string NotRead(int count) => MessageText.Of(nameof(NotRead), count);

    public static string StillRunning(int count, MJSession session) =>
        MessageText.Of(nameof(StillRunning), count, session == SessionStore.Current ? "(Get-MJSession).Undelivered" : "(Get-MJSession -All).Undelivered");

    public static string JournalBadLines(int count, string path) => MessageText.Of(nameof(JournalBadLines), count, path);

    public static string TaskWithoutId(MJTask task) =>
        MessageText.Of(nameof(TaskWithoutId), task.SourceJobId is null ? "" : MessageText.Of("TaskWithoutIdOrigin", DisplayText.Quote(task.SourceJobId), task.SourceImageNo), task.CreatedAt);

    public static string SubmissionIdMissing(PSObject given) => MessageText.Of(nameof(SubmissionIdMissing), given.TypeNames.FirstOrDefault());

    public static string TaskNotUnknown(string id) => MessageText.Of(nameof(TaskNotUnknown), DisplayText.Quote(id));

    public static string NotASubmissionId(string text) => MessageText.Of(nameof(NotASubmissionId), DisplayText.Quote(text));

    /// <summary>Why an outcome cannot be settled.</summary>
    public static string NotSettled(SettleResult why, string submissionId, KnownCreate? known, string? taskId, TaskJournal journal) => why switch
    {
        SettleResult.BeingSent => MessageText.Of("SubmissionBeingSent", known),
        SettleResult.TaskTaken => MessageText.Of("TaskOfOtherSubmission", DisplayText.Quote(taskId ?? ""), known),
        SettleResult.NotUnknown when known is { Task.Id.Length: > 0 } => MessageText.Of("SubmissionMade", known, DisplayText.Quote(known.Task.Id)),
        SettleResult.NotUnknown => MessageText.Of("SubmissionNotMade", known),
        _ => MessageText.Of("SubmissionNotThere", PathOf(journal), submissionId),
    };

    public static string SubmissionWithoutTask(KnownCreate known) => MessageText.Of(nameof(SubmissionWithoutTask), known);

    public static string OneTaskPerSubmission(string taskId) => MessageText.Of(nameof(OneTaskPerSubmission), DisplayText.Quote(taskId));

    public static string TaskOfOtherModel(MJTask task, KnownCreate known) => MessageText.Of(nameof(TaskOfOtherModel), DisplayText.Quote(task.Id), DisplayText.Quote(task.Model ?? ""), known, known.Create.Model);

    public static string TaskTooOld(MJTask task, KnownCreate known) => MessageText.Of(nameof(TaskTooOld), DisplayText.Quote(task.Id), task.CreatedAt?.UtcDateTime, known, known.CreatedAt.UtcDateTime);

    public static string SettleMade(string taskId) => MessageText.Of(nameof(SettleMade), DisplayText.Quote(taskId));

    public static string SettleNeverMade() => MessageText.Of(nameof(SettleNeverMade));

    public static string SubmittedAt(KnownCreate known) => MessageText.Of(nameof(SubmittedAt), known, TimeOfDay(known.CreatedAt, DateTimeOffset.Now));

    public static string OriginNotKnown(string id, TaskJournal journal, string address) => MessageText.Of(nameof(OriginNotKnown), DisplayText.Quote(id), PathOf(journal), address);

    public static string OriginNotWhole(string id, TaskJournal journal) => MessageText.Of(nameof(OriginNotWhole), DisplayText.Quote(id), PathOf(journal));

    public static string RestartOfOtherGateway(string id, string address, string session) => MessageText.Of(nameof(RestartOfOtherGateway), DisplayText.Quote(id), DisplayText.Quote(address), session);

    public static string RestartOfOtherGatewayAdvice(string address) => MessageText.Of(nameof(RestartOfOtherGatewayAdvice), DisplayText.Quote(address));

    public static string OriginAdvice() => MessageText.Of(nameof(OriginAdvice));

    public static string NotSettledAdvice() => MessageText.Of(nameof(NotSettledAdvice));

    public static string RestartedOnce(string id) => MessageText.Of(nameof(RestartedOnce), DisplayText.Quote(id));

    private static string PathOf(TaskJournal journal) => journal.Path ?? MessageText.Of("JournalOfSession");

    public static string NothingNamesNoTask() => MessageText.Of(nameof(NothingNamesNoTask));

    public static string TextNamesNoTask() => MessageText.Of(nameof(TextNamesNoTask));

    public static string ObjectNamesNoTask(PSObject given) => PSValue.Text(given, nameof(MJTask.JobId)) is { } jobId
        ? MessageText.Of("JobNamesNoTask", DisplayText.Quote(jobId))
        : MessageText.Of(nameof(ObjectNamesNoTask), given.TypeNames.FirstOrDefault());

    public static string JobIdOfTask(string id, MJTask task) => id == task.JobId
        ? MessageText.Of("JobIdOfResult", DisplayText.Quote(id), DisplayText.Quote(task.Id))
        : MessageText.Of("JobIdOfSource", DisplayText.Quote(id), DisplayText.Quote(task.Id), task.SourceImageNo, task.UpscaleType ?? task.Model);

    public static string TaskHint(MJTask task, DateTimeOffset now)
    {
        var status = task.Cost is { } cost ? FormattableString.Invariant($"{task.Status}, ${cost:0.000}") : task.Status;
        var age = task.CreatedAt is { } created ? DisplayText.Age(now - created) : "?";
        return task.SourceJobId is null
            ? MessageText.Of(nameof(TaskHint), status, task.Model ?? "?", age)
            : MessageText.Of("TaskHintOfJob", status, task.UpscaleType ?? task.Model, DisplayText.Quote(task.SourceJobId), task.SourceImageNo, age);
    }

    public static string LooksLikeJobId(string id) => MessageText.Of(nameof(LooksLikeJobId), DisplayText.Quote(id));

    public static string IsNoTask(PSObject? given) => given is null ? MessageText.Of("NothingIsNoTask") : MessageText.Of("ValueIsNoTask", DisplayText.Quote(given.ToString()));

    public static string TaskNotCompleted(MJTask task) => MessageText.Of(nameof(TaskNotCompleted), DisplayText.Quote(task.Id), DisplayText.Quote(task.RawStatus ?? task.Status));

    public static string NoOutput(MJTask task) => MessageText.Of(nameof(NoOutput), DisplayText.Quote(task.Id));

    public static string UrlNotHttp(string url, MJTask task) => MessageText.Of(nameof(UrlNotHttp), DisplayText.Quote(UserInfo.Replace(url, "")), DisplayText.Quote(task.Id));

    public static string FileWasThere(string path) => MessageText.Of(nameof(FileWasThere), path);

    public static string FileSaved(Uri url, FileInfo file, TimeSpan took) => MessageText.Of(
        nameof(FileSaved), DisplayText.Quote(url.GetLeftPart(UriPartial.Path)), file.FullName, ViewText.Size(file.Exists ? file.Length : null), MessageText.Of("Milliseconds", Math.Round(took.TotalMilliseconds)));

    public static string PathIsFile(string path) => MessageText.Of(nameof(PathIsFile), DisplayText.Quote(path));

    public static string PathNotOfFiles(string path, string provider) => MessageText.Of(nameof(PathNotOfFiles), DisplayText.Quote(path), provider);

    public static string PathIsNone(string path, string cause) => MessageText.Of(nameof(PathIsNone), DisplayText.Quote(path), cause);

    public static string FolderNotMade(string folder, string cause) => MessageText.Of(nameof(FolderNotMade), folder, cause);

    public static string TemplateHasFolder() => MessageText.Of(nameof(TemplateHasFolder));

    public static string TemplateHasNoSuch(string token) => MessageText.Of(nameof(TemplateHasNoSuch), token);

    public static string TemplateBrace() => MessageText.Of(nameof(TemplateBrace));

    public static string TemplateFormat() => MessageText.Of(nameof(TemplateFormat));

    public static string TemplateDefault() => MessageText.Of(nameof(TemplateDefault));

    public static string InputSaysNothing() => MessageText.Of(nameof(InputSaysNothing));

    public static string ParameterMissing(string name) => MessageText.Of(nameof(ParameterMissing), name);

    public static string TextTooLong(string name, int length, int most) => MessageText.Of(nameof(TextTooLong), name, length, most);

    public static string TextNotUnicode(string name) => MessageText.Of(nameof(TextNotUnicode), name);

    public static string NotANumberBetween(string name, string text, decimal least, decimal most) =>
        MessageText.Of(nameof(NotANumberBetween), name, DisplayText.Quote(text), least, most);

    public static string NotAName(string name, string text, string known) => MessageText.Of(nameof(NotAName), name, DisplayText.Quote(text), known);

    public static string NotAWebAddress(string name, string text) => MessageText.Of(nameof(NotAWebAddress), name, DisplayText.Quote(text));

    public static string NotASize(string name, string text) => MessageText.Of(nameof(NotASize), name, DisplayText.Quote(text));

    public static string NotAPosition(string name, string text) => MessageText.Of(nameof(NotAPosition), name, DisplayText.Quote(text));

    public static string NotAMask(string name, string text) => MessageText.Of(nameof(NotAMask), name, DisplayText.Quote(text));

    public static string MaskEmpty(string name) => MessageText.Of(nameof(MaskEmpty), name);

    public static string MaskTwofold(string name) => MessageText.Of(nameof(MaskTwofold), name);

    public static string MaskSide(string name, MJMaskArea area, int least, int most) => MessageText.Of(nameof(MaskSide), name, area.Width, area.Height, least, most);

    public static string MaskPoints(string name, MJMaskArea area) => MessageText.Of(nameof(MaskPoints), name, area.Points.Length);

    public static string MaskPointOutside(string name, MJMaskArea area, int x, int y) => MessageText.Of(nameof(MaskPointOutside), name, x, y, area.Width, area.Height);

    public static string MaskFlat(string name) => MessageText.Of(nameof(MaskFlat), name);

    public static string RectangleNumbers(string name, string text) => MessageText.Of(nameof(RectangleNumbers), name, DisplayText.Quote(text));

    public static string PolygonNumbers(string name, string text) => MessageText.Of(nameof(PolygonNumbers), name, DisplayText.Quote(text));

    public static string NotAModel(string name, string text) => MessageText.Of(nameof(NotAModel), name, DisplayText.Quote(text));

    public static string NotPlainJson(string name, string place, Type type) => MessageText.Of(nameof(NotPlainJson), name, DisplayText.Quote(place), type);

    public static string NotFinite(string name, string place) => MessageText.Of(nameof(NotFinite), name, DisplayText.Quote(place));

    public static string TooDeep(string name, string place, int most) => MessageText.Of(nameof(TooDeep), name, most, DisplayText.Quote(place));

    public static string NameMissing(string name, string place) => MessageText.Of(nameof(NameMissing), name, DisplayText.Quote(place));

    public static string NotATable(string name) => MessageText.Of(nameof(NotATable), name);

    public static string GivenTwice(string name, string wireName) => MessageText.Of(nameof(GivenTwice), name, wireName);

    public static string ModelHint(string? cmdlet) => cmdlet is null ? MessageText.Of("ModelUndocumented") : MessageText.Of("ModelOfCmdlet", cmdlet);

    public static string CreateTask(string model) => MessageText.Of(nameof(CreateTask), model);

    public static string CreateGrids(string model, int count) => count > 1 ? MessageText.Of("CreatePermutations", model, count) : CreateTask(model);

    public static string CreateUpscale() => MessageText.Of(nameof(CreateUpscale));

    public static string SaveOutput(Uri url) => MessageText.Of(nameof(SaveOutput), DisplayText.Quote(url.GetLeftPart(UriPartial.Path)));

    public static string Saving() => MessageText.Of(nameof(Saving));

    public static string Waiting() => MessageText.Of(nameof(Waiting));

    public static string CostOfAll() => MessageText.Of(nameof(CostOfAll));

    public static string CostOfUnknown() => MessageText.Of(nameof(CostOfUnknown));

    public static string Submitting() => MessageText.Of(nameof(Submitting));

    public static string Reading() => MessageText.Of(nameof(Reading));

    public static string WaitState(StageProgress progress) =>
        MessageText.Of(nameof(WaitState), progress.Done, progress.Failed, progress.Running, progress.Total, CostSoFar(progress.Cost));

    public static string SubmitState(StageProgress progress) => MessageText.Of(nameof(SubmitState), progress.Done, progress.Failed, progress.Running, progress.Total);

    public static string ReadState(StageProgress progress) => MessageText.Of(nameof(ReadState), progress.Done, progress.Failed, progress.Total, CostSoFar(progress.Cost));

    public static string SaveState(StageProgress progress, long bytes) =>
        MessageText.Of(nameof(SaveState), progress.Done, progress.Failed, progress.Running, progress.Total, ViewText.Size(bytes));

    private static string CostSoFar(decimal cost) => cost == 0 ? "" : MessageText.Of(nameof(CostSoFar), ViewText.Money(cost));

    public static string Hint(string type) => MessageText.Of("Type" + type);
}
