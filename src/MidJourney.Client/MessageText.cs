using System.Globalization;
using System.Resources;

namespace MidJourney;

/// <summary>The texts of Messages.resx, by name. They are English in every culture, so that scripts and searches find them.</summary>
internal static class MessageText
{
    private static readonly ResourceManager Resources = new("MidJourney.Messages", typeof(MessageText).Assembly);

    /// <summary>The text, with its places filled in.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="values">What stands at {0}, {1} …; numbers and times are written as in every culture.</param>
    /// <exception cref="ArgumentException">There is no such text.</exception>
    public static string Of(string name, params object?[] values)
    {
        var text = Resources.GetString(name, CultureInfo.InvariantCulture) ?? throw new ArgumentException($"There is no text {name}.", nameof(name));
        return values.Length == 0 ? text : string.Format(CultureInfo.InvariantCulture, text, values);
    }
}
