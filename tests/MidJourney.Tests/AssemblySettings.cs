using System.Runtime.CompilerServices;

namespace MidJourney.Tests;

internal static class AssemblySettings
{
    /// <summary>Emulators and modules of all tests that run at once share one pool, some of whose threads tests hold; the others must not wait for its growth.</summary>
    [ModuleInitializer]
    internal static void GiveThePoolThreads() => ThreadPool.SetMinThreads(64, 64);
}
