using System.Reflection;

namespace MidJourney.Net472Console;

/// <summary>
/// Submits and waits with the client for Windows PowerShell, from the module's own folder and without binding redirects:
/// on .NET Framework, or on mono where that is installed. Its one line of output tells the result.
/// </summary>
internal static class Program
{
    private const int Failed = 1;
    private const int WrongUsage = 64;

    private static int Main(string[] args)
    {
        if (args.Length != 3)
        {
            Console.Error.WriteLine("Net472Console <folder of the assemblies> <address of the emulator> <its key>");
            return WrongUsage;
        }

        // What is not beside this program comes from the module's folder, in the very version that was asked for.
        AppDomain.CurrentDomain.AssemblyResolve += (_, wanted) => Load(Path.GetFullPath(args[0]), new AssemblyName(wanted.Name));
        try
        {
            var callbacks = Callbacks.RunAsync().GetAwaiter().GetResult();
            Console.WriteLine($"PASSED: {callbacks}, {Upscales.RunAsync(new Uri(args[1]), args[2]).GetAwaiter().GetResult()}");
            return 0;
        }
#pragma warning disable CA1031 // Whatever goes wrong is what this program is there to tell.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.WriteLine($"FAILED: {e.Message}");
            Console.Error.WriteLine(e);
            return Failed;
        }
    }

    private static Assembly? Load(string folder, AssemblyName wanted)
    {
        var file = Path.Combine(folder, wanted.Name + ".dll");
        if (!File.Exists(file)) return null;
        return AssemblyName.GetAssemblyName(file).Version == wanted.Version ? Assembly.LoadFrom(file) : throw new FileLoadException($"{wanted} was asked for, {file} is another version.");
    }
}
