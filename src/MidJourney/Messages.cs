using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using MidJourney.Callbacks;
using MidJourney.Downloads;
using MidJourney.Gateway;
using MidJourney.Journal;
using MidJourney.Parameters;
using MidJourney.Pricing;

namespace MidJourney;

/// <summary>The cmdlets' texts. Values that the user supplied are quoted, short and without terminal escapes.</summary>
internal static class Messages
{
    /// <summary>A bar with a name, a percentage and a time fits 80 columns.</summary>
    private const int MaxNameLength = 30;

    private const int MaxMedians = 3;

    private static readonly Regex UserInfo = new("(?<=//)[^/@]*@", RegexOptions.CultureInvariant);

    // Sessions.
    public static string ApiKeyType() => "-ApiKey requires a SecureString, a string, or a credential whose password is the key.";
    public static string NoApiKey() => "No API key was specified, and $env:MIDJOURNEY_API_KEY is not set.";
    public static string SecretSource(string name) => $"the secret '{DisplayText.Quote(name)}'";
    public static string SecretCommandMissing(string command) => $"-SecretName requires the command {command}, and it is not installed.";
    public static string SecretCommandMissingAdvice() => "Install a vault: Install-PSResource Microsoft.PowerShell.SecretManagement, Microsoft.PowerShell.SecretStore. Or specify the key with -ApiKey or $env:MIDJOURNEY_API_KEY.";
    public static string SecretNotFound(string name, string? vault, string? cause) =>
        $"The secret '{DisplayText.Quote(name)}' was not returned{(vault is null ? "" : $" by the vault '{DisplayText.Quote(vault)}'")}: {(cause is null ? "no secret has this name" : SafeText.Message(cause).TrimEnd('.'))}.";
    public static string SecretType(string name, object value) => $"The secret '{DisplayText.Quote(name)}' is a value of type {TypeOf(value)}. A key must be a SecureString, a string, or a credential whose password is the key.";
    public static string SecretTypeAdvice() => "Store the key as text: Set-Secret -Name MidJourney -Secret (Read-Host -AsSecureString).";
    public static string NoSession() => "There is no session, and $env:MIDJOURNEY_API_KEY is not set.";
    public static string NoSessionFor(MJTask task, string address) => $"Task {DisplayText.Quote(task.Id)} belongs to {address}, and no open session connects to that gateway.";
    public static string NoSessionForAdvice(string address) =>
        $"Open a session with New-MJSession -BaseUri {PowerShellText.Literal(address)} -ApiKey (Read-Host -AsSecureString), then pipe the task in again.";
    public static string TaskOfOtherGateway(MJTask task, string address, string session) => $"Task {DisplayText.Quote(task.Id)} belongs to {address}, but -Session connects to {session}.";
    public static string TaskOfOtherGatewayAdvice(string address) => $"Omit -Session, or specify a session that connects to {address}.";
    public static string TaskAddressInvalid(MJTask task) => $"The BaseUri of task {DisplayText.Quote(task.Id)} is not an http or https address, so it is unknown which gateway has the task.";
    public static string TaskAddressInvalidAdvice() => "Correct BaseUri to the address of the gateway that has the task, such as https://host.";
    public static string AccountInvalid(string source, int maxLength) => $"{source} is not a valid account name: use 1 to {maxLength} printable characters.";
    public static string NotASession(object value) => $"A value of type {TypeOf(value)} is not a session. To get one, use New-MJSession or Get-MJSession.";
    public static string SessionRemoved() => "The session is not open: it was removed, or never opened.";
    public static string SessionRemovedInUse() => "The session was removed while it was in use.";
    public static string InvalidAddress() => "The value is not an address, such as https://host. It is not shown, because it may contain a password.";
    public static string BaseUriVariableNotHttp(string variable) => $"{variable} is not an absolute http or https address.";
    public static string BaseUriNotHttp() => "The base URI is not an absolute http or https address.";
    public static string BaseUriHasUser() => "The base URI contains a user name or password, which would be visible wherever the address is shown.";
    public static string BaseUriHasQuery() => "The base URI contains a query or a fragment. Only a path may follow the host.";
    public static string BaseUriInsecure(Uri address) => $"{address.GetLeftPart(UriPartial.Authority)} uses plain http, so anyone on the network could read the API key.";
    public static string ProxyMissing() => "Proxy credentials were specified without -Proxy.";
    public static string ProxyNotHttp() => "The proxy is not an absolute http address.";
    public static string ProxyForLocalGateway() => "The base URI is an address of this machine, which a proxy cannot reach.";
    public static string ProxyCredentialsTwice() =>
        "The proxy credentials were specified more than once. Use only one of -ProxyCredential, -ProxyUseDefaultCredentials and the proxy address.";
    public static string JournalPathAndNoJournal() => "-JournalPath and -NoJournal cannot be combined.";
    public static string JournalVariableNotAbsolute(string variable) => $"{variable} is not an absolute path.";
    public static string InvalidJournalPath(string path) => $"'{DisplayText.Quote(path)}' is not the path of a file.";
    public static string NoHomeFolder() =>
        "There is no home folder for the journal. This session keeps its record of paid work in memory and loses it when PowerShell exits. To choose a file, use New-MJSession -JournalPath or set MIDJOURNEY_JOURNAL_PATH.";
    public static string InvalidAmount() => "Specify an amount in US dollars, such as 20 or 0.5.";
    public static string MaxCostMissing() => "-AssumedCost requires -MaxCost: it is the price that -MaxCost assumes for each task.";
    public static string MaxCostInvalid() => "-MaxCost must be an amount in US dollars: 0 or more, and at most a billion.";
    public static string AssumedCostInvalid() => "-AssumedCost must be an amount in US dollars: more than 0, and at most a billion.";
    public static string InvalidHours() => "Specify a number of hours (0 or more), or a time span such as '12:00:00'.";

