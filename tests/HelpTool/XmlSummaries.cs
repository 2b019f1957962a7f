using System.Xml.Linq;

namespace MidJourney.HelpTool;

/// <summary>What the source says of a cmdlet's parameters, as the first text of a new page.</summary>
internal static class XmlSummaries
{
    /// <summary>The text of a property, of the class itself or of one it derives from; null when there is none.</summary>
    public static string? Find(string xmlFile, Type cmdlet, string property)
    {
        if (!File.Exists(xmlFile)) return null;
        var members = XDocument.Load(xmlFile).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary"));
        for (var type = cmdlet; type is not null; type = type.BaseType)
            if (members.GetValueOrDefault($"P:{type.FullName}.{property}") is { } summary)
                return string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return null;
    }
}
