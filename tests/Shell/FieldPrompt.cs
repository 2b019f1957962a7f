using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace MidJourney.Shell;

/// <summary>Asks for the value of one field, such as a missing mandatory parameter; a list ends at an empty line.</summary>
internal sealed class FieldPrompt(PSHostUserInterface userInterface, FieldDescription field)
{
    private readonly Type _type = Type.GetType(field.ParameterAssemblyFullName) ?? typeof(string);

    public object? Ask() => _type.IsArray ? AskForList(_type.GetElementType()!) : AskForItem(_type, $"{field.Name}: ");

    private object? AskForList(Type itemType)
    {
        var items = new List<object?>();
        while (AskForItem(itemType, $"{field.Name}[{items.Count}]: ") is { } item and not "" and not SecureString { Length: 0 })
            items.Add(item);

        return LanguagePrimitives.ConvertTo(items, _type);
    }

    private object? AskForItem(Type type, string prompt)
    {
        if (type == typeof(PSCredential))
            return userInterface.PromptForCredential(field.Name, "", "", "");

        while (true)
        {
            userInterface.Write(prompt);
            if (type == typeof(SecureString))
                return userInterface.ReadLineAsSecureString();

            string text = userInterface.ReadLine();
            if (text.Length == 0 && _type.IsArray)
                return null;
            if (LanguagePrimitives.TryConvertTo(text, type, out object? value))
                return value;

            userInterface.WriteErrorLine($"\"{text}\" is not a {type.Name}.");
        }
    }
}
