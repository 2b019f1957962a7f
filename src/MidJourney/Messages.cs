using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using MidJourney.Journal;

namespace MidJourney;

/// <summary>What the cmdlets say beyond what the client does. Users' own values are quoted short and without terminal escapes.</summary>
internal static class Messages
{
    private static readonly Regex UserInfo = new("(?<=//)[^/@]*@", RegexOptions.CultureInvariant);

    public static string ApiKeyKind() => "An API key is a SecureString, a string, or a credential whose password is the key.";

    public static string NoApiKey() => "No API key was given, and the environment holds none.";

    public static string NoSession() => "There is no session, and the environment holds no API key.";

    public static string NoSessionFor(MJTask task, string address) => $"Task {DisplayText.Quote(task.Id)} belongs to {address}, and no open session connects to that gateway.";

    public static string NoSessionForAdvice(string address) => $"Open one with New-MJSession -BaseUri '{CodeGeneration.EscapeSingleQuotedStringContent(address)}' -ApiKey (Read-Host -AsSecureString), then pipe the task in again.";

    public static string TaskOfOtherGateway(MJTask task, string address, string session) => $"Task {DisplayText.Quote(task.Id)} belongs to {address}, but -Session connects to {session}.";

    public static string TaskOfOtherGatewayAdvice(string address) => $"Omit -Session, or specify a session that connects to {address}.";

    public static string TaskAddressInvalid(MJTask task) => $"The BaseUri of task {DisplayText.Quote(task.Id)} is not an http or https address, so it is unknown which gateway has the task.";

    public static string TaskAddressInvalidAdvice() => "Correct BaseUri to the address of the gateway that has the task, such as https://host.";

    public static string AccountInvalid(string source, int most) => $"{source} is not a valid account name: use 1 to {most} printable characters.";

    public static string SessionRemoved() => "The session was removed.";

    public static string SessionRemovedInUse() => "The session was removed while it was in use.";

    public static string JournalGivenTwice() => "-JournalPath and -NoJournal cannot be combined.";

    public static string JournalVariableNotAbsolute(string variable) => $"{variable} is not an absolute path.";

    public static string JournalPathIsNone(string path) => $"'{DisplayText.Quote(path)}' is not the path of a file.";

    public static string ProxyMissing() => "Credentials for a proxy were given without the proxy.";

    public static string ProxyNotHttp() => "The proxy is not an absolute http address.";

    public static string ProxyOfThisMachine() => "The base URI is an address of this machine, which no proxy can reach.";

    public static string ProxyUserTwice() => "The credentials for the proxy were specified twice; use only one of -ProxyCredential, -ProxyUseDefaultCredentials and the address of the proxy.";

    public static string NotAnAddress() => "The value is not a valid address. It is not shown, because it may contain a password.";

    public static string BaseUriVariableNotHttp(string variable) => $"{variable} is not an absolute http or https address.";

    public static string BaseUriNotHttp() => "The base URI is not an absolute http or https address.";

    public static string BaseUriHasUser() => "The base URI holds a user name or password, which would be shown wherever the address is.";

    public static string BaseUriHasQuery() => "The base URI holds a query or a fragment; only a path may follow the host.";

    public static string BaseUriInsecure(Uri address) => $"{address.GetLeftPart(UriPartial.Authority)} is plain http, so everybody on the way could read the API key.";

    public static string JobIdMissing() => "The job id is missing.";

    public static string JobIdNotInObject(PSObject given) => $"The job ID is missing: the object of type {given.TypeNames.FirstOrDefault()} has no property JobId.";

    public static string NotText(string name, object value) => $"-{name} takes text, not a value of type {PSObject.AsPSObject(value).TypeNames.FirstOrDefault()}.";

    public static string NotASession(object value) => $"A value of type {PSObject.AsPSObject(value).TypeNames.FirstOrDefault()} is not a session; New-MJSession and Get-MJSession return sessions.";

    public static string IdHasInvisible(string name) => $"-{name} contains a line break or another character that cannot be seen, so it is not one ID. From a file, Get-Content without -Raw gives an ID for each line.";

    public static string HoldsKey(string name) => $"-{name} holds the API key, which is sent to the gateway in the request's header only.";

    public static string BlankLinesSkipped(int count) => $"Blank lines skipped: {count}.";

    public static string ImageNumberMissing() => "The image number is missing.";

    public static string InvalidImageNumber(string text) => $"'{DisplayText.Quote(text)}' is not an image number: 0, 1, 2 or 3.";

