using System.Collections.ObjectModel;
using System.Management.Automation.Host;

namespace MidJourney.Shell;

/// <summary>Asks for one of several choices (as for -Confirm), by hot key or by label.</summary>
internal sealed class ChoicePrompt(PSHostUserInterface userInterface, Collection<ChoiceDescription> choices, int defaultChoice)
{
    public int Ask()
    {
        while (true)
        {
            userInterface.Write(Line());
            string answer = userInterface.ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
                return defaultChoice;

            if (answer == "?")
            {
                foreach (ChoiceDescription choice in choices)
                    userInterface.WriteLine($"{HotKeyOrLabel(choice)} - {choice.HelpMessage}");
                continue;
            }

            for (int index = 0; index < choices.Count; index++)
            {
                if (IsPicked(choices[index], answer))
                    return index;
            }
        }
    }

    private static bool IsPicked(ChoiceDescription choice, string answer) =>
        answer.Length > 0
        && (answer.Equals(HotKey(choice), StringComparison.OrdinalIgnoreCase)
            || answer.Equals(Label(choice), StringComparison.OrdinalIgnoreCase));

    private static string Label(ChoiceDescription choice) => choice.Label.Replace("&", "", StringComparison.Ordinal);

    private static string HotKey(ChoiceDescription choice)
    {
        int mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length ? choice.Label.Substring(mark + 1, 1).ToUpperInvariant() : "";
    }

    private static string HotKeyOrLabel(ChoiceDescription choice) => HotKey(choice) is { Length: > 0 } key ? key : Label(choice);

    private string Line()
    {
        string offered = string.Concat(choices.Select(choice => $"[{HotKey(choice)}] {Label(choice)}  "));
        string preset = defaultChoice >= 0 ? $"(default is \"{HotKeyOrLabel(choices[defaultChoice])}\"): " : ": ";
        return $"{offered}[?] Help {preset}";
    }
}
