namespace MidJourney.Emulator.Pictures;

/// <summary>Random numbers that are the same for the same seed.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _thrown;

    public float Next() => (float)SeededDraw.Unit(seed, _thrown++);

    public float Between(float low, float high) => low + ((high - low) * Next());

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[(int)(Next() * choices.Length)];

    /// <summary>A smooth curve around 0, for hills and clouds. Its highest waves are about <paramref name="height"/> high.</summary>
    public Func<float, float> Curve(float height, float wave, int octaves)
    {
        (float Phase, float Wave)[] waves =
        [
            .. Enumerable.Range(0, octaves).Select(i => (Between(0, MathF.Tau), MathF.Pow(1.9f, i) * MathF.Tau / wave * Between(0.9f, 1.1f))),
        ];
        return x =>
        {
            float sum = 0, part = height * 0.6f;
            foreach (var (phase, length) in waves)
            {
                sum += MathF.Sin((x * length) + phase) * part;
                part *= 0.5f;
            }
            return sum;
        };
    }
}
