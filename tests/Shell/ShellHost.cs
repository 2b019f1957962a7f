using System.Globalization;
using System.Management.Automation.Host;

namespace MidJourney.Shell;

/// <summary>What the engine asks of the program it runs in.</summary>
internal sealed class ShellHost : PSHost
{
    private readonly ShellUserInterface _userInterface;

    public ShellHost(CancellationToken stop)
    {
        Screen = new Screen();
        _userInterface = new ShellUserInterface(Screen, new ConsoleInput(stop));
    }

    public Screen Screen { get; }

    /// <summary>The argument of <c>exit</c> or of <c>$Host.SetShouldExit</c>; null before either.</summary>
    public int? RequestedExitCode { get; private set; }

    public override string Name => "MidJourney.Shell";

    public override Version Version { get; } = typeof(ShellHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI => _userInterface;

    public override void SetShouldExit(int exitCode) => RequestedExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new HostException("This shell has no nested prompts.");

    public override void ExitNestedPrompt() => throw new HostException("This shell has no nested prompts.");

    public override void NotifyBeginApplication() => Screen.EndProgress();

    public override void NotifyEndApplication()
    {
    }
}
