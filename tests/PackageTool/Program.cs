namespace MidJourney.PackageTool;

/// <summary>Packs the built module: <c>PackageTool &lt;module folder&gt; &lt;CHANGELOG.md&gt; &lt;folder for the package&gt;</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is not [var module, var changelog, var folder])
        {
            Console.Error.WriteLine("PackageTool <module folder> <CHANGELOG.md> <folder for the package>");
            return 2;
        }

        try
        {
            using var package = new MemoryStream();
            var file = Path.Combine(folder, ModulePackage.Write(module, File.ReadAllText(changelog), package));
            File.WriteAllBytes(file, package.ToArray());
            Console.WriteLine(file);
            return 0;
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
