using System.Management.Automation.Runspaces;

namespace MidJourney.Shell;

/// <summary>Turns command-line arguments into a script's parameters, by the rules of <c>pwsh -File</c>.</summary>
internal static class ScriptArguments
{
    public static List<CommandParameter> Parse(ReadOnlySpan<string> arguments)
    {
        var parameters = new List<CommandParameter>(arguments.Length);
        string? nameAwaitingValue = null;
        foreach (string argument in arguments)
        {
            if (nameAwaitingValue is not null)
            {
                parameters.Add(new CommandParameter(nameAwaitingValue, argument));
                nameAwaitingValue = null;
                continue;
            }

            if (argument.Length < 2 || argument[0] != '-')
            {
                parameters.Add(new CommandParameter(null, argument));
                continue;
            }

            int colon = argument.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                // The engine decides whether this is a switch or takes the next argument.
                parameters.Add(new CommandParameter(argument));
            else if (colon == argument.Length - 1)
                nameAwaitingValue = argument[..colon];
            else
                parameters.Add(new CommandParameter(argument[..colon], BooleanOrText(argument[(colon + 1)..])));
        }

        return parameters;
    }

    private static object BooleanOrText(string value) =>
        bool.TryParse(value.StartsWith('$') ? value[1..] : value, out bool boolean) ? boolean : value;
}
