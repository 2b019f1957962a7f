using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace MidJourney.Shell;

/// <summary>Standard input, read so that Ctrl+C ends a waiting prompt.</summary>
internal sealed class ConsoleInput(CancellationToken stop)
{
    public string ReadLine() => Wait(Console.In.ReadLine)
        ?? throw new HostException("A prompt needs an answer, but standard input has ended.");

    public SecureString ReadSecret()
    {
        var secret = new SecureString();
        if (Console.IsInputRedirected)
        {
            foreach (char character in ReadLine())
                secret.AppendChar(character);
        }
        else
        {
            Wait(() => ReadKeysInto(secret));
        }

        secret.MakeReadOnly();
        return secret;
    }

    private static bool ReadKeysInto(SecureString secret)
    {
        for (ConsoleKeyInfo key = ReadKey(); key.Key != ConsoleKey.Enter; key = ReadKey())
        {
            if (key.Key == ConsoleKey.Backspace && secret.Length > 0)
                secret.RemoveAt(secret.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                secret.AppendChar(key.KeyChar);
        }

        return true;
    }

    private static ConsoleKeyInfo ReadKey() => Console.ReadKey(intercept: true);

    /// <summary>A console read cannot be cancelled: it is left behind on a thread that does not keep the process alive.</summary>
    private T Wait<T>(Func<T> read)
    {
        try
        {
            return Task.Run(read).WaitAsync(stop).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }
}
