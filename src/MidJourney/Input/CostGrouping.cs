namespace MidJourney;

/// <summary>What tasks have in common whose cost is added up.</summary>
public enum CostGrouping
{
    /// <summary>The upscale type, or the model of tasks that have none.</summary>
    Type,

    /// <summary>The job that was worked on.</summary>
    Job,

    /// <summary>The day of the create, by this machine's time zone.</summary>
    Day,

    /// <summary>The gateway's model.</summary>
    Model,

    /// <summary>The prompt that the image goes back to, so that a grid and all that was made of it add up together.</summary>
    Prompt,
}
