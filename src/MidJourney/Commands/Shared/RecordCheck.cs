using System.Management.Automation;
using MidJourney.Parameters;

namespace MidJourney.Commands.Shared;

/// <summary>Finds what a piped record lacks, before its values are read.</summary>
internal static class RecordCheck
{
    /// <summary>The names of a record's columns; none for text and numbers. PowerShell takes longer to find that a column is not there than to list all of them.</summary>
    public static IReadOnlyList<string> ColumnsOf(PSObject? input) => input is null || IsValue(input) ? [] : [.. PSValue.Names(input)];

    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="input">The record.</param>
    /// <param name="isTask">Whether it describes a task.</param>
    /// <param name="open">The parameters that the command leaves to its input.</param>
    /// <exception cref="CommandException">The record has nothing for a mandatory parameter.</exception>
    public static void Check(SubmitCmdlet cmdlet, PSObject input, bool isTask, IReadOnlyList<RecordParameter> open)
    {
        var missing = open.Where(p => p.IsMandatory && p.Name != nameof(MJTask.Id) && (p.IsByValue ? IsRefused(cmdlet, p, input) : IsUnbound(cmdlet, p, input, isTask))).ToList();
        if (missing.Count == 0) return;
        var names = missing.ConvertAll(p => p.Name);
        var errorId = ErrorIds.Of((names[0], cmdlet.ModelId) switch
        {
            (nameof(ImageEditCmdlet.JobId), _) => GatewayErrorKind.JobIdMissing,
            (nameof(ImageEditCmdlet.ImageNo), _) => GatewayErrorKind.ImageNumberMissing,
            ("Type", ModelIds.Upscale) => GatewayErrorKind.TypeMissing,
            _ => GatewayErrorKind.InvalidParameter,
        });
        if (isTask && names[0] == nameof(MJTask.Prompt)) throw new CommandException(errorId, Messages.PromptOfTask()) { Advice = Messages.PromptOfTaskAdvice() };
        // Text and tasks have no column that could be renamed.
        if ((isTask || IsValue(input)) && !missing.Exists(p => p.IsByValue))
        {
            var supplied = open.FirstOrDefault(p => p.IsByValue && p.IsMandatory)?.Name;
            throw new CommandException(errorId, Messages.InputSuppliesOnly(isTask, names, supplied)) { Advice = Messages.InputSuppliesOnlyAdvice(names) };
        }
        throw new CommandException(errorId, Messages.ColumnsMissing(input, missing.Select(p => p.Names))) { Advice = Messages.ColumnsMissingAdvice(input, names[0]) };
    }

    /// <param name="input">The record.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="isTask">Whether it describes a task.</param>
    /// <param name="named">The parameters that only the names of its columns bind.</param>
    /// <exception cref="CommandException">Columns for the same parameter have different values, and one of them would be billed by chance.</exception>
    public static void CheckNames(PSObject input, IReadOnlyList<string> columns, bool isTask, IEnumerable<RecordParameter> named)
    {
        foreach (var parameter in named.Where(p => p.Name != nameof(MJTask.Id) && columns.Count(p.Binds) > 1))
        {
            var names = parameter.Names.Where(n => !(isTask && TaskSnapshot.IsField(n)) && !PSValue.IsEmpty(PSValue.Property(input, n))).ToList();
            if (names.Select(n => PSValue.Texts(input, n)).Distinct(StringComparer.Ordinal).Count() > 1)
                throw new CommandException(ErrorIds.Of(GatewayErrorKind.InvalidParameter), Messages.ColumnsDiffer(parameter.Name, names)) { Advice = Messages.ColumnsDifferAdvice(parameter.Name, names[0]) };
        }
    }

    /// <summary>Whether the record is neither a text nor an object with a property for the parameter.</summary>
    private static bool IsRefused(SubmitCmdlet cmdlet, RecordParameter parameter, PSObject input) =>
        PSValue.Items(parameter.GetValue(cmdlet)).ToList() is [string text] && TextSource.Of(text) is { IsObject: true } given
            && ReferenceEquals(PSValue.Unwrap(given.Source), PSValue.Unwrap(input));

    // What a task was made with is not what to make of it.
    private static bool IsUnbound(SubmitCmdlet cmdlet, RecordParameter parameter, PSObject input, bool isTask)
    {
        var isBound = PSValue.Unwrap(parameter.GetValue(cmdlet)) is not null;
        if (isBound && !isTask) return false;
        var names = parameter.Names.Where(n => input.Properties[n] is not null).ToList();
        return names.Count == 0 ? !isBound : isTask && names.All(TaskSnapshot.IsField);
    }

    private static bool IsValue(PSObject input) => input.BaseObject is string or Uri or ValueType;
}