    // Checks of a session.
    public static string NotChecked(string because) => $"Not checked, because {because}.";
    public static string AddressUnknown() => "there is no valid address";
    public static string NoConnection() => "there is no connection to the gateway";
    public static string TlsNotTrusted() => "TLS failed";
    public static string ProxyFailed() => "the proxy failed";
    public static string NotTheGateway() => "the gateway does not answer";
    public static string NoDate() => "the response has no valid Date header";
    public static string GatewayAnswers(string address, string cause) => $"{address} answers as the gateway does for an unknown task: {cause}.";
    public static string GatewayRefuses(string address, string cause) => $"{address} answers: {cause}.";
    public static string NameUnknown(Uri address, string cause) => $"The name {address.DnsSafeHost} cannot be resolved: {cause}.";
    public static string NameUnknownAction() =>
        "Check the base URI for a typing error, and the network. To use another address, run New-MJSession -BaseUri https://host.";
    public static string NotConnected(string address, string cause) => $"Could not connect to {address}: {cause}.";
    public static string NotConnectedAction() =>
        "Check the base URI, the network and the firewall. If the network requires a proxy, run New-MJSession -Proxy http://proxy:8080.";
    public static string TimedOutAction() =>
        "Check the network, the proxy and the firewall. If the gateway is only slow, allow more time per request with New-MJSession -RequestTimeoutSec.";
    public static string SomethingElse(string address, string cause) => $"{address} is not the gateway: {cause}.";
    public static string SomethingElseAction() =>
        "Check the base URI, and whether a proxy or a sign-in page answers instead of the gateway. To use another address, run New-MJSession -BaseUri https://host.";
    public static string GatewayFails(string address, string cause) => $"{address} cannot process requests: {cause}.";
    public static string GatewayFailsAction() => "Run Test-MJSession again later. If it still fails, check the proxy, if there is one, or ask the provider.";
    public static string TlsTrusted() => "The connection is encrypted, and the certificate is trusted.";
    public static string TlsFailed(string cause) => $"No secure connection could be made: {cause}.";
    public static string TlsFailedAction() =>
        "Check the base URI and the date of this machine. If the certificate is from your organization's proxy or certification authority, install that authority's certificate on this machine.";
    public static string NotEncrypted(bool isThisMachine) =>
        isThisMachine ? "Not encrypted, but the address is on this machine." : "Not encrypted, as -AllowInsecure permits: anyone on the network can read the API key.";
    public static string NoProxy(bool isThisMachine) =>
        isThisMachine ? "None: an address of this machine is reached without a proxy." : "None: the gateway is reached directly.";
    public static string ProxyUsed(Uri proxy, bool isGiven) =>
        $"{proxy.Scheme}://{proxy.Authority}, from {(isGiven ? "-Proxy" : "the environment or the system")}";
    public static string ProxyNotConnected(string proxy, string address, string cause) => $"{proxy}, did not connect to {address}: {cause}.";
    public static string ProxyNotConnectedAction() =>
        "Check the address of the proxy, and whether it allows connections to the gateway. To use another proxy, run New-MJSession -Proxy http://proxy:8080.";
    public static string ProxySilent(string proxy) => $"{proxy}; not checked, because there was no response.";
    public static string ProxyRefused(string proxy, string cause) => $"{proxy}: {cause}.";
    public static string AccountContainsKey(string variable) => $"{variable} contains the API key.";
    public static string AccountContainsKeyAction(string variable) => $"Set {variable} to a name of your choice, or remove it.";
    public static string KeyAccepted(string? source, string? account) =>
        $"The gateway accepts the {KeyFrom(source)}{(account is null ? "" : $"; account {account}")}.";
    public static string KeyRefused(string? source, string cause) => $"The gateway refuses the {KeyFrom(source)}: {cause}.";
    public static string KeyUnclear(string? source, string cause) => $"The response does not show whether the gateway accepts the {KeyFrom(source)}: {cause}.";
    public static string KeyUnclearAction() => "Run Test-MJSession again later.";
    public static string ClockAgrees(string host) => $"This machine's clock and that of {host} agree.";
    public static string ClockDiffers(string host, TimeSpan ahead) =>
        $"This machine's clock is {DisplayText.Duration(ahead.Duration())} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} that of {host}.";
    public static string ClockDiffersAction() =>
        "Set this machine's clock, such as with w32tm /resync on Windows or timedatectl set-ntp true on Linux. Until then, the duplicate window and the age of tasks are wrong where several machines share a journal.";
    public static string JournalUsable(string path, int badLines) =>
        $"Readable and writable{(badLines == 0 ? "" : $", but lines that cannot be read: {badLines}")}: {path}";
    public static string JournalOnlyInMemory() => "In memory: PowerShell loses the record of paid work when it exits.";
    public static string JournalWithoutHomeAction() => "Choose a file with New-MJSession -JournalPath or MIDJOURNEY_JOURNAL_PATH.";
    public static string JournalModeAction() => "Let the owner of the file run chmod 600, or choose another file with New-MJSession -JournalPath.";
    public static string ModuleVersion(string version, string folder) => $"MidJourney {version}, from {folder}";
    public static string PowerShellVersion(string version, bool isCore, string framework) =>
        $"{(isCore ? "PowerShell" : "Windows PowerShell")} {version} on {framework}";
    public static string PowerShellOldAction() => "Install PowerShell 7.4 or later, or use Windows PowerShell 5.1.";
    private static string KeyFrom(string? source) => source is null ? "API key" : $"API key from {source}";

    // Task and job IDs.
    public static string JobIdMissing() => "The job ID is missing.";
    public static string JobIdNotInObject(PSObject value) => value.BaseObject is ScriptBlock block
        ? $"-JobId is the script block {{{DisplayText.Quote(block.ToString())}}}, not a job ID. If the braces are part of a URL, put the URL in quotes."
        : $"The job ID is missing: the object of type {TypeOf(value)} has no JobId property.{Columns(value)}";
    public static string JobIdOfTaskMissing(MJTask task) => $"Task {DisplayText.Quote(task.Id)} has no job ID. Its status is {DisplayText.Quote(task.Status)}.";
    public static string TaskIdNull() =>
        "The task ID is $null. The command that should supply it returned nothing, as (Get-MJSession).Undelivered does without a session. To continue from the journal, run Get-MJTask | Wait-MJTask.";
    public static string TaskIdEmpty() => "The task ID is empty.";
    public static string TaskIdNotInObject(PSObject value, string? jobId) => jobId is not null
        ? $"The task ID is missing: the object has the job ID '{DisplayText.Quote(jobId)}', but no Id or TaskId property. A job ID is not a task ID."
        : $"The task ID is missing: the object of type {TypeOf(value)} has no Id, TaskId or task_id property.{Columns(value)}";
    public static string IdHasInvisible(string name) =>
        $"-{name} contains a line break or another invisible character, so it is not a single ID. To read IDs from a file, use Get-Content without -Raw.";
    public static string JobIdOfTask(string id, MJTask task) => id == task.JobId
        ? $"'{DisplayText.Quote(id)}' is a job ID, not a task ID: it is the result of task {DisplayText.Quote(task.Id)}. Use the task ID instead."
        : $"'{DisplayText.Quote(id)}' is a job ID, not a task ID: task {DisplayText.Quote(task.Id)} (image {task.SourceImageNo}, {task.UpscaleType ?? task.Model}) was created from that job. Use the task ID instead.";
    public static string LooksLikeJobId(string id) =>
        $"'{DisplayText.Quote(id)}' looks like a job ID. Use the task ID that an Invoke-MJ… cmdlet returned. To list the tasks in the journal, run Get-MJTask without an ID.";
    public static string NotATask(PSObject? value) => value is null ? "The input object is null." : $"'{DisplayText.Quote(value.ToString())}' is not a task.";

