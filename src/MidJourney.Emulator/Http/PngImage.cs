using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MidJourney.Emulator;

/// <summary>Small gradient images, each its own bytes, that can be padded with noise to any length.</summary>
internal static class PngImage
{
    private const int Side = 64;
    private const int Colours = 64;
    private const int ChunkFrame = 12;

    private static readonly byte[] Start = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. Chunk("IHDR"u8, Header())];
    private static readonly byte[] End = Chunk("IEND"u8, []);
    private static readonly byte[]?[] Pixels = new byte[]?[Colours];
    private static byte[] _lastNoise = [];

    /// <summary>Writes the image that belongs to a name into a buffer the caller supplies.</summary>
    public static ReadOnlyMemory<byte> Write(string name, ulong seed, int wantedLength, Func<int, byte[]> rent)
    {
        byte[] comment = Chunk("tEXt"u8, Encoding.ASCII.GetBytes("Comment\0" + name));
        byte[] pixels = Pixels[seed % Colours] ??= Chunk("IDAT"u8, Gradient((int)(seed % Colours)));
        int bare = Start.Length + comment.Length + pixels.Length + End.Length;
        byte[] noise = wantedLength >= bare + ChunkFrame ? Noise(wantedLength - bare) : [];

        byte[] buffer = rent(bare + noise.Length);
        int length = 0;
        foreach (byte[] part in (ReadOnlySpan<byte[]>)[Start, comment, noise, pixels, End])
        {
            part.CopyTo(buffer, length);
            length += part.Length;
        }
        return buffer.AsMemory(0, length);
    }

    /// <summary>A private chunk that readers skip. Files of one run tend to have one size, so the last one is kept.</summary>
    private static byte[] Noise(int chunkLength)
    {
        byte[] kept = Volatile.Read(ref _lastNoise);
        if (kept.Length == chunkLength)
            return kept;
        byte[] data = new byte[chunkLength - ChunkFrame];
        Span<byte> bits = stackalloc byte[8];
        for (int i = 0; i < data.Length; i += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bits, SeededDraw.Bits(7, (ulong)i));
            bits[..Math.Min(8, data.Length - i)].CopyTo(data.AsSpan(i));
        }
        byte[] chunk = Chunk("noIs"u8, data);
        Volatile.Write(ref _lastNoise, chunk);
        return chunk;
    }

    private static byte[] Header()
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Side);
        header[8] = 8; // bits a channel
        header[9] = 2; // red, green, blue
        return header;
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

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] data)
    {
        byte[] chunk = new byte[ChunkFrame + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        kind.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Of(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }
}
