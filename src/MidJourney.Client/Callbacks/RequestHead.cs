using System.Globalization;
using System.Text.RegularExpressions;

namespace MidJourney.Callbacks;

/// <summary>The request line, and what the header fields say about the body.</summary>
internal sealed class RequestHead
{
    private static readonly Regex RequestLine = new(@"^[!#$%&'*+.^_`|~0-9A-Za-z-]+ ([^ \t]+) HTTP/1\.([0-9])$", RegexOptions.CultureInvariant);
    private static readonly Regex FieldName = new("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", RegexOptions.CultureInvariant);
    private static readonly Regex Digits = new("^[0-9]{1,18}$", RegexOptions.CultureInvariant);

    private readonly string _target;
    private readonly Dictionary<string, List<string>> _fields = new(StringComparer.OrdinalIgnoreCase);

    private RequestHead(string target) => _target = target;

    /// <summary>Without the query; empty if the target has none.</summary>
    public string Path
    {
        get
        {
            var path = _target.Split('?', '#')[0];
            if (path.StartsWith("/", StringComparison.Ordinal)) return path;
            // The absolute form, for proxies.
            var host = path.IndexOf("://", StringComparison.Ordinal);
            return host < 0 || path.IndexOf('/', host + 3) is not (> 0 and var start) ? "" : path.Substring(start);
        }
    }

    /// <summary>0 without a body, and for one in chunks.</summary>
    public long Length { get; private set; }

    public bool IsChunked { get; private set; }

    /// <summary>Whether the sender waits for a response before it sends the body.</summary>
    public bool ExpectsContinue { get; private set; }

    /// <exception cref="InvalidDataException">It is too long or malformed.</exception>
    public static async Task<RequestHead> ReadAsync(RequestReader reader)
    {
        var (line, left) = await reader.ReadLineAsync(RequestReader.MaxLines).ConfigureAwait(false);
        if (RequestLine.Match(line) is not { Success: true } request) throw new InvalidDataException();
        var head = new RequestHead(request.Groups[1].Value);
        while (true)
        {
            (line, left) = await reader.ReadLineAsync(left).ConfigureAwait(false);
            if (line.Length == 0) break;
            head.AddField(line);
        }
        head.ReadFraming(isFirstVersion: request.Groups[2].Value == "0");
        return head;
    }

    /// <summary>Writes the target, and a line break.</summary>
    public void WriteTarget(Stream text)
    {
        foreach (var c in _target) text.WriteByte((byte)c);
        text.WriteByte((byte)'\n');
    }

    private void AddField(string line)
    {
        var colon = line.IndexOf(':');
        // Also a line that continues the previous one.
        if (colon < 0 || !FieldName.IsMatch(line.Substring(0, colon))) throw new InvalidDataException();
        var name = line.Substring(0, colon);
        if (!_fields.TryGetValue(name, out var values)) _fields[name] = values = [];
        values.Add(line.Substring(colon + 1).Trim(' ', '\t'));
    }

    private void ReadFraming(bool isFirstVersion)
    {
        var (length, coding) = (Only("Content-Length"), Only("Transfer-Encoding"));
        if (coding is not null && (length is not null || isFirstVersion || !coding.Equals("chunked", StringComparison.OrdinalIgnoreCase)))
            throw new InvalidDataException();
        if (length is not null && !Digits.IsMatch(length)) throw new InvalidDataException();
        IsChunked = coding is not null;
        Length = length is null ? 0 : long.Parse(length, CultureInfo.InvariantCulture);
        var expectsContinue = Only("Expect") is { } expected && expected.Equals("100-continue", StringComparison.OrdinalIgnoreCase);
        ExpectsContinue = expectsContinue && !isFirstVersion && (IsChunked || Length > 0);
    }

    private string? Only(string name) => !_fields.TryGetValue(name, out var values) ? null : values.Count == 1 ? values[0] : throw new InvalidDataException();
}
