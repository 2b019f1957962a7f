using System.Management.Automation.Host;

namespace MidJourney.Shell;

/// <summary>The screen's size for the formatter; cell by cell there is nothing to read or write.</summary>
internal sealed class ShellRawUserInterface(Screen screen) : PSHostRawUserInterface
{
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Size BufferSize
    {
        get => new(screen.Width, 50);
        set => throw Unsupported();
    }

    public override Size WindowSize
    {
        get => BufferSize;
        set => throw Unsupported();
    }

    public override Size MaxWindowSize => BufferSize;

    public override Size MaxPhysicalWindowSize => BufferSize;

    public override Coordinates WindowPosition
    {
        get => default;
        set => throw Unsupported();
    }

    public override Coordinates CursorPosition
    {
        get => throw Unsupported();
        set => throw Unsupported();
    }

    public override int CursorSize
    {
        get => throw Unsupported();
        set => throw Unsupported();
    }

    public override string WindowTitle { get; set; } = "";

    public override bool KeyAvailable => throw Unsupported();

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw Unsupported();

    public override void FlushInputBuffer()
    {
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Unsupported();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw Unsupported();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw Unsupported();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw Unsupported();

    private static HostException Unsupported() => new("This shell writes and reads lines; it has no screen buffer.");
}
