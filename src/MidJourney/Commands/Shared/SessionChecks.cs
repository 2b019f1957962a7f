using System.Runtime.InteropServices;
using MidJourney.Gateway;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>What the answer to one request says about the parts of a session. A check that an earlier failure makes impossible is skipped.</summary>
/// <param name="parts">The session, or the environment.</param>
/// <param name="probe">The answer; null if there is no valid address.</param>
/// <param name="proxy">The proxy that was used; null for none.</param>
internal sealed class SessionChecks(SessionParts parts, GatewayProbe? probe, Uri? proxy)
{
    public const string Ok = "ok", Failed = "failed", Skipped = "skipped", Clock = "Clock";

    /// <summary>A task that another machine made less than this long ago may not be found yet, by its clock.</summary>
    private static readonly TimeSpan MaxClockDifference = AcceptedTasks.MaxDelay;

    /// <summary>The header has whole seconds, and servers renew it once per second.</summary>
    private static readonly TimeSpan ClockResolution = TimeSpan.FromSeconds(1);

    private string Address => parts.Client!.Redact(parts.Address!.GetLeftPart(UriPartial.Path).TrimEnd('/'));

    private string? KeySource => parts.Client!.Options.KeySource;

    private bool IsThisMachine => GatewayProxy.IsThisMachine(parts.Address!);

    /// <summary>Whether something answered, through TLS where that is wanted.</summary>
    private bool IsConnected => probe!.Outcome is not (ProbeOutcome.NameUnknown or ProbeOutcome.NotConnected or ProbeOutcome.TimedOut
        or ProbeOutcome.TlsFailed or ProbeOutcome.ProxyRefused);

    private string ProxyText => proxy is null ? Messages.NoProxy(IsThisMachine) : Messages.ProxyUsed(proxy, parts.Client!.Options.Proxy is not null);

    public static MJCheck Passed(string name, string detail) => new() { Name = name, Status = Ok, Detail = detail };

    public static MJCheck Failure(string name, string detail, string action) => new() { Name = name, Status = Failed, Detail = detail, Action = action };

    /// <summary>Those that the request tells about.</summary>
    public IEnumerable<MJCheck> All() => [OfAddress(), OfTls(), OfProxy(), OfKey(), OfClock()];

    public static async Task<MJCheck> TestJournalAsync(SessionParts parts, CancellationToken stopping)
    {
        const string Name = "Journal";
        if (parts.JournalProblem is { } problem) return Failure(Name, problem);
        var journal = parts.Journal!;
        if (journal.Path is null)
            return journal.WhyInMemory is { } why ? Failure(Name, why, Messages.JournalWithoutHomeAction()) : Passed(Name, Messages.JournalOnlyInMemory());
        try
        {
            var badLines = await journal.CheckUsableAsync(stopping).ConfigureAwait(false);
            return journal.ModeProblem is { } mode ? Failure(Name, mode, Messages.JournalModeAction())
                : Passed(Name, Messages.JournalUsable(journal.Path, badLines));
        }
        catch (Exception e) when (e is not OutOfMemoryException && !stopping.IsCancellationRequested)
        {
            var fault = e is GatewayException ? e.Message : ClientMessages.JournalNotRead(journal.Path, ClientMessages.UnexpectedFault(e));
            return Failure(Name, fault, AdviceOf(GatewayErrorKind.JournalUnavailable));
        }
    }

    public static MJCheck OfModule()
    {
        var assembly = typeof(MJSession).Assembly;
        return Passed("Module", Messages.ModuleVersion(assembly.GetName().Version!.ToString(3), Path.GetDirectoryName(assembly.Location)!));
    }

    /// <param name="version">Of the engine.</param>
    /// <param name="isCore">Whether it is PowerShell 7, not Windows PowerShell.</param>
    public static MJCheck OfPowerShell(string version, bool isCore)
    {
        var isOld = isCore && Version.TryParse(version.Split('-', '+')[0], out var number) && number < new Version(7, 4);
        var detail = Messages.PowerShellVersion(version, isCore, RuntimeInformation.FrameworkDescription);
        return isOld ? Failure("PowerShell", detail, Messages.PowerShellOldAction()) : Passed("PowerShell", detail);
    }

    private static MJCheck Failure(string name, CommandException problem) =>
        Failure(name, problem.Message, ErrorCatalog.Record(problem, null).ErrorDetails.RecommendedAction);

    private static MJCheck Skip(string name, string because) => new() { Name = name, Status = Skipped, Detail = Messages.NotChecked(because) };

    private static string AdviceOf(GatewayErrorKind kind) => ErrorCatalog.AdviceOf(ErrorIds.Of(kind));

