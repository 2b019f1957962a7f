using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MidJourney.Emulator;

/// <summary>Small gradient images, each with bytes of its own, that can be padded with noise to any length.</summary>
internal static class PngImage
{
    private const byte Side = 64;
    private const byte BitsPerChannel = 8;
    private const byte Rgb = 2;
    private const int Colours = 64;
    private const int ChunkFrame = 12;

    private static readonly byte[] Start = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. Chunk("IHDR", [0, 0, 0, Side, 0, 0, 0, Side, BitsPerChannel, Rgb, 0, 0, 0])];
    private static readonly byte[] End = Chunk("IEND", []);
    private static readonly byte[]?[] Pixels = new byte[]?[Colours];
    private static byte[] _lastNoise = [];

    public static byte[] Of(EmulatedTask task, int index)
    {
        int colour = (int)(SeededDraw.Bits(task.Number, (ulong)index) % Colours);
        byte[] comment = Chunk("tEXt", Encoding.ASCII.GetBytes($"Comment\0{task.Id}/{index}"));
        byte[] pixels = Pixels[colour] ??= Chunk("IDAT", Gradient(colour));
        int padding = task.Shape.ImageBytes - (Start.Length + comment.Length + pixels.Length + End.Length);
        return [.. Start, .. comment, .. padding >= ChunkFrame ? Noise(padding) : [], .. pixels, .. End];
    }

    /// <summary>A private chunk that readers skip. Files of one run tend to have one size, so the last chunk is kept.</summary>
    private static byte[] Noise(int chunkLength)
    {
        byte[] kept = Volatile.Read(ref _lastNoise);
        if (kept.Length == chunkLength)
            return kept;
        byte[] data = new byte[chunkLength - ChunkFrame];
        for (int i = 0; i < data.Length; i++)
            data[i] = (byte)SeededDraw.Bits(7, (ulong)i);
        byte[] chunk = Chunk("noIs", data);
        Volatile.Write(ref _lastNoise, chunk);
        return chunk;
    }

    private static byte[] Gradient(int colour)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            Span<byte> row = stackalloc byte[1 + (Side * 3)];
            for (int y = 0; y < Side; y++)
            {
                double light = 0.35 + (0.65 * y / Side);
                for (int x = 0; x < Side * 3; x++)
                {
                    double hue = Math.Cos(2 * Math.PI * (((double)colour / Colours) + (x % 3 / 3.0)));
                    row[x + 1] = (byte)(light * (128 + (127 * hue)));
                }
                zlib.Write(row);
            }
        }
        return packed.ToArray();
    }

    private static byte[] Chunk(string kind, byte[] data)
    {
        byte[] chunk = new byte[ChunkFrame + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(kind, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