    public static string TaskHint(MJTask task, DateTimeOffset now)
    {
        var status = task.Cost is { } cost ? $"{task.Status}, {Money.Text(cost, task.Currency)}" : task.Status;
        var age = task.CreatedAt is { } created ? $", {DisplayText.Age(now - created)} ago" : "";
        return $"{status}{age}: {DisplayText.Quote(task.Description ?? "unknown origin")}";
    }

    // Parameters.
    public static string ParameterMissing(string name) => $"-{name} is missing.";
    public static string NotText(string name, object value) => PSObject.AsPSObject(value).BaseObject is IList
        ? $"-{name} takes one text, not a list. To submit several, pipe in one input object for each."
        : $"-{name} requires text, not a value of type {TypeOf(value)}."
            + (PSObject.AsPSObject(value).BaseObject is MJCallback ? $" Specify its property, as in -{name} $address.{name}." : "");
    public static string ContainsApiKey(string name) => $"-{name} contains the API key, which is sent to the gateway only in the request header.";
    public static string TextTooLong(string name, int length, int maxLength) => $"-{name} has {length} characters. The maximum is {maxLength}.";
    public static string TextNotUnicode(string name) => $"-{name} contains an unpaired surrogate (half of a character), so it cannot be sent.";
    public static string ImageNumberMissing() => $"-ImageNo is missing. {ValidImageNumbers()}";
    public static string InvalidImageNumber(string text) => $"{Invalid("ImageNo", text)} {ValidImageNumbers()}";
    public static string TypeMissing() => $"-Type is missing. {ValidTypes()}";
    public static string InvalidType(string text) => $"{Invalid("Type", text)} {ValidTypes()}";
    public static string TypeAmbiguous(string text, string type) =>
        $"{Invalid("Type", text)} {type} is the {text.ToLowerInvariant()} upscaler for jobs of version 5 and niji 5 only. For other jobs, Standard and Creative make each side twice as long. Specify one of the three.";
    public static string CallbackHasQuery(string name) => $"The URL for -{name} contains a query or a fragment. The secret is added to its path, so only a path may follow the host.";
    public static string InvalidCallbackUrl(string text) => $"{Invalid("Callback", text)} Specify an absolute URL that starts with http:// or https://.";
    public static string NumberOutOfRange(string name, string text, decimal min, decimal max) => FormattableString.Invariant($"{Invalid(name, text)} Specify a number from {min} to {max}.");
    public static string NotOneOf(string name, string text, string valid) => $"{Invalid(name, text)} Valid values are {valid}.";
    public static string NotAWebAddress(string name, string text) => $"{Invalid(name, text)} Specify an absolute URL that starts with http:// or https://.";
    public static string NotAModel(string name, string text) => $"{Invalid(name, text)} Specify a model ID, such as midjourney_pan.";
    public static string NotASize(string name, string text) => $"{Invalid(name, text)} Specify a width and a height in pixels, such as 2048x1024.";
    public static string NotAPosition(string name, string text) =>
        $"{Invalid(name, text)} Specify the size of the image on the canvas, such as 1024x1024 (centred), or add the position of its upper-left corner, such as 1024x1024+512+0.";
    public static string NotAMask(string name, string text) =>
        $"{Invalid(name, text)} Specify the URL of a black-and-white image, or the image size and the areas on it, such as '1024x1024: 100,100,300,200' (a rectangle: x, y, width, height) or '1024x1024: 0,0,500,0,0,500' (a polygon: x and y of each corner).";
    public static string NotARectangle(string name, string text) => $"{Invalid(name, text)} Specify x, y, width and height in pixels, such as 100,100,300,200.";
    public static string NotAPolygon(string name, string text) => $"{Invalid(name, text)} Specify the x and y coordinates of each corner, in pixels, such as 0,0,500,0,0,500.";
    public static string MaskEmpty(string name) => $"-{name} specifies neither areas nor an image URL.";
    public static string MaskAmbiguous(string name) => $"-{name} specifies both areas and an image URL. Specify only one.";
    public static string MaskSize(string name, MJMaskArea area, int min, int max) => $"-{name} has an area for an image of {area.Width}x{area.Height}. The width and height must be from {min} to {max} pixels.";
    public static string MaskNumberCount(string name, MJMaskArea area) => $"-{name} has an area of {area.Points.Length} numbers. A polygon requires the x and y coordinates of at least 3 corners.";
    public static string MaskCornerOutside(string name, MJMaskArea area, int x, int y) => $"-{name} has a corner at {x},{y}, which is outside the image of {area.Width}x{area.Height}.";
    public static string MaskFlat(string name) => $"-{name} has an area whose corners are all on one line, so the area is empty.";
    public static string NotATable(string name) => $"-{name} is not a table of names and values, such as @{{ imageNo = 0 }}.";
    public static string UnsupportedType(string name, string place, Type type) =>
        $"-{name} contains a value of type {type} at {DisplayText.Quote(place)}. Supported values are strings, numbers, true, false, null, and lists and tables of these.";
    public static string NotFinite(string name, string place) => $"-{name} contains NaN or infinity at {DisplayText.Quote(place)}, which JSON does not support.";
    public static string NestedTooDeep(string name, string place, int limit) => $"-{name} is nested more than {limit} levels deep at {DisplayText.Quote(place)}.";
    public static string NameMissing(string name, string place) => $"-{name} contains a value without a name at {DisplayText.Quote(place)}.";
    public static string ConflictingValues(string name, string wireName) => $"-{name} and {wireName} in -Parameter have different values. Specify only one of them.";
    public static string OtherImageOfJob(int image, int other) => $"The file is image {image} of its job, not image {other}. To use the image in the file, omit -ImageNo. To choose images by number, pipe in the task.";
    public static string InputNotBound(PSObject? input, IEnumerable<string> names) =>
        "No parameter takes its value from the pipeline, so the same task would be billed once for each input object. To use each object, name it in a parameter, such as { $_.Name }. To submit one task, remove the input."
        + (input is null || Columns(input) is not { Length: > 0 } columns ? "" : $"{columns} Names that bind: {string.Join(", ", names)}.");

