using System.Reflection;
using System.Reflection.Emit;

namespace MidJourney.Bench.Benches;

/// <summary>A binary module with nothing in it.</summary>
internal static class EmptyModule
{
    /// <returns>The path of its manifest.</returns>
    public static string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Empty"), typeof(object).Assembly);
        assembly.DefineDynamicModule("Empty").DefineType("Empty.Nothing", TypeAttributes.Public | TypeAttributes.Class).CreateType();
        assembly.Save(Path.Combine(folder, "Empty.dll"));
        var manifest = Path.Combine(folder, "Empty.psd1");
        File.WriteAllText(manifest, """
            @{
                RootModule        = 'Empty.dll'
                ModuleVersion     = '1.0.0'
                GUID              = '3c1b6a6e-29b2-4a3f-9d0c-2f6f4f6f7a10'
                CmdletsToExport   = @()
                FunctionsToExport = @()
                AliasesToExport   = @()
                VariablesToExport = @()
            }
            """);
        return manifest;
    }
}
