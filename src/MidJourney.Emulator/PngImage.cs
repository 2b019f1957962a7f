using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Numerics;
using System.Text;
using MidJourney.Emulator.Pictures;

namespace MidJourney.Emulator;

/// <summary>The file of an image: a picture, or with a given length a small gradient, padded with noise. Each file has bytes of its own.</summary>
internal static class PngImage
{
    private const int GradientSide = 64;
    private const byte BitsPerChannel = 8;
    private const byte Rgb = 2;
    private const byte DifferenceToAbove = 2;
    private const int Colors = 64;
    private const int ChunkFrame = 12;

    /// <summary>Pictures that are kept, some 50 MB at most, for those who ask for the same file again.</summary>
    private const int MaxKept = 50;

    private static readonly uint[] CrcOf =
        [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc >> 1) ^ ((crc & 1) * 0xEDB88320)))];
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];
    private static readonly byte[] GradientHeader = Header(GradientSide, GradientSide);
    private static readonly byte[] End = Chunk("IEND", []);
    private static readonly byte[]?[] Gradients = new byte[]?[Colors];
    private static readonly ConcurrentDictionary<Picture, Lazy<byte[]>> Kept = new();
    private static readonly ConcurrentQueue<Picture> KeptInOrder = new();
    private static byte[] _lastNoise = [];

    public static byte[] Of(EmulatedTask task, int index)
    {
        byte[] comment = Chunk("tEXt", Encoding.ASCII.GetBytes($"Comment\0{task.Id}/{index}"));
        if (task.Shape.ImageBytes == 0)
        {
            var picture = Picture.Of(task, index);
            return [.. Signature, .. Header(picture.Columns, picture.Rows), .. comment, .. Pixels(picture), .. End];
        }
        int color = (int)(SeededDraw.Bits(task.Number, (ulong)index) % Colors);
        byte[] pixels = Gradients[color] ??= Chunk("IDAT", Gradient(color));
        int padding = task.Shape.ImageBytes - (Signature.Length + GradientHeader.Length + comment.Length + pixels.Length + End.Length);
        return [.. Signature, .. GradientHeader, .. comment, .. padding >= ChunkFrame ? Noise(padding) : [], .. pixels, .. End];
    }

    private static byte[] Pixels(Picture picture)
    {
        var pixels = Kept.GetOrAdd(picture, _ =>
        {
            KeptInOrder.Enqueue(picture);
            return new(() => Chunk("IDAT", Packed(picture.Draw())));
        });
        while (Kept.Count > MaxKept && KeptInOrder.TryDequeue(out var oldest))
            Kept.TryRemove(oldest, out _);
        return pixels.Value;
    }

    /// <summary>Rows as differences to the row above, which drawn areas make small, packed fast.</summary>
    private static byte[] Packed(Canvas canvas)
    {
        int length = canvas.Columns * 3;
        byte[] above = new byte[length], current = new byte[length], row = new byte[length + 1];
        row[0] = DifferenceToAbove;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < canvas.Rows; y++)
            {
                for (int x = 0; x < canvas.Columns; x++)
                {
                    var color = Vector3.Clamp(canvas.Pixels[(y * canvas.Columns) + x], Vector3.Zero, Vector3.One) * 255.999f;
                    (current[x * 3], current[(x * 3) + 1], current[(x * 3) + 2]) = ((byte)color.X, (byte)color.Y, (byte)color.Z);
                }
                for (int i = 0; i < length; i++)
                    row[i + 1] = (byte)(current[i] - above[i]);
                zlib.Write(row);
                (above, current) = (current, above);
            }
        }
        return packed.ToArray();
    }

    private static byte[] Header(int columns, int rows)
    {
        byte[] data = [0, 0, 0, 0, 0, 0, 0, 0, BitsPerChannel, Rgb, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(data, columns);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), rows);
        return Chunk("IHDR", data);
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

    private static byte[] Gradient(int color)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            Span<byte> row = stackalloc byte[1 + (GradientSide * 3)];
            for (int y = 0; y < GradientSide; y++)
            {
                double light = 0.35 + (0.65 * y / GradientSide);
                for (int x = 0; x < GradientSide * 3; x++)
                {
                    double hue = Math.Cos(2 * Math.PI * (((double)color / Colors) + (x % 3 / 3.0)));
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
            crc = (crc >> 8) ^ CrcOf[(byte)crc ^ value];
        return ~crc;
    }
}
