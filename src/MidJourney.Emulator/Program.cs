using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MidJourney.Emulator;

internal static class Program
{
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private static async Task<int> Main(string[] args)
    {
        CommandLine line;
        try
        {
            line = CommandLine.Parse(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return WrongUsage;
        }
        if (line.WantsHelp)
        {
            Console.WriteLine(CommandLine.Help);
            return 0;
        }
        return await RunAsync(line);
    }

    private static async Task<int> RunAsync(CommandLine line)
    {
        try
        {
            await using var emulator = await line.StartAsync();
            var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            Console.WriteLine($"Listening on {emulator.BaseUri.AbsoluteUri.TrimEnd('/')}");
            await (line.ExitWithStdin ? Task.WhenAny(stop.Task, EndOfInputAsync()) : stop.Task);
            return 0;

            void Stop(PosixSignalContext signal)
            {
                signal.Cancel = true;
                // Ctrl+C reaches every process of a console. Here it is meant for the one that holds the other end of standard input.
                if (!line.ExitWithStdin || signal.Signal != PosixSignal.SIGINT) stop.TrySetResult();
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
    }

    private static Task EndOfInputAsync() => Task.Run(() => Console.OpenStandardInput().CopyTo(Stream.Null));
}