    private MJCheck OfAddress()
    {
        const string Name = "Address";
        if (probe is null) return Failure(Name, parts.AddressProblem!);
        return probe.Outcome switch
        {
            ProbeOutcome.TlsFailed => Skip(Name, Messages.TlsNotTrusted()),
            ProbeOutcome.ProxyRefused => Skip(Name, Messages.ProxyFailed()),
            // Only the proxy was looked for.
            ProbeOutcome.NameUnknown or ProbeOutcome.NotConnected when proxy is not null => Skip(Name, Messages.ProxyFailed()),
            ProbeOutcome.NameUnknown => Failure(Name, Messages.NameUnknown(parts.Address!, probe.Cause), Messages.NameUnknownAction()),
            ProbeOutcome.NotConnected => Failure(Name, Messages.NotConnected(Address, probe.Cause), Messages.NotConnectedAction()),
            ProbeOutcome.TimedOut => Failure(Name, Messages.NotConnected(Address, probe.Cause), Messages.TimedOutAction()),
            ProbeOutcome.Redirected => Failure(Name, probe.Cause, AdviceOf(GatewayErrorKind.UnexpectedRedirect)),
            ProbeOutcome.NotTheGateway => Failure(Name, Messages.SomethingElse(Address, probe.Cause), Messages.SomethingElseAction()),
            ProbeOutcome.Failing => Failure(Name, Messages.GatewayFails(Address, probe.Cause), Messages.GatewayFailsAction()),
            ProbeOutcome.KeyAccepted => Passed(Name, Messages.GatewayAnswers(Address, probe.Cause)),
            _ => Passed(Name, Messages.GatewayRefuses(Address, probe.Cause)),
        };
    }

    private MJCheck OfTls()
    {
        const string Name = "TLS";
        if (probe is null) return Skip(Name, Messages.AddressUnknown());
        if (parts.Address!.Scheme == Uri.UriSchemeHttp) return Passed(Name, Messages.NotEncrypted(IsThisMachine));
        return probe.Outcome switch
        {
            ProbeOutcome.TlsFailed => Failure(Name, Messages.TlsFailed(probe.Cause), Messages.TlsFailedAction()),
            _ => IsConnected ? Passed(Name, Messages.TlsTrusted()) : Skip(Name, Messages.NoConnection()),
        };
    }

    private MJCheck OfProxy()
    {
        const string Name = "Proxy";
        if (probe is null) return Skip(Name, Messages.AddressUnknown());
        return probe.Outcome switch
        {
            ProbeOutcome.ProxyRefused => Failure(Name, Messages.ProxyRefused(ProxyText, probe.Cause), AdviceOf(GatewayErrorKind.ProxyAuthenticationRequired)),
            ProbeOutcome.NameUnknown or ProbeOutcome.NotConnected when proxy is not null =>
                Failure(Name, Messages.ProxyNotConnected(ProxyText, Address, probe.Cause), Messages.ProxyNotConnectedAction()),
            // Either of them may be the one that is silent.
            ProbeOutcome.TimedOut when proxy is not null => new MJCheck { Name = Name, Status = Skipped, Detail = Messages.ProxySilent(ProxyText) },
            _ => Passed(Name, ProxyText),
        };
    }

    private MJCheck OfKey()
    {
        const string Name = "Key";
        if (parts.KeyProblem is { } problem) return Failure(Name, problem);
        return probe?.Outcome switch
        {
            null => Skip(Name, Messages.AddressUnknown()),
            ProbeOutcome.KeyAccepted => Passed(Name, Messages.KeyAccepted(KeySource, parts.Client!.Account)),
            ProbeOutcome.KeyRefused => Failure(Name, Messages.KeyRefused(KeySource, probe.Cause), AdviceOf(probe.Kind)),
            ProbeOutcome.KeyUnclear => Failure(Name, Messages.KeyUnclear(KeySource, probe.Cause), Messages.KeyUnclearAction()),
            _ => Skip(Name, Messages.NotTheGateway()),
        };
    }

    private MJCheck OfClock()
    {
        if (probe is null) return Skip(Clock, Messages.AddressUnknown());
        if (probe.ClockAhead is not { } ahead)
            return Skip(Clock, IsConnected ? Messages.NoDate() : Messages.NoConnection());
        var host = parts.Address!.Authority;
        if (ahead.Duration() < ClockResolution) return Passed(Clock, Messages.ClockAgrees(host));
        var detail = Messages.ClockDiffers(host, ahead);
        return ahead.Duration() <= MaxClockDifference ? Passed(Clock, detail) : Failure(Clock, detail, Messages.ClockDiffersAction());
    }
}