    /// <param name="input">The record.</param>
    /// <param name="missing">For each parameter, the names that bind, its own first.</param>
    public static string ColumnsMissing(PSObject input, IEnumerable<IReadOnlyList<string>> missing)
    {
        var parameters = Enumerate(missing.Select(names => $"-{names[0]} ({string.Join(" or ", names)})"));
        return $"{(input.BaseObject is PSCustomObject ? "The row has no column" : $"The input object of type {TypeOf(input)} has no property")} for {parameters}.{Columns(input)}";
    }

    public static string ColumnsMissingAdvice(PSObject input, string name) => input.BaseObject is IDictionary
        ? "Convert each hashtable to an object, such as [pscustomobject] @{ … }, and pipe in the objects."
        : $"Rename the columns to one of the names in parentheses, or say in the command where the values are, such as -{name} {{ $_.ColumnName }}.";

    public static string ColumnsDiffer(string parameter, IReadOnlyList<string> names) => $"The input has several values for -{parameter}: {Enumerate(names)} differ.";

    public static string ColumnsDifferAdvice(string parameter, string name) => $"Remove all of these columns but one, or say in the command which one to use, such as -{parameter} {{ $_.{name} }}.";

    /// <param name="isTask">Whether the input is a task, not text.</param>
    /// <param name="missing">The parameters that the input does not supply.</param>
    /// <param name="supplied">The parameter that it supplies, if the command leaves it to the input.</param>
    public static string InputSuppliesOnly(bool isTask, IReadOnlyList<string> missing, string? supplied)
    {
        var names = Enumerate(missing.Select(p => $"-{p}"));
        return $"{names} {(missing.Count == 1 ? "is" : "are")} missing. {(isTask ? "A task" : "Text")} from the pipeline supplies {(supplied is null ? "no parameter that the command lacks" : $"only -{supplied}")}.";
    }

    public static string InputSuppliesOnlyAdvice(IReadOnlyList<string> missing) => $"Add {Enumerate(missing.Select(p => $"-{p}"))} to the command.";
    public static string PromptOfTask() => "The input is a task, or describes one. Its prompt was submitted before, so it is not taken from the pipeline and paid for again.";
    public static string PromptOfTaskAdvice() =>
        "To submit tasks again, pipe them into Restart-MJTask. To use their prompts for new images, name the property: Invoke-MJDiffusion -Prompt { $_.Prompt }.";

    public static string TypeHint(string type) => type switch
    {
        nameof(UpscaleType.Standard) => "0: keeps the image unchanged; MidJourney calls it Subtle",
        nameof(UpscaleType.Creative) => "1: lets the model add detail",
        nameof(UpscaleType.V5_2x) => "2: the 2x upscaler of version 5",
        _ => "3: the 4x upscaler of version 5",
    };

    public static string ImageHint(int imageNo) => $"{imageNo}: {new[] { "upper left", "upper right", "lower left", "lower right" }[imageNo]} image of the grid; MidJourney calls it U{imageNo + 1}";
    public static string AllImagesHint() => "all images, 0 to 3: four tasks";

    public static string ModelHint(string? cmdlet) => cmdlet is null ? "The parameters are not documented." : $"{cmdlet} submits this model and checks its parameters.";

    // Submissions.
    public static string ForceCombined() => "-Force cannot be combined with -SkipSubmitted or -RetryUnknown, because -Force pays again for every record.";
    public static string JournalRequired() => "-SkipSubmitted requires a journal file, and this session has none. Nothing was submitted.";
    public static string JournalRequiredAdvice() => "Open a session with a journal, such as New-MJSession -JournalPath ./journal.jsonl, or omit -SkipSubmitted. Then run the command again.";
    public static string CreateTask(string model) => $"Create a paid {model} task";
    public static string CreateGrids(string model, int count) => count > 1 ? $"Create a {model} task with {count} paid grids, one for each permutation of the prompt" : CreateTask(model);
    public static string CreateUpscale() => "Create a paid upscale";
    public static string ListenOnWithoutWait() => "-ListenOn is for the wait: add -Wait, or use it with Wait-MJTask at the end of the pipeline.";
    public static string CallbackArrived(string id) => $"A callback arrived for task {DisplayText.Quote(id)}.";
    public static string NoCallbackRecognizable() =>
        "The tasks were polled, because no callback could be recognized: they were not submitted in this session with {token} in -Callback, and -ListenOn has no secret in its path. Use -Callback 'https://…/{token}', or the pair of addresses that New-MJCallback makes.";
    public static string NoCallbackArrived(string address, int received, int refused) =>
        (received == 0 ? $"No callback arrived at {address}; the tasks were polled." : $"{Count(received, "callback")} arrived at {address}, but none was about a task that was still waited for; the tasks were polled.")
        + (refused == 0 ? "" : $" {Count(refused, "request")} without the secret in the path {(refused == 1 ? "was" : "were")} refused.")
        + " Check the -Callback that the tasks were submitted with, and the proxy or tunnel that leads here.";
    public static string ListensInClear(ListenAddress address) =>
        $"Callbacks arrive at {address} in clear text, and other computers can reach this port. The secret in their path can be read on the way. A proxy on this computer that accepts https avoids both: then listen on a loopback address, such as 127.0.0.1.";
    public static string EstimateAndWait() => "-Estimate cannot be combined with -Wait, because it creates no task.";

