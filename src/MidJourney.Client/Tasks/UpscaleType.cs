namespace MidJourney;

/// <summary>How an image is upscaled. The values are text, as those of <see cref="MJTaskStatus"/>; the wire has their numbers (contract: <c>midjourney_upscale</c>, field <c>type</c>).</summary>
public static class UpscaleType
{
    /// <summary>0: keeps the image as it is.</summary>
    public const string Standard = nameof(Standard);

    /// <summary>1: lets the model add detail.</summary>
    public const string Creative = nameof(Creative);

    /// <summary>2: the 2x upscaler of version 5 (<c>v5_2x</c>).</summary>
    public const string V5_2x = nameof(V5_2x);

    /// <summary>3: the 4x upscaler of version 5 (<c>v5_4x</c>).</summary>
    public const string V5_4x = nameof(V5_4x);

    /// <summary>All of them; the place of each is the wire's number.</summary>
    public static IReadOnlyList<string> All { get; } = [Standard, Creative, V5_2x, V5_4x];

    /// <summary>The type of that name, in any letter case, or of the wire's number; null when there is none.</summary>
    /// <param name="nameOrNumber">A name or a number.</param>
    public static string? Find(string? nameOrNumber) => WireNames.Find(All, nameOrNumber);

    /// <summary>The wire's number of one of them.</summary>
    /// <param name="type">A name as it is in <see cref="All"/>.</param>
    public static int NumberOf(string type) => All.TakeWhile(t => t != type).Count();
}
