using System.Management.Automation;
using System.Management.Automation.Internal;

namespace MidJourney.Shell;

/// <summary>Standard output and error, with one line of progress kept below what is written to a terminal.</summary>
internal sealed class Screen
{
    private const int WidthWhenRedirected = 120;
    private const string WidthVariable = "COLUMNS";
    private const string ColorVariable = "CLICOLOR_FORCE";
    private const long MillisecondsBetweenDraws = 100;

    private readonly Lock _gate = new();
    private readonly bool _isTerminal = !Console.IsOutputRedirected;
    private int _progressLength;
    private long _lastDraw;

    public Screen()
    {
        HasColors = Environment.GetEnvironmentVariable(ColorVariable) is { Length: > 0 } and not "0" || (_isTerminal
            && Environment.GetEnvironmentVariable("NO_COLOR") is null
            && Environment.GetEnvironmentVariable("TERM") != "dumb"
            && (!OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("WT_SESSION") is not null));
        PSStyle.Instance.OutputRendering = HasColors ? OutputRendering.Host : OutputRendering.PlainText;
    }

    public bool HasColors { get; }

    /// <summary>For the report of what ended the run, which is the last thing written.</summary>
    public bool WritesAllToError { get; set; }

    public int Width => _isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth
        : int.TryParse(Environment.GetEnvironmentVariable(WidthVariable), out int width) && width > 0 ? width : WidthWhenRedirected;

    public void Write(string text, string style = "")
    {
        if (WritesAllToError)
            WriteTo(Console.Error, text, HasColors && !Console.IsErrorRedirected);
        else
            WriteTo(Console.Out, HasColors && style.Length > 0 ? style + text + PSStyle.Instance.Reset : text, HasColors);
    }

    public void WriteError(string text) =>
        WriteTo(Console.Error, text + Environment.NewLine, HasColors && !Console.IsErrorRedirected);

    public void ShowProgress(ProgressRecord record)
    {
        if (!_isTerminal)
            return;

        lock (_gate)
        {
            if (record.RecordType == ProgressRecordType.Completed)
                EraseProgress();
            else if (Environment.TickCount64 - _lastDraw >= MillisecondsBetweenDraws)
                DrawProgress(record);
        }
    }

    public void EndProgress()
    {
        lock (_gate)
            EraseProgress();
    }

    private void WriteTo(TextWriter writer, string text, bool keepColors)
    {
        lock (_gate)
        {
            EraseProgress();
            writer.Write(keepColors ? text : new StringDecorated(text).ToString(OutputRendering.PlainText));
        }
    }

    private void DrawProgress(ProgressRecord record)
    {
        string percent = record.PercentComplete < 0 ? "" : $" {record.PercentComplete}%";
        string line = $"{record.Activity}{percent}: {record.StatusDescription} {record.CurrentOperation}".TrimEnd().ReplaceLineEndings(" ");
        // The last column stays free: writing to it wraps on some terminals.
        if (line.Length >= Width)
            line = line[..(Width - 1)];

        Console.Out.Write('\r' + line.PadRight(_progressLength));
        _progressLength = line.Length;
        _lastDraw = Environment.TickCount64;
    }

    private void EraseProgress()
    {
        if (_progressLength == 0)
            return;

        Console.Out.Write('\r' + new string(' ', _progressLength) + '\r');
        _progressLength = 0;
        _lastDraw = 0;
    }
}