    /// <param name="action">What -WhatIf and -Confirm say would be done.</param>
    /// <param name="price">Null if it is not known.</param>
    public static string WithPrice(string action, PastPrice? price) => price is null ? action : $"{action} (about {Money.About(price.Median, price.Currency)})";

    /// <summary>The last line of -WhatIf: the number of tasks, their price and where it comes from, and what would not be paid.</summary>
    public static string Forecast(CostForecast forecast)
    {
        var (known, unknown) = (forecast.Lines.Where(l => l.Price is not null).ToList(), forecast.Lines.Where(l => l.Price is null).ToList());
        var parts = new List<string>();
        if (known.Count > 0) parts.Add($"{CountOf(known)}, about {forecast.Total.Text(Money.About)} ({Medians(known.Select(l => l.Price!.Samples).ToList())})");
        if (unknown.Count > 0) parts.Add($"{CountOf(unknown)}{(known.Count > 0 ? " more" : "")} at an unknown price, because none has completed before (-Estimate asks the gateway)");
        if (NotPaid(forecast) is { Length: > 0 } notPaid) parts.Add(notPaid);
        return $"{(forecast.Lines.Count == 0 ? "Nothing would be paid: " : "")}{string.Join("; ", parts)}.";
    }

    /// <summary>What the duplicate guard would not create again; empty if there is nothing.</summary>
    public static string NotPaid(CostForecast forecast)
    {
        var more = forecast.Lines.Count > 0 ? " more" : "";
        var parts = new List<string>();
        if (forecast.Returned is > 0 and var returned) parts.Add($"{returned}{more} {(returned == 1 ? "was" : "were")} submitted before and would be returned, not paid");
        if (forecast.ToRead is > 0 and var read) parts.Add($"{read}{more} {(read == 1 ? "was" : "were")} submitted before and would be read first, and paid again only if {(read == 1 ? "it is" : "they are")} not running");
        if (forecast.Unknown is > 0 and var unknown) parts.Add($"{unknown}{more} {(unknown == 1 ? "has" : "have")} an unknown outcome and would not be submitted");
        if (forecast.Refused is > 0 and var refused) parts.Add($"{refused}{more} {(refused == 1 ? "was" : "were")} refused by moderation and would not be submitted");
        return string.Join("; ", parts);
    }

    public static string NotCounted(CostForecast forecast) =>
        $"{NotPaid(forecast)}. {(forecast.NotPaid == 1 ? "It is" : "They are")} not counted.";

    public static string PriceUnknown(IReadOnlyList<ForecastLine> lines) => $"The price of {CountOf(lines)} is unknown, and not part of any sum: neither the gateway nor the journal knows it.";

    public static string InvalidRecord(string job, string problem) => $"Job {DisplayText.Quote(job)}: {problem}";
    public static string BlankLinesSkipped(int count) => $"Blank lines skipped: {count}.";
    public static string FailedTasksSkipped(int count) => $"Failed tasks skipped: {count}. To submit them again, pipe them into Restart-MJTask.";
    public static string RefusedTasksSkipped(int count) =>
        $"Tasks not submitted again, because moderation refused their content: {count}. Reword the prompt, or use another image. To submit the same content anyway, and pay for it again, add -Force.";
    public static string NotSubmitted(int count, bool isBudget) => isBudget
        ? $"Records not submitted, because of the session's budget: {count}. They were not billed. To submit them, do what the error recommends, then run the command again."
        : $"Records not submitted, because the gateway would refuse them for the same reason: {count}. They were not billed. Fix the cause, then run the command again.";
    public static string PaidUnderOtherAccount(string account) =>
        $"The same work was already paid for under account '{account}', and is now submitted again for this account. If both names refer to the same account, use only one: with New-MJSession -Account '{account}', the earlier tasks are returned.";

    public static string ReturnedKnown(int known, int records, DateTimeOffset? first, DateTimeOffset? last, DateTimeOffset now)
    {
        var (from, to) = (TimeOfDay(first ?? now, now), TimeOfDay(last ?? now, now));
        return $"Returned {(known == 1 ? $"the task from {from}" : from == to ? $"the tasks from {from}" : $"the tasks from {from} to {to}")} instead of paying again ({known} of {records} records). For new images, add -Force.";
    }

    /// <summary>For -WhatIf, where nothing would be paid.</summary>
    public static string WouldNotPay(CreateRecord record, string submission)
    {
        var (time, task) = (TimeOfDay(record.KnownSince ?? default, DateTimeOffset.Now), DisplayText.Quote(record.KnownTaskId ?? "?"));
        return record.Action switch
        {
            DuplicateAction.Return => $"Task {task} from {time} would be returned for {submission}. Nothing would be billed.",
            DuplicateAction.Read => $"Task {task} from {time} would be read first to check {submission}. Its status determines whether the work is billed again.",
            DuplicateAction.Wait => $"Another process has been submitting {submission} since {time}. Its task would be returned. Nothing would be billed.",
            DuplicateAction.ReportUnknown => $"Nothing would be submitted for {submission}: the outcome of the submission at {time} is unknown.",
            _ => $"Nothing would be submitted for {submission}: moderation refused the same content at {time}.",
        };
    }

    // Reading and waiting.
    public static string NotRead(int count) => $"Tasks not read, because the gateway would refuse them for the same reason: {count}. Fix the cause, then run the command again.";
    public static string WaitStopped(int count, bool areOfDefaultSession) =>
        $"The wait has ended for all {count} remaining tasks. They are in {(areOfDefaultSession ? "(Get-MJSession).Undelivered" : "(Get-MJSession -All).Undelivered")}: fix the cause, then pipe them into Wait-MJTask.";
    public static string JournalLinesNotListed(int count, string path) => $"Unreadable lines in the journal {path}: {count}. Tasks that are recorded only in those lines are not listed.";
    public static string TaskWithoutId(MJTask task) => FormattableString.Invariant(
        $"The task{(task.SourceJobId is null ? "" : $" of job {DisplayText.Quote(task.SourceJobId)}, image {task.SourceImageNo}")} has no ID, because the response to its submission was lost at {task.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC. It may exist and be billed.");