    public static string TypeMissing() => "The upscale type is missing.";

    public static string InvalidType(string text) => $"'{DisplayText.Quote(text)}' is not an upscale type.";

    public static string InvalidCallbackUrl(string text) => $"'{DisplayText.Quote(text)}' is not an absolute http or https address.";

    public static string ForceAlone() => "-Force cannot be combined with -SkipSubmitted or -RetryUnknown: -Force pays again for all records.";

    public static string NotHours() => "Specify a number of hours (0 or more), or a time span such as '12:00:00'.";

    public static string JournalHasNoPlace() => "There is no home folder for the journal. This session remembers in memory what it pays for, and forgets it when PowerShell ends. To choose a file, use New-MJSession -JournalPath or set MIDJOURNEY_JOURNAL_PATH.";

    public static string FailedTasksSkipped(int count) => $"Skipped failed tasks in the input: {count}. To make them again, pipe them into Restart-MJTask.";

    public static string OtherAccount(string account) => $"The same work was paid before under account '{account}', and is now made again for this account. If both are the same account, use one name for both: with New-MJSession -Account '{account}', the earlier tasks are returned.";

    public static string ReturnedKnown(int known, int records, DateTimeOffset? first, DateTimeOffset? last, DateTimeOffset now)
    {
        var (from, to) = (TimeOfDay(first ?? now, now), TimeOfDay(last ?? now, now));
        return $"Returned {(known == 1 ? $"the task of {from}" : from == to ? $"the tasks of {from}" : $"the tasks of {from} to {to}")} instead of paying again ({known} of {records} records). For new images add -Force.";
    }

    /// <summary>What -WhatIf says of work that would not be paid.</summary>
    public static string WouldNotPay(CreateRecord record, string submission)
    {
        var (time, task) = (TimeOfDay(record.KnownSince ?? default, DateTimeOffset.Now), DisplayText.Quote(record.KnownTaskId ?? "?"));
        return record.Action switch
        {
            DuplicateAction.Return => $"Task {task} of {time} would be returned for {submission}, and nothing paid.",
            DuplicateAction.Read => $"Task {task} of {time} would be read first for {submission}. Whether the work would be paid again depends on the status of that task.",
            DuplicateAction.Wait => $"Another process has been submitting {submission} since {time}; its task would be returned, and nothing paid.",
            DuplicateAction.ReportUnknown => $"Nothing would be submitted for {submission}: the outcome of the submission of {time} is unknown.",
            _ => $"Nothing would be submitted for {submission}: moderation refused the same content at {time}.",
        };
    }

