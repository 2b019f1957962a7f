using System.Text.RegularExpressions;

namespace MidJourney.Emulator.Pictures;

/// <summary>What a scene can show.</summary>
[Flags]
internal enum Things
{
    None = 0,
    Sea = 1,
    Boat = 1 << 1,
    Harbor = 1 << 2,
    Lighthouse = 1 << 3,
    Train = 1 << 4,
    Snow = 1 << 5,
    Mountain = 1 << 6,
    Forest = 1 << 7,
    City = 1 << 8,
    House = 1 << 9,
    Desert = 1 << 10,
    Flower = 1 << 11,
    Cat = 1 << 12,
    Space = 1 << 13,
    Rocket = 1 << 14,
    Fog = 1 << 15,
}

internal enum Daytime { Day, Dawn, Dusk, Night }

internal enum Look { Plain, Oil, Woodcut, Watercolor, Ink, Neon, Pixels, Gray }

/// <summary>What a prompt asks for, as far as the emulator knows its words. Without a known word, the prompt's hash decides.</summary>
internal readonly partial record struct SceneWords(Things Things, Daytime Daytime, Look Look)
{
    private static readonly Dictionary<string, Things> Known = Table<Things>(
        (Things.Sea, "sea ocean beach coast island bay lake river water wave shore whale fish"),
        (Things.Sea | Things.Boat, "boat ship sail sailboat yacht ferry canoe regatta"),
        (Things.Sea | Things.Boat | Things.Harbor, "harbor harbour port pier marina dock"),
        (Things.Sea | Things.Lighthouse, "lighthouse"),
        (Things.Train, "train railway locomotive tram steam station"),
        (Things.Snow, "snow winter ice arctic blizzard frost glacier ski"),
        (Things.Mountain, "mountain alps peak summit hill cliff volcano valley canyon"),
        (Things.Forest, "forest tree wood pine jungle fox deer owl bear wolf autumn"),
        (Things.City, "city skyline street skyscraper town downtown tokyo paris london cyberpunk"),
        (Things.House, "house cottage cabin village farm barn castle home"),
        (Things.Desert, "desert dune sahara cactus camel oasis"),
        (Things.Flower, "flower rose tulip meadow garden sunflower poppy blossom field bee butterfly spring"),
        (Things.Cat, "cat kitten windowsill window"),
        (Things.Space, "space planet galaxy cosmos alien asteroid nebula orbit"),
        (Things.Space | Things.Rocket, "rocket astronaut spaceship spacecraft starship"),
        (Things.Fog, "fog foggy mist haze storm rain"));

    private static readonly Dictionary<string, Daytime> Daytimes = Table<Daytime>(
        (Daytime.Night, "night midnight moon moonlight star dark evening"),
        (Daytime.Dusk, "dusk sunset twilight"),
        (Daytime.Dawn, "dawn sunrise morning"),
        (Daytime.Day, "day noon sun summer afternoon"));

    private static readonly Dictionary<string, Look> Looks = Table<Look>(
        (Look.Oil, "oil impasto painting impressionist gogh monet"),
        (Look.Woodcut, "woodcut linocut print engraving ukiyo block"),
        (Look.Watercolor, "watercolor watercolour aquarelle gouache pastel"),
        (Look.Ink, "ink pencil sketch drawing charcoal lineart etching"),
        (Look.Neon, "neon cyberpunk synthwave vaporwave retrowave"),
        (Look.Pixels, "pixel 8bit"),
        (Look.Gray, "monochrome noir black photograph"));

    public static SceneWords Of(string prompt)
    {
        ulong seed = SeededDraw.Hash(prompt);
        string[] words = [.. Word().Matches(prompt.ToLowerInvariant()).Select(match => match.Value)];
        var things = words.Aggregate(Things.None, (all, word) => all | Find(Known, word).GetValueOrDefault());
        if (things is Things.None or Things.Fog or Things.Snow)
            things |= Any(seed, Things.Mountain | Things.Forest, Things.Sea | Things.Boat, Things.Desert, Things.House | Things.Flower,
                Things.Mountain | Things.Sea);
        return new(
            things,
            words.Select(word => Find(Daytimes, word)).FirstOrDefault(time => time is not null)
                ?? Any(seed + 1, Daytime.Day, Daytime.Dawn, Daytime.Dusk, Daytime.Day),
            words.Select(word => Find(Looks, word)).FirstOrDefault(look => look is not null) ?? Look.Plain);
    }

    public bool Has(Things thing) => (Things & thing) == thing;

    private static T Any<T>(ulong seed, params ReadOnlySpan<T> choices) => choices[(int)(SeededDraw.Bits(seed, 5) % (ulong)choices.Length)];

    private static Dictionary<string, T> Table<T>(params ReadOnlySpan<(T Value, string Words)> rows)
    {
        var table = new Dictionary<string, T>();
        foreach (var (value, words) in rows)
        {
            foreach (string word in words.Split(' '))
                table[word] = value;
        }
        return table;
    }

    /// <summary>The word itself, its plural, or with a y, as in snowy.</summary>
    private static T? Find<T>(Dictionary<string, T> table, string word)
        where T : struct
    {
        foreach (string ending in (ReadOnlySpan<string>)["", "s", "es", "y"])
        {
            if (word.EndsWith(ending, StringComparison.Ordinal) && table.TryGetValue(word[..^ending.Length], out var value))
                return value;
        }
        return null;
    }

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Word();
}
