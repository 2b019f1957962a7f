using System.Buffers.Binary;

namespace MidJourney.Emulator;

/// <summary>Ids as the gateway's look: 12 bytes (time, seed, counter) in base 32, 20 characters.</summary>
internal sealed class TaskIds(ulong seed)
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv";
    private readonly ulong _origin = SeededDraw.Bits(seed, 99);

    public string Next(ulong number, long nowTicks) =>
        string.Create(20, (Seconds: (uint)((nowTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond), Low: _origin + number),
            static (text, value) =>
            {
                Span<byte> bytes = stackalloc byte[16];
                BinaryPrimitives.WriteUInt32BigEndian(bytes, value.Seconds);
                BinaryPrimitives.WriteUInt64BigEndian(bytes[4..], value.Low);
                UInt128 bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
                for (int i = 0; i < text.Length; i++)
                {
                    text[i] = Alphabet[(int)(bits >> 123)];
                    bits <<= 5;
                }
            });
}