    // Recording an unknown outcome.
    public static string SubmissionIdMissing(PSObject value) => $"The object of type {TypeOf(value)} has no SubmissionId, so it is not a submission with an unknown outcome.";
    public static string OutcomeKnown(string id) => $"Task {DisplayText.Quote(id)} has no SubmissionId, so its outcome is already known.";
    public static string InvalidSubmissionId(string text) => $"{Invalid("SubmissionId", text)} A submission ID has 32 hexadecimal digits.";

    public static string NotSettled(SettleResult reason, string submissionId, KnownCreate? known, string? taskId, TaskJournal journal) => reason switch
    {
        SettleResult.BeingSent => $"Another command is still submitting {known}. Wait until it has finished, then list the unknown outcomes again.",
        SettleResult.TaskTaken => $"Task {DisplayText.Quote(taskId ?? "")} belongs to another submission in the journal, not to the one for {known}. Nothing was recorded.",
        SettleResult.NotUnknown when known is { Task.Id.Length: > 0 } => $"The outcome of the submission for {known} is already known: it created task {DisplayText.Quote(known.Task.Id)}.",
        SettleResult.NotUnknown => $"The outcome of the submission for {known} is already known: no task was created, or it was submitted again.",
        _ => $"The journal {PathOf(journal)} has no submission {submissionId}.",
    };

    public static string NotSettledAdvice() =>
        "Pipe in what Get-MJTask -Status OutcomeUnknown returns now. If another journal recorded the submission, specify that journal with New-MJSession -JournalPath.";
    public static string SubmissionWithoutTask(KnownCreate known) =>
        $"It is not known which task the submission for {known} created. If there is one, add -TaskId with its ID. If there is none, add -NeverMade.";
    public static string OneTaskPerSubmission(string taskId) =>
        $"-TaskId {DisplayText.Quote(taskId)} was already used for the first submission in the input. Specify a different task ID for each submission.";
    public static string TaskOfOtherModel(MJTask task, KnownCreate known) =>
        $"Task {DisplayText.Quote(task.Id)} is a task of {DisplayText.Quote(task.Model ?? "")}, but the submission for {known} was for {known.Create.Model}. Nothing was recorded.";
    public static string TaskTooOld(MJTask task, KnownCreate known) => FormattableString.Invariant(
        $"Task {DisplayText.Quote(task.Id)} was created at {task.CreatedAt?.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, before {known} was submitted at {known.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, so it is a different task. Nothing was recorded.");
    public static string RecordCreated(string taskId) => $"Record that task {DisplayText.Quote(taskId)} was created";
    public static string RecordNotCreated() => "Record that no task was created, so that the work can be submitted again";
    public static string SubmittedAt(KnownCreate known) => $"{known} (submitted at {TimeOfDay(known.CreatedAt, DateTimeOffset.Now)})";

    // Submitting a task again.
    public static string OriginUnknown(string id, TaskJournal journal, string address) =>
        $"Task {DisplayText.Quote(id)} cannot be submitted again: the journal {PathOf(journal)} has no submission for it at {address}, and the input does not contain all parameters of the task.";
    public static string OriginIncomplete(string id, TaskJournal journal) => $"Task {DisplayText.Quote(id)} cannot be submitted again: the journal {PathOf(journal)} no longer has its parameters.";
    public static string OriginAdvice() =>
        "Submit it with the Invoke-MJ… cmdlet of its model. If another journal recorded the task, specify that journal with New-MJSession -JournalPath.";
    public static string RestartAtOtherGateway(string id, string address, string session) => $"Task {DisplayText.Quote(id)} belongs to {DisplayText.Quote(address)}, but the session connects to {session}.";
    public static string RestartAtOtherGatewayAdvice(string address) => $"Use a session that connects to {DisplayText.Quote(address)}: -Session, or New-MJSession -BaseUri {DisplayText.Quote(address)}.";
    public static string SubmittedOnce(string id) => $"Task {DisplayText.Quote(id)} is one of several attempts at the same work in the input, which is submitted again only once.";

