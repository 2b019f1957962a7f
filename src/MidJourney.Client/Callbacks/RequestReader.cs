using System.Globalization;
using System.Text;

namespace MidJourney.Callbacks;

/// <summary>Reads the parts of a request strictly: what two programs could read in two ways is invalid.</summary>
internal sealed class RequestReader(Func<ArraySegment<byte>, Task<int>> receive)
{
    public const int MaxLines = 16 * 1024;

    private readonly byte[] _buffer = new byte[4096];
    private readonly StringBuilder _line = new();
    private int _at;
    private int _end;

    /// <summary>Reads a line that ends with CR LF, without its end.</summary>
    /// <param name="max">The maximum number of bytes; what remains of it is returned.</param>
    /// <exception cref="InvalidDataException">The line is too long, or contains a control character.</exception>
    /// <exception cref="EndOfStreamException">The connection ended.</exception>
    public async ValueTask<(string Line, int Left)> ReadLineAsync(int max)
    {
        _line.Clear();
        for (var last = '\0'; max > 0; max--)
        {
            if (_at == _end) await FillAsync().ConfigureAwait(false);
            var c = (char)_buffer[_at++];
            if (last == '\r' && c == '\n') return (_line.ToString(), max - 1);
            if (last == '\r' || (c != '\r' && c != '\t' && c is < ' ' or '\x7f')) throw new InvalidDataException();
            if (c != '\r') _line.Append(c);
            last = c;
        }
        throw new InvalidDataException();
    }

    public async ValueTask ReadAsync(Stream target, long count)
    {
        while (count > 0)
        {
            if (_at == _end) await FillAsync().ConfigureAwait(false);
            var part = (int)Math.Min(count, _end - _at);
            target.Write(_buffer, _at, part);
            (_at, count) = (_at + part, count - part);
        }
    }

    /// <summary>Reads a chunked body and what follows it.</summary>
    /// <param name="target">Receives the data.</param>
    /// <param name="max">The maximum number of bytes, including what surrounds the chunks.</param>
    /// <returns>False if it is longer.</returns>
    public async ValueTask<bool> ReadChunksAsync(Stream target, int max)
    {
        while (true)
        {
            var (line, left) = await ReadLineAsync(MaxLines).ConfigureAwait(false);
            var size = SizeOf(line);
            max -= MaxLines - left;
            if (size == 0) break;
            if (size > max || max < 0) return false;
            await ReadAsync(target, size).ConfigureAwait(false);
            max -= (int)size;
            if (await ReadLineAsync(2).ConfigureAwait(false) is not { Line: "" }) throw new InvalidDataException();
            max -= 2;
        }
        for (var (line, left) = ("trailer", MaxLines); line.Length > 0;) (line, left) = await ReadLineAsync(left).ConfigureAwait(false);
        return true;
    }

    /// <summary>Reads until the sender closes the connection, or has sent this many bytes.</summary>
    public async Task SkipAsync(int max)
    {
        while (max > 0 && await receive(new ArraySegment<byte>(_buffer)).ConfigureAwait(false) is > 0 and var count) max -= count;
    }

    private static long SizeOf(string line)
    {
        var digits = line.Split(';')[0].TrimEnd(' ', '\t');
        return digits.Length <= 15 && long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) ? size
            : throw new InvalidDataException();
    }

    private async Task FillAsync()
    {
        (_at, _end) = (0, await receive(new ArraySegment<byte>(_buffer)).ConfigureAwait(false));
        if (_end == 0) throw new EndOfStreamException();
    }
}
