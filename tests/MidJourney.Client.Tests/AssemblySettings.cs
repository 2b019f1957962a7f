using System.Runtime.CompilerServices;

// The tests share one thread pool, and fake clocks that wait for it to be quiet.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace MidJourney.Client.Tests;

internal static class AssemblySettings
{
    /// <summary>The test host keeps some threads of the pool for itself; what is left must not be one alone.</summary>
    [ModuleInitializer]
    internal static void GiveThePoolThreads() => ThreadPool.SetMinThreads(16, 16);
}