    // Saving.
    public static string TaskNotCompleted(MJTask task) => $"Task {DisplayText.Quote(task.Id)} is not completed. Its status is {DisplayText.Quote(task.RawStatus ?? task.Status)}.";
    public static string SaveByIdAdvice() => "Pipe in completed tasks, such as those that Wait-MJTask returns. To save a task by its ID: Get-MJTask -Id … | Save-MJOutput.";
    public static string NoOutput(MJTask task) => $"Task {DisplayText.Quote(task.Id)} is completed, but has no URL.";
    public static string UrlNotHttp(string url, MJTask task) => $"The URL '{DisplayText.Quote(UserInfo.Replace(url, ""))}' of task {DisplayText.Quote(task.Id)} is not an http or https address.";
    public static string SaveOutput(Uri url) => $"Save {DisplayText.Quote(url.GetLeftPart(UriPartial.Path))}";
    public static string FileExists(string path) => $"{path} already exists.";
    public static string FileSaved(Uri url, FileInfo file, TimeSpan duration) =>
        $"{DisplayText.Quote(url.GetLeftPart(UriPartial.Path))} saved as {file.FullName}, {(file.Exists ? DisplayText.Size(file.Length) : "")} in {Math.Round(duration.TotalMilliseconds)} ms.";
    public static string PathIsFile(string path) => $"'{DisplayText.Quote(path)}' is an existing file, and not an image or a video by its extension.";
    public static string NotAFileSystemPath(string path, string provider) => $"'{DisplayText.Quote(path)}' is a {provider} path, not a file system path.";
    public static string InvalidPath(string path, string cause) => $"'{DisplayText.Quote(path)}' is not a valid path: {cause}";
    public static string FolderNotCreatedOthers(string folder, int tasks) => $"{Count(tasks, "more task")} could not be saved, because the folder {folder} could not be created.";
    public static string InvalidPathCharacters() => "It contains characters that a path cannot have.";
    public static string FolderNotCreated(string folder, string cause) => $"Could not create the folder {folder}: {cause}";
    public static string PathAndTemplate(string path) =>
        $"-Path names the file '{DisplayText.Quote(Path.GetFileName(path))}', so -NameTemplate cannot name it.";
    public static string PathAndTemplateAdvice() => "Specify a folder for -Path, or omit -NameTemplate.";
    public static string OtherFormat(string wanted, string name) => $"The format of the file is not that of '{DisplayText.Quote(wanted)}', so its name is '{DisplayText.Quote(name)}'.";
    public static string OtherFileThere(string wanted, string name) =>
        $"'{DisplayText.Quote(wanted)}' already exists with other content, so the name of the file is '{DisplayText.Quote(name)}'. To replace the existing file, use -Force.";
    public static string NothingSaved(int failed, int cancelled) => "Nothing was saved: " + (cancelled == 0 ? $"{Tasks(failed)} failed."
        : failed == 0 ? $"{Tasks(cancelled)} {(cancelled == 1 ? "was" : "were")} cancelled." : $"{Tasks(failed)} failed, {cancelled} {(cancelled == 1 ? "was" : "were")} cancelled.")
        + " To submit them again, pipe them into Restart-MJTask.";
    // The gallery.
    public static string NotAPage(string path) => $"'{DisplayText.Quote(path)}' is neither a folder nor the path of an .html file.";
    public static string NotAPageAdvice() => "Specify a folder such as ./out, or a file such as ./out/gallery.html.";
    public static string NotAGallery(string path) => $"{path} already exists and is not a gallery.";
    public static string NotATaskOrFile(PSObject? item) =>
        item is null ? "The input object is null." : $"'{DisplayText.Quote(item.ToString())}' is neither a task nor a file.";
    public static string FileNotFound(string path) => $"The file {path} does not exist.";
    public static string FileNotAnImage(string path) => $"The content of {path} is not an image or a video.";
    public static string GalleryInputAdvice() => "Pipe in files from Save-MJOutput or Get-ChildItem (ls on Linux and macOS returns only names), or tasks. To turn task IDs into tasks, use Get-MJTask.";
    public static string FileOnOtherDrive(string path, string folder) => $"{path} is not on the drive of the page, and a page shows files by their paths relative to {folder}.";
    public static string FileOnOtherDriveAdvice() => "Copy the file to the drive of the page, or write the page to the drive of the file.";
    public static string WriteGallery(int images) => $"Write a gallery of {Count(images, "image")}";
    public static string NothingInJournal() =>
        "No page was written, because the journal has no task of the last day. For earlier tasks: Get-MJTask -After 2026-01-01 | Export-MJGallery";
    public static string NothingToShow() => "No page was written, because the input has no image and no task. For the images of a folder: Get-ChildItem ./out | Export-MJGallery";
    public static string ImagesNotSaved(int tasks, string folder) =>
        $"{Tasks(tasks)} {(tasks == 1 ? "has no image" : "have no images")} in {folder}. If {(tasks == 1 ? "it is" : "they are")} saved in another folder, use that folder as -Path. Otherwise pipe the tasks into Save-MJOutput, and run the command again.";
    public static string ImagesOutside(int images, string folder) =>
        $"{Count(images, "image")} {(images == 1 ? "is" : "are")} not in {folder}, so a copy of that folder does not show {(images == 1 ? "it" : "them")}.";
    public static string GalleryNotWritten(string path, string cause) => $"Could not write {path}: {cause}";
    public static string GalleryNotWrittenAdvice() => "Free disk space, get write permission, or choose another -Path. Then run the command again.";
    public static string PageNotOpened(string path, string cause) => $"The page was written, but could not be opened: {cause} Open {path} in a browser.";
    public static string OpenerFailed(int exitCode) => $"The program that opens files ended with exit code {exitCode}.";
    public static string WithoutJournal(string cause) => $"The page shows only what the input says of its tasks, because the journal cannot be read: {cause}";

    private static string Tasks(int count) => count == 1 ? "1 task" : $"{count} tasks";
    public static string TemplateRooted() => "The name template begins with a drive or a path separator. Its folders must be inside the folder that -Path specifies.";
    public static string TemplateEmptyPart() => "The name template contains a folder or file name that is empty, '.' or '..'. Its folders must be inside the folder that -Path specifies.";
    public static string TemplatePlaceholder(string name) => $"The name template contains the unknown placeholder {{{DisplayText.Quote(name)}}}.";
    public static string TemplateBrace() => "The name template contains an unmatched brace.";
    public static string TemplateFormat() => "The name template contains an invalid format. Valid formats are a length, such as {Prompt:40}, and those of .NET, such as {Index:00} and {CreatedAt:yyyy-MM-dd}.";

    public static readonly (string Template, string Hint)[] TemplateHints =
    [
        (NameTemplate.OfPrompt, "the default for images made from a prompt"),
        (NameTemplate.OfUpscale, "the default for upscales of these images"),
        (NameTemplate.OfEdit, "the default for variations and other edits of these images"),
        (NameTemplate.OfJob, "the default if the prompt is not known"),
        ("{Prompt}/{Index}", "a folder for each prompt"),
        ("{CreatedAt:yyyy-MM}/{TaskId}", "a folder for each month"),
    ];

    public static string PlaceholderHint(string placeholder) => placeholder switch
    {
        "TaskId" => "the task ID",
        "JobId" => "the result's job ID",
        "SourceTaskId" => "the ID of the task that made the source image",
        "SourceJobId" => "the job ID of the source image; the task ID if there is none",
        "SourceImageNo" => "the number of the source image, from 0",
        "Prompt" => "the original prompt without flags, up to 60 characters; {Prompt:40} up to 40",
        "Type" => "the upscale type, such as Creative; for other tasks the kind of task, such as variation",
        "Model" => "the gateway's model, such as midjourney_upscale",
        "Index" => "the number of the image in its task, from 0; {Index:00} with two digits",
        "Status" => "the status, which is Completed",
        _ => "when the task was created; with a format, such as {CreatedAt:yyyy-MM-dd}",
    };

    // The cost of tasks, and the bill.
    public static string MonthWithOtherPeriod() => "-Month cannot be combined with -After or -Before. Specify one period.";
    public static string InvalidMonth() => "The value is not a month. Specify -Month as 2026-11, or as a date.";
    public static string InvalidCurrency(string text) => $"{DisplayText.Quote(text)} is not a currency. Specify -Currency as USD, credit, or another name that Measure-MJCost shows.";
    public static string BillNotOffered(string cause) => $"This gateway offers no bill ({cause}), so only the journal's part is known.";
    public static string BillIncomplete() => "The gateway did not return all pages of the bill, so the bill may be incomplete.";
    public static string BillHasMore(long more, int unknown) =>
        $"The bill has {more} more {(more == 1 ? "request" : "requests")} than the journal has tasks. {Count(unknown, "submission")} in this period {(unknown == 1 ? "has" : "have")} an unknown outcome and may have been created and billed. To settle {(unknown == 1 ? "it" : "them")}: Get-MJTask -Status OutcomeUnknown | Resolve-MJTask.";
    public static string ReadBillLater() => "Run the command again later. Reading the bill is free, and no task is affected.";

