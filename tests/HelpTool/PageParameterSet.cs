namespace MidJourney.HelpTool;

/// <summary>How a parameter is bound in one set.</summary>
public sealed record PageParameterSet(
    string Name,
    string Position,
    bool IsRequired,
    bool ValueFromPipeline,
    bool ValueFromPipelineByPropertyName,
    bool ValueFromRemainingArguments);