    /// <summary>The time where somebody reads it; with the day, unless that is today.</summary>
    private static string TimeOfDay(DateTimeOffset time, DateTimeOffset now)
    {
        var local = time.ToOffset(now.Offset);
        return local.ToString(local.Date == now.Date ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    public static string NoJournalToSkip() => "-SkipSubmitted requires a journal file, and this session has none. Choose a file with New-MJSession -JournalPath, or omit -SkipSubmitted.";

    public static string NotSubmitted(int count) => $"{count} more were not submitted, because they would be refused for the same reason. They cost nothing; run the command again when the reason is gone.";

    public static string NotRead(int count) => $"{count} more were not read, because they would be refused for the same reason.";

    public static string StillRunning(int count, bool areOfDefaultSession) =>
        $"The wait has ended for all {count} remaining tasks. They are in {(areOfDefaultSession ? "(Get-MJSession).Undelivered" : "(Get-MJSession -All).Undelivered")}: pipe them into Wait-MJTask when the reason is gone.";

    public static string JournalBadLines(int count, string path) => $"Unreadable lines in the journal {path}: {count}. What only those lines record is not listed.";

    public static string TaskWithoutId(MJTask task) =>
        FormattableString.Invariant($"The task{(task.SourceJobId is null ? "" : $" of job {DisplayText.Quote(task.SourceJobId)}, image {task.SourceImageNo}")} has no ID, because the answer to its submission was lost at {task.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC. It may have been made and paid.");

    public static string SubmissionIdMissing(PSObject given) => $"The object of type {given.TypeNames.FirstOrDefault()} has no SubmissionId, so it is not a submission whose outcome is unknown.";

    public static string TaskNotUnknown(string id) => $"The outcome of task {DisplayText.Quote(id)} is not unknown: it has no SubmissionId.";

    public static string NotASubmissionId(string text) => $"'{DisplayText.Quote(text)}' is not a submission ID. A submission ID has 32 hexadecimal digits.";

    /// <summary>Why an outcome cannot be settled.</summary>
    public static string NotSettled(SettleResult why, string submissionId, KnownCreate? known, string? taskId, TaskJournal journal) => why switch
    {
        SettleResult.BeingSent => $"Another command is still submitting {known}. Wait until it has finished, then list the unknown outcomes again.",
        SettleResult.TaskTaken => $"Task {DisplayText.Quote(taskId ?? "")} belongs to another submission in the journal, not to the one for {known}. Nothing was recorded.",
        SettleResult.NotUnknown when known is { Task.Id.Length: > 0 } => $"The outcome of the submission for {known} is already known: task {DisplayText.Quote(known.Task.Id)} was made.",
        SettleResult.NotUnknown => $"The outcome of the submission for {known} is already known: nothing was made, or it was submitted again.",
        _ => $"The journal {PathOf(journal)} has no submission {submissionId}.",
    };

    public static string SubmissionWithoutTask(KnownCreate known) => $"It is not known which task the submission for {known} made. If there is one, add -TaskId with its ID. If there is none, add -NeverMade.";

    public static string OneTaskPerSubmission(string taskId) => $"-TaskId {DisplayText.Quote(taskId)} was used for the first submission of the input, and cannot be used for another one. Settle each submission with its own task ID.";

    public static string TaskOfOtherModel(MJTask task, KnownCreate known) => $"Task {DisplayText.Quote(task.Id)} is a task of {DisplayText.Quote(task.Model ?? "")}, but the submission for {known} was one of {known.Create.Model}. Nothing was recorded.";

    public static string TaskTooOld(MJTask task, KnownCreate known) => FormattableString.Invariant($"Task {DisplayText.Quote(task.Id)} was created at {task.CreatedAt?.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, before {known} was submitted at {known.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, so it is another task. Nothing was recorded.");

    public static string SettleMade(string taskId) => $"Record that task {DisplayText.Quote(taskId)} was made";

    public static string SettleNeverMade() => "Record that nothing was made, so that it can be submitted again";

    public static string SubmittedAt(KnownCreate known) => $"{known} (submitted at {TimeOfDay(known.CreatedAt, DateTimeOffset.Now)})";

    public static string OriginNotKnown(string id, TaskJournal journal, string address) => $"Task {DisplayText.Quote(id)} cannot be made again: the journal {PathOf(journal)} has no submission for it at {address}, and the input does not hold all parameters of the task.";

    public static string OriginNotWhole(string id, TaskJournal journal) => $"Task {DisplayText.Quote(id)} cannot be made again: the journal {PathOf(journal)} no longer holds its parameters.";

    public static string RestartOfOtherGateway(string id, string address, string session) => $"Task {DisplayText.Quote(id)} belongs to {DisplayText.Quote(address)}, but the session connects to {session}.";

    public static string RestartOfOtherGatewayAdvice(string address) => $"Use a session that connects to {DisplayText.Quote(address)}: -Session, or New-MJSession -BaseUri {DisplayText.Quote(address)}.";

    public static string OriginAdvice() => "Submit it with the Invoke-MJ… cmdlet of its model. If another journal recorded the task, specify that one with New-MJSession -JournalPath.";

    public static string NotSettledAdvice() => "Pipe in what Get-MJTask -Status OutcomeUnknown returns now. If another journal recorded the submission, specify that one with New-MJSession -JournalPath.";

    public static string RestartedOnce(string id) => $"Task {DisplayText.Quote(id)} is one of several attempts at the same work in the input. The work is made again once.";

    private static string PathOf(TaskJournal journal) => journal.Path ?? "of this session";

    public static string NothingNamesNoTask() => "The task ID is $null. The command that should supply it returned nothing, as (Get-MJSession).Undelivered does without a session. The journal lists what was submitted: Get-MJTask | Wait-MJTask.";

    public static string TextNamesNoTask() => "An empty text names no task.";

    public static string ObjectNamesNoTask(PSObject given, string? jobId) => jobId is not null
        ? $"An object with the job id '{DisplayText.Quote(jobId)}', but without the property Id or TaskId, names no task; a job id is not a task id."
        : $"An object of type {given.TypeNames.FirstOrDefault()} without the property Id or TaskId names no task.";

    public static string JobIdOfTask(string id, MJTask task) => id == task.JobId
        ? $"'{DisplayText.Quote(id)}' is a job id, not a task id: the job is what task {DisplayText.Quote(task.Id)} made. Give the task id instead."
        : $"'{DisplayText.Quote(id)}' is a job id, not a task id: task {DisplayText.Quote(task.Id)} (image {task.SourceImageNo}, {task.UpscaleType ?? task.Model}) was made of that job. Give the task id instead.";

    public static string TaskHint(MJTask task, DateTimeOffset now)
    {
        var status = task.Cost is { } cost ? FormattableString.Invariant($"{task.Status}, ${cost:0.000}") : task.Status;
        var age = task.CreatedAt is { } created ? DisplayText.Age(now - created) : "?";
        return task.SourceJobId is null
            ? $"{status}: {task.Model ?? "?"}, {age} ago"
            : $"{status}: {task.UpscaleType ?? task.Model} of job {DisplayText.Quote(task.SourceJobId)}, image {task.SourceImageNo}, {age} ago";
    }

    public static string LooksLikeJobId(string id) => $"'{DisplayText.Quote(id)}' looks like a job id. Give the task id instead, as an Invoke-MJ… cmdlet returned it; Get-MJTask without an id lists the tasks in the journal.";

    public static string IsNoTask(PSObject? given) => given is null ? "Nothing is not a task." : $"'{DisplayText.Quote(given.ToString())}' is not a task.";

    public static string TaskNotCompleted(MJTask task) => $"Task {DisplayText.Quote(task.Id)} has not completed: it is {DisplayText.Quote(task.RawStatus ?? task.Status)}.";

    public static string NoOutput(MJTask task) => $"Task {DisplayText.Quote(task.Id)} has completed without a URL.";

    public static string UrlNotHttp(string url, MJTask task) => $"'{DisplayText.Quote(UserInfo.Replace(url, ""))}' of task {DisplayText.Quote(task.Id)} is not an http or https address.";

    public static string FileWasThere(string path) => $"{path} is already there.";

    public static string FileSaved(Uri url, FileInfo file, TimeSpan took) => $"{DisplayText.Quote(url.GetLeftPart(UriPartial.Path))} saved as {file.FullName}, {(file.Exists ? DisplayText.Size(file.Length) : "")} in {Math.Round(took.TotalMilliseconds)} ms.";

    public static string PathIsFile(string path) => $"'{DisplayText.Quote(path)}' is a file, not a folder.";

    public static string PathNotOfFiles(string path, string provider) => $"'{DisplayText.Quote(path)}' is a path of {provider}, not of the file system.";

    public static string PathIsNone(string path, string cause) => $"'{DisplayText.Quote(path)}' is not a path: {cause}";

    public static string FolderNotMade(string folder, string cause) => $"The folder {folder} could not be made: {cause}";

    public static string TemplateHasFolder() => "The name template holds a separator of folders; files go into the folder of -Path and nowhere else.";

    public static string TemplateHasNoSuch(string token) => $"The name template has '{{{token}}}', which a task does not.";

    public static string TemplateBrace() => "The name template has a brace without its other half.";

    public static string TemplateFormat() => "The name template holds a format that is none.";

    public static string TemplateDefault() => "the default";

    public static string InputSaysNothing() => "No parameter takes its value from the pipeline, so every input object would be billed for the same task. Bind one, or remove the input.";

    public static string ParameterMissing(string name) => $"-{name} is missing.";

    public static string TextTooLong(string name, int length, int most) => $"-{name} has {length} characters; at most {most} are taken.";

    public static string TextNotUnicode(string name) => $"-{name} holds half of a character that takes two (a lone surrogate), so it cannot be sent as it is.";

    public static string NotANumberBetween(string name, string text, decimal least, decimal most) =>
        FormattableString.Invariant($"'{DisplayText.Quote(text)}' is not a value of -{name}: a number from {least} to {most}.");

    public static string NotAName(string name, string text, string known) => $"'{DisplayText.Quote(text)}' is not a value of -{name}: {known}.";

    public static string NotAWebAddress(string name, string text) => $"'{DisplayText.Quote(text)}' is not a value of -{name}: an absolute address that begins with http:// or https://.";

    public static string NotASize(string name, string text) => $"'{DisplayText.Quote(text)}' is not a value of -{name}: a width and a height in pixels, such as 2048x1024.";

    public static string NotAPosition(string name, string text) => $"'{DisplayText.Quote(text)}' is not a value of -{name}: the size of the image on the canvas, such as 1024x1024, which is then centred, or 1024x1024+512+0 with the place of its upper left corner.";

    public static string NotAMask(string name, string text) => $"'{DisplayText.Quote(text)}' is not a value of -{name}: the address of a black and white image, or the image's size and the areas on it, such as '1024x1024: 100,100,300,200' (a rectangle: x, y, width, height) or '1024x1024: 0,0,500,0,0,500' (a polygon: x and y of each corner).";

    public static string MaskEmpty(string name) => $"-{name} has neither areas nor the address of an image.";

    public static string MaskTwofold(string name) => $"-{name} has areas and the address of an image; a mask is one of both.";

    public static string MaskSide(string name, MJMaskArea area, int least, int most) => $"-{name} has an area on an image of {area.Width}x{area.Height}; both sides must be from {least} to {most} pixels.";

    public static string MaskPoints(string name, MJMaskArea area) => $"-{name} has an area of {area.Points.Length} numbers; a polygon has x and y of at least 3 corners.";

    public static string MaskPointOutside(string name, MJMaskArea area, int x, int y) => $"-{name} has a corner at {x},{y}, which is not on the image of {area.Width}x{area.Height}.";

    public static string MaskFlat(string name) => $"-{name} has an area whose corners are all on one line, so that nothing is in it.";

    public static string RectangleNumbers(string name, string text) => $"'{DisplayText.Quote(text)}' is not a value of -{name}: x, y, width and height in pixels, such as 100,100,300,200.";

    public static string PolygonNumbers(string name, string text) => $"'{DisplayText.Quote(text)}' is not a value of -{name}: x and y of each corner in pixels, such as 0,0,500,0,0,500.";

    public static string NotAModel(string name, string text) => $"'{DisplayText.Quote(text)}' is not a value of -{name}: the id of a model, such as midjourney_pan.";

    public static string NotPlainJson(string name, string place, Type type) => $"-{name} has at {DisplayText.Quote(place)} a value of type {type}; what the gateway takes are texts, numbers, true, false, null, lists and tables of those.";

    public static string NotFinite(string name, string place) => $"-{name} has at {DisplayText.Quote(place)} a number that JSON has no form for.";

    public static string TooDeep(string name, string place, int most) => $"-{name} is nested more than {most} deep at {DisplayText.Quote(place)}.";

    public static string NameMissing(string name, string place) => $"-{name} has a value without a name at {DisplayText.Quote(place)}.";

    public static string NotATable(string name) => $"-{name} is not a table of names and values, such as @{{ imageNo = 0 }}.";

    public static string GivenTwice(string name, string wireName) => $"-{name} and {wireName} of -Parameter say different things; give one of them.";

    public static string ModelHint(string? cmdlet) => cmdlet is null ? "What it takes is not published." : $"{cmdlet} makes these, and checks what they take.";

    public static string CreateTask(string model) => $"Create a paid task of {model}";

    public static string CreateGrids(string model, int count) => count > 1 ? $"Create a task of {model} that makes {count} paid grids, one for each permutation of the prompt" : CreateTask(model);

    public static string CreateUpscale() => "Create a paid upscale";

    public static string SaveOutput(Uri url) => $"Save {DisplayText.Quote(url.GetLeftPart(UriPartial.Path))}";

    public static string Saving() => "Saving MidJourney output";

    public static string Waiting() => "Waiting for MidJourney tasks";

    public static string CostOfAll() => "all";

    public static string CostOfUnknown() => "unknown";

    public static string Submitting() => "Submitting to MidJourney";

    public static string Reading() => "Reading MidJourney tasks";

    public static string WaitState(int done, int failed, int running, int total, decimal cost) => $"{done} done, {failed} failed, {running} running of {total}{CostSoFar(cost)}";

    public static string SubmitState(int done, int failed, int running, int total) => $"{done} accepted, {failed} failed, {running} under way of {total}";

    public static string ReadState(int done, int failed, int total, decimal cost) => $"{done} read, {failed} failed of {total}{CostSoFar(cost)}";

    public static string SaveState(int done, int failed, int running, int total, long bytes) =>
        $"{done} saved, {failed} failed, {running} running of {total}, {DisplayText.Size(bytes)}";

    private static string CostSoFar(decimal cost) => cost == 0 ? "" : $", {DisplayText.Money(cost)} so far";

    public static string TypeHint(string type) => type switch
    {
        nameof(UpscaleType.Standard) => "0: keeps the image as it is",
        nameof(UpscaleType.Creative) => "1: lets the model add detail",
        nameof(UpscaleType.V5_2x) => "2: the 2x upscaler of version 5",
        _ => "3: the 4x upscaler of version 5",
    };
}