    // An interrupted pipeline.
    public static string Stopped(bool hasEnough, int running, int submitting, int files, MoneySum cost, string command)
    {
        var parts = new List<string>();
        if (running > 0) parts.Add($"{Count(running, "task")} continue{(running == 1 ? "s" : "")} at the gateway");
        if (submitting > 0) parts.Add($"up to {(running > 0 ? $"{submitting} more" : Count(submitting, "task"))} may be created");
        if (files > 0) parts.Add($"{Count(files, "file")} not saved");
        var spent = cost.IsZero ? "" : $" ({cost} spent so far)";
        return $"{(hasEnough ? "" : "Stopped. ")}{parts[0].Substring(0, 1).ToUpperInvariant()}{string.Join(", ", parts).Substring(1)}{spent}. To go on: {command}";
    }

    // Progress.
    public static string SubmitActivity() => "Submitting to MidJourney";
    public static string WaitActivity() => "Waiting for MidJourney tasks";
    public static string ReadActivity() => "Reading MidJourney tasks";
    public static string SaveActivity() => "Saving MidJourney output";
    public static string SubmitState(int done, int failed, int total) => $"{Part(done, total)} accepted{Failed(failed)}";
    public static string WaitState(int done, int failed, int total, MoneySum cost) => $"{Part(done, total)} completed{Failed(failed)}{CostSoFar(cost)}";
    public static string WaitStateOfOne(MJTask task) =>
        $"{NameOf(task)}{(task.Progress is { } share and > 0 ? FormattableString.Invariant($", {(int)(100 * share)}%") : "")}";
    public static string ReadState(int done, int failed, int total, MoneySum cost) => $"{Part(done, total)} read{Failed(failed)}{CostSoFar(cost)}";
    public static string SaveState(int done, int failed, int total, DownloadSizes sizes) => $"{Part(done, total)} saved{Failed(failed)}, {DisplayText.Size(sizes.Received)}"
        + (sizes.Total is { } all ? $" of {(sizes.IsEstimate ? "about " : "")}{DisplayText.Size(all)}" : "");
    public static string StageState(string state, TimeSpan elapsed, TimeSpan? silence) =>
        $"{(silence is { } time ? $"no answer from the gateway for {DisplayText.Duration(time)}, " : "")}{state}, {DisplayText.Duration(elapsed)}";
    public static string StageEnd(string state, TimeSpan elapsed) => $"{state}, {DisplayText.Duration(elapsed)}";

    // Cost.
    public static string AllTasks() => "all";
    public static string UnknownGroup() => "unknown";

    /// <summary>The tasks of some kinds, as in 240 upscales.</summary>
    private static string CountOf(IReadOnlyList<ForecastLine> lines)
    {
        var (count, models) = (lines.Sum(l => l.Count), lines.Select(l => l.Kind.Model).Distinct().ToList());
        if (models.Count > 1) return Count(count, "task");
        var kind = ModelNames.Short(models[0]);
        return Count(count, models[0] == ModelNames.Diffusion ? "grid" : kind != models[0] ? kind : $"{kind} task");
    }

    private static string Medians(List<int> samples) => samples.Count > MaxMedians ? "medians of earlier ones"
        : $"median{(samples.Count == 1 ? "" : "s")} of {Enumerate(samples.Select(s => $"{s}"))} earlier {(samples.Sum() == 1 ? "one" : "ones")}";

    public static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : noun.EndsWith("x", StringComparison.Ordinal) ? "es" : "s")}";

    private static string CostSoFar(MoneySum cost) => cost.IsZero ? "" : $", {cost}";

    private static string Part(int done, int total) => done == total ? $"{done}" : $"{done} of {total}";

    private static string Failed(int count) => count == 0 ? "" : $", {count} failed";

    /// <summary>What tells a task from others, short enough for a bar.</summary>
    private static string NameOf(MJTask task)
    {
        var text = DisplayText.Quote(task.Origin.Description ?? $"task {task.Id}");
        return text.Length > MaxNameLength ? text.Substring(0, MaxNameLength - 1) + "…" : text;
    }

    private static string ValidImageNumbers() => "Valid values are 0, 1, 2 and 3 (or U1 to U4), ranges such as 0-3, lists such as 0,2, and all.";

    private static string ValidTypes() => "Valid values are Standard (or Subtle), Creative, V5_2x and V5_4x, or their numbers, 0 to 3.";

    /// <summary>The names of an object's properties, as far as they fit in a message.</summary>
    private static string Columns(PSObject value)
    {
        if (value.BaseObject is string or ValueType) return "";
        const int Max = 15;
        var names = (value.BaseObject is IDictionary entries ? entries.Keys.OfType<string>() : value.Properties.Select(p => p.Name)).Select(DisplayText.Quote).ToList();
        var what = value.BaseObject is PSCustomObject ? "columns" : "properties";
        return names.Count == 0 ? "" : $" Its {what}: {string.Join(", ", names.Take(Max))}{(names.Count > Max ? ", …" : "")}.";
    }

    private static string Enumerate(IEnumerable<string> parts)
    {
        var all = parts.ToList();
        return all.Count == 1 ? all[0] : $"{string.Join(", ", all.Take(all.Count - 1))} and {all[all.Count - 1]}";
    }

    private static string Invalid(string name, string text) => $"'{DisplayText.Quote(text)}' is not a valid value for -{name}.";

    private static string PathOf(TaskJournal journal) => journal.Path ?? "of this session";

    private static string? TypeOf(object value) => PSObject.AsPSObject(value).TypeNames.FirstOrDefault();

    /// <summary>Local time; with the date unless it is today.</summary>
    private static string TimeOfDay(DateTimeOffset time, DateTimeOffset now)
    {
        var local = time.ToOffset(now.Offset);
        return local.ToString(local.Date == now.Date ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }
}
