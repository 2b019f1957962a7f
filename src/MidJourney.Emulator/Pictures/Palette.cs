using System.Numerics;
using static MidJourney.Emulator.Pictures.Canvas;

namespace MidJourney.Emulator.Pictures;

/// <summary>The colors of a time of day: the sky from top to horizon, sun or moon, and the light on everything.</summary>
internal sealed record Palette(Vector3 Top, Vector3 Middle, Vector3 Horizon, Vector3 Sun, Vector3 Light)
{
    /// <summary>Each of the four images of a grid has a light of its own.</summary>
    private static readonly Dictionary<Daytime, Palette[]> All = new()
    {
        [Daytime.Day] =
        [
            Of(0x2f7fd0, 0x82bdea, 0xdff0f6, 0xfffae0, 0xffffff), Of(0x3d6fa8, 0x8fb3d1, 0xf3e3c3, 0xffedb8, 0xf4ead6),
            Of(0x1d9ba8, 0x7fd0c8, 0xf2f3d0, 0xffffe6, 0xeef7e4), Of(0x5763b8, 0x9fb0e6, 0xf7dfe2, 0xfff2ea, 0xf2e8f2),
        ],
        [Daytime.Dawn] =
        [
            Of(0x5b7fb6, 0xe9b7b7, 0xffe2ae, 0xfff6d8, 0xd9bfb8), Of(0x3f5f8f, 0xb3a4c4, 0xffc7a0, 0xffe6c4, 0xb8a6b6),
            Of(0x6aa5b5, 0xcfd9c4, 0xfff0bd, 0xfffbe2, 0xdcd3b4), Of(0x8a79b0, 0xf0a7a6, 0xffd9c0, 0xfff0dc, 0xdbb2b4),
        ],
        [Daytime.Dusk] =
        [
            Of(0x262a5e, 0xa2476e, 0xf9a45c, 0xffe3a4, 0x9a7078), Of(0x3a1f4d, 0xc8414b, 0xffb648, 0xfff0b0, 0xa8695c),
            Of(0x14324f, 0x4f7390, 0xf6c68a, 0xffecc4, 0x7c8088), Of(0x40306e, 0x9a5fa8, 0xff9f9a, 0xffdcd0, 0x94709c),
        ],
        [Daytime.Night] =
        [
            Of(0x080e2c, 0x18275a, 0x41609a, 0xf6f2d8, 0x6a7ab0), Of(0x0b0a22, 0x2d2358, 0x6a4a8c, 0xffe9c8, 0x786cae),
            Of(0x04161f, 0x0e3a4a, 0x3a7f86, 0xf0fbe8, 0x5c929c), Of(0x101418, 0x2a3440, 0x66727e, 0xffffff, 0x7c8896),
        ],
    };

    public static Palette For(Daytime time, int variant) => All[time][variant % 4];

    private static Palette Of(int top, int middle, int horizon, int sun, int light) => new(Color(top), Color(middle), Color(horizon), Color(sun), Color(light));

    /// <summary>A color as it looks in this light.</summary>
    public Vector3 Lit(int rgb) => Color(rgb) * Light;

    /// <summary>A color that the air between makes paler: 1 is at the horizon.</summary>
    public Vector3 Far(int rgb, float distance) => Vector3.Lerp(Lit(rgb), Vector3.Lerp(Middle, Horizon, 0.6f), distance);

    /// <summary>The same time a little later or earlier, for a variation.</summary>
    public Palette Shifted(float by)
    {
        var tint = new Vector3(1 + (0.16f * by), 1, 1 - (0.16f * by));
        return new(Top * tint, Middle * tint, Horizon * tint, Sun, Light * tint);
    }
}
