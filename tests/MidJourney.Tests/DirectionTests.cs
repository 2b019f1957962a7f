using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace MidJourney.Tests;

/// <summary>Which folder may use which, by the namespaces in the built assemblies. All of them may use the root, which includes Model.</summary>
public sealed partial class DirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["MidJourney"] = [],

        // The client.
        ["MidJourney.Json"] = [],
        ["MidJourney.Throttling"] = [],
        ["MidJourney.Polling"] = ["MidJourney.Json", "MidJourney.Throttling"],
        ["MidJourney.Pricing"] = ["MidJourney.Json"],
        ["MidJourney.Journal"] = ["MidJourney.Json", "MidJourney.Pricing"],
        ["MidJourney.Gateway"] = ["MidJourney.Json", "MidJourney.Throttling", "MidJourney.Polling", "MidJourney.Pricing", "MidJourney.Journal", "MidJourney.Callbacks"],
        ["MidJourney.Callbacks"] = [],
        ["MidJourney.Downloads"] = ["MidJourney.Json", "MidJourney.Throttling", "MidJourney.Gateway"],

        // The module, all of which may use the client.
        ["MidJourney.Parameters"] = [],
        ["MidJourney.Sessions"] = ["MidJourney.Parameters"],
        ["MidJourney.Commands.Shared"] = ["MidJourney.Parameters", "MidJourney.Sessions"],
        ["MidJourney.Gallery"] = [],
        ["MidJourney.Commands"] = ["MidJourney.Parameters", "MidJourney.Sessions", "MidJourney.Commands.Shared", "MidJourney.Gallery"],
    };

    [Theory]
    [InlineData("MidJourney.Client.dll")]
    [InlineData("MidJourney.dll")]
    public void Folders_use_only_those_below_them(string file)
    {
        using var assembly = Read(file);
        var types = assembly.MainModule.GetAllTypes().Where(t => Allowed.ContainsKey(FolderOf(t))).ToList();
        var folders = types.Select(FolderOf).ToHashSet();
        var uses = types.SelectMany(t => Used(t).Select(used => (By: t, Folder: FolderOf(used)))).Where(u => u.Folder != "MidJourney" && folders.Contains(u.Folder) && u.Folder != FolderOf(u.By)).ToList();
        Assert.NotEmpty(uses);
        var wrong = uses.Where(u => !Allowed[FolderOf(u.By)].Contains(u.Folder)).Select(u => $"{u.By.FullName} uses {u.Folder}").Distinct().ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.DoesNotContain(assembly.MainModule.GetAllTypes(), t => FolderOf(t).StartsWith("MidJourney", StringComparison.Ordinal) && !Allowed.ContainsKey(FolderOf(t)));
    }

    [Fact]
    public void The_client_knows_no_cmdlet_and_no_PowerShell()
    {
        using var assembly = Read("MidJourney.Client.dll");
        Assert.DoesNotContain(assembly.MainModule.AssemblyReferences, r => r.Name is "System.Management.Automation");
        var texts = assembly.MainModule.GetAllTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions).Select(i => i.Operand).OfType<string>().ToList();
        Assert.NotEmpty(texts);
        Assert.DoesNotContain(texts, text => CmdletName().IsMatch(text));
    }

    private static AssemblyDefinition Read(string file) => AssemblyDefinition.ReadAssembly(Path.Combine(Repository.Module, "bin", "net8.0", file));

    private static IEnumerable<TypeReference> Used(TypeDefinition type)
    {
        IEnumerable<TypeReference?> all =
        [
            type.BaseType, .. type.Interfaces.Select(i => i.InterfaceType), .. type.CustomAttributes.Select(a => a.AttributeType), .. type.Fields.Select(f => f.FieldType),
            .. type.Methods.SelectMany(m => m.Parameters.Select(p => p.ParameterType).Append(m.ReturnType)),
            .. type.Methods.Where(m => m.HasBody).SelectMany(m => m.Body.Variables.Select(v => v.VariableType)
                .Concat(m.Body.Instructions.SelectMany(i => i.Operand switch { TypeReference t => [t], MemberReference member => [member.DeclaringType], _ => Enumerable.Empty<TypeReference>() }))),
        ];
        return all.OfType<TypeReference>().SelectMany(Parts);
    }

    /// <summary>A type without its array or reference, and its generic arguments.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) =>
        (type is GenericInstanceType generic ? generic.GenericArguments.SelectMany(Parts) : []).Append(type.GetElementType());

    /// <summary>The folder. One type is not in its folder's namespace, because scripts refer to it.</summary>
    private static string FolderOf(TypeReference type) => type switch
    {
        { DeclaringType: { } outer } => FolderOf(outer),
        { FullName: "MidJourney.MJSession" } => "MidJourney.Sessions",
        _ => type.Namespace,
    };

    [GeneratedRegex(@"\b[A-Z][a-z]+-MJ[A-Z]")]
    private static partial Regex CmdletName();
}
