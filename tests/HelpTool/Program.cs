namespace MidJourney.HelpTool;

/// <summary>Writes the cmdlets' help from their pages: <c>HelpTool &lt;folder of the pages&gt; &lt;help file&gt;</c>. The module's build runs it.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is not [var pages, var help])
        {
            Console.Error.WriteLine("Usage: HelpTool <folder of the pages> <help file>. To update the pages, run ./build.ps1 Docs.");
            return 2;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(help)!);
            File.WriteAllText(help, Maml.Write(Pages.Read(pages)));
            return 0;
        }
        catch (FormatException e)
        {
            // In the form that MSBuild and IDEs show as an error of the build.
            Console.Error.WriteLine($"HelpTool : error MJHELP : {e.Message}");
            return 1;
        }
    }
}
