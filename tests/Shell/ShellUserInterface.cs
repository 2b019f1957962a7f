using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace MidJourney.Shell;

/// <summary>The streams and the prompts as pwsh shows them: errors on standard error, all else on standard output.</summary>
internal sealed class ShellUserInterface(Screen screen, ConsoleInput input) : PSHostUserInterface
{
    public override PSHostRawUserInterface RawUI { get; } = new ShellRawUserInterface(screen);

    public override bool SupportsVirtualTerminal => screen.HasColors;

    public override void Write(string value) => screen.Write(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        bool usualBackground = backgroundColor == RawUI.BackgroundColor;
        screen.Write(value, PSStyle.MapForegroundColorToEscapeSequence(foregroundColor)
            + (usualBackground ? "" : PSStyle.MapBackgroundColorToEscapeSequence(backgroundColor)));
    }

    public override void WriteLine(string value) => screen.Write(value + Environment.NewLine);

    public override void WriteErrorLine(string value) => screen.WriteError(value);

    public override void WriteWarningLine(string message) =>
        WriteStyledLine("WARNING: " + message, PSStyle.Instance.Formatting.Warning);

    public override void WriteVerboseLine(string message) =>
        WriteStyledLine("VERBOSE: " + message, PSStyle.Instance.Formatting.Verbose);

    public override void WriteDebugLine(string message) =>
        WriteStyledLine("DEBUG: " + message, PSStyle.Instance.Formatting.Debug);

    public override void WriteProgress(long sourceId, ProgressRecord record) => screen.ShowProgress(record);

    public override string ReadLine() => input.ReadLine();

    public override SecureString ReadLineAsSecureString()
    {
        SecureString secret = input.ReadSecret();
        WriteLine();
        return secret;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        WriteHeading(caption, message);
        return new ChoicePrompt(this, choices, defaultChoice).Ask();
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        WriteHeading(caption, message);
        return descriptions.ToDictionary(field => field.Name, field => PSObject.AsPSObject(new FieldPrompt(this, field).Ask()));
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
    {
        WriteHeading(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            Write("User: ");
            userName = ReadLine();
        }

        Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => PromptForCredential(caption, message, userName, targetName);

    private void WriteStyledLine(string line, string style)
    {
        screen.Write(line, style);
        screen.Write(Environment.NewLine);
    }

    private void WriteHeading(string caption, string message)
    {
        if (!string.IsNullOrEmpty(caption))
            WriteLine(Environment.NewLine + caption);
        if (!string.IsNullOrEmpty(message))
            WriteLine(message);
    }
}
