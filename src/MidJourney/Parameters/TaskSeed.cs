using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using MidJourney.Json;

namespace MidJourney.Parameters;

/// <summary>
/// Makes a task of an object that was one: from Clixml, a job, another process, JSON, a CSV row or a hashtable. Only the
/// id must be there; where the rest is, it saves requests and keeps the task's origin.
/// </summary>
internal static class TaskSeed
{
    /// <summary>What a task without metadata has.</summary>
    public static readonly ReadOnlyDictionary<string, object?> NoMetadata = new MJTask { Id = "" }.Metadata;

    /// <summary>The tasks of a list, which an argument is where the pipeline has one after the other; or the one thing that was given.</summary>
    public static IEnumerable<PSObject?> Each(PSObject? given) =>
        LanguagePrimitives.GetEnumerable(given) is { } list ? list.Cast<object?>().Select(item => item is null ? null : PSObject.AsPSObject(item)) : [given];

    /// <summary>The task; null when the object has no id.</summary>
    public static MJTask? From(PSObject source)
    {
        var id = Text(source, "Id") ?? Text(source, "TaskId");
        if (id is null) return null;
        return new MJTask
        {
            Id = id,
            // What it was then may be out of date, so the status is asked for again; the origin never changes.
            Model = Text(source, "Model"),
            CreatedAt = Value(source, "CreatedAt") is string text ? Whole(source)?.CreatedAt ?? Time(text) : Time(Value(source, "CreatedAt")),
            SourceJobId = Text(source, "SourceJobId"),
            SourceImageNo = int.TryParse(Text(source, "SourceImageNo"), NumberStyles.None, CultureInfo.InvariantCulture, out var image) ? image : null,
            UpscaleType = UpscaleType.Find(Text(source, "UpscaleType")),
            Prompt = Prompt(source, "Prompt"),
            SourceTaskId = Text(source, "SourceTaskId"),
            SourcePrompt = Prompt(source, "SourcePrompt"),
            BaseUri = Text(source, "BaseUri"),
            Account = Text(source, "Account"),
            IsKnown = bool.TryParse(Text(source, "IsKnown"), out var isKnown) && isKnown,
            SubmissionId = Text(source, "SubmissionId"),
        };
    }

    /// <summary>
    /// The task as the gateway described it, where the object has all of that as text. In a CSV numbers and times are written as the culture of its writer
    /// has them, and lists not at all; the gateway's text stays as it was.
    /// </summary>
    public static MJTask? Whole(PSObject source) => Value(source, "Raw") is string { Length: > 0 } raw ? TaskReader.FromRaw(raw, Text(source, "Id") ?? Text(source, "TaskId")) : null;

    /// <summary>A property or entry; null when there is none.</summary>
    public static object? Value(PSObject source, string name) => GivenValue.Field(source, name);

    /// <summary>The same as text, trimmed; null for none.</summary>
    public static string? Text(PSObject source, string name) =>
        Value(source, name) is not (IEnumerable and not string) and var value && Convert.ToString(value, CultureInfo.InvariantCulture) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    /// <summary>A prompt, to the last space; null for none, which a CSV writes as nothing.</summary>
    public static string? Prompt(PSObject source, string name) => Value(source, name) is string { Length: > 0 } text ? text : null;

    /// <summary>A time in any of the forms it takes on its way through files and processes; null for none.</summary>
    public static DateTimeOffset? Time(object? value) => value switch
    {
        // Clixml, jobs and remoting take a DateTimeOffset apart.
        PSObject { BaseObject: PSCustomObject } parts => Time(parts.Properties["UtcDateTime"]?.Value),
        PSObject wrapped => Time(wrapped.BaseObject),
        DateTimeOffset time => time,
        DateTime time => time,
        // ISO 8601 is the same everywhere; anything else was most likely written where it is read.
        string { Length: > 4 } text when text[4] == '-' => Time(text, CultureInfo.InvariantCulture),
        string text => Time(text, CultureInfo.CurrentCulture) ?? Time(text, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static DateTimeOffset? Time(string text, CultureInfo culture) =>
        DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
