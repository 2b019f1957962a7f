namespace MidJourney;

/// <summary>What a group of tasks cost, as far as the gateway has said.</summary>
public sealed class MJCost
{
    /// <summary>What the tasks have in common, in the order that was asked for; <c>all</c> for a grand total.</summary>
    public required string Group { get; init; }

    /// <summary>The upscale type, or the model of tasks that have none; null unless grouped by it.</summary>
    public string? Type { get; init; }

    /// <summary>The job that was worked on; null unless grouped by it, and for tasks of which it is not known.</summary>
    public string? SourceJobId { get; init; }

    /// <summary>The day on which the tasks were created, by this machine's time zone; null unless grouped by it, and where it is not known.</summary>
    public DateTime? Day { get; init; }

    /// <summary>The gateway's model; null unless grouped by it, and for tasks of which it is not known.</summary>
    public string? Model { get; init; }

    /// <summary>The prompt that the images go back to; null unless grouped by it, and for tasks of which it is not known.</summary>
    public string? Prompt { get; init; }

    /// <summary>How many tasks there are; each counts once, however often it was seen.</summary>
    public int Tasks { get; init; }

    /// <summary>How many of them completed.</summary>
    public int Completed { get; init; }

    /// <summary>How many failed or were cancelled.</summary>
    public int Failed { get; init; }

    /// <summary>How many had not ended when they were last seen, or may never have been made.</summary>
    public int Open { get; init; }

    /// <summary>How many have no cost that is known, so that <see cref="Cost"/> may be too low.</summary>
    public int Unpriced { get; init; }

    /// <summary>US dollars, of those whose cost is known.</summary>
    public decimal Cost { get; init; }

    /// <summary>US dollars a task, of those whose cost is known; null where there is none.</summary>
    public decimal? MeanCost => Tasks == Unpriced ? null : Cost / (Tasks - Unpriced);

    /// <summary>The group and its cost.</summary>
    public override string ToString() => FormattableString.Invariant($"{Group}: {Cost} USD");
}

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
