namespace MidJourney;

/// <summary>The cost of a group of tasks in one currency, as far as the gateway reported it.</summary>
public sealed class MJCost
{
    /// <summary>What the tasks have in common, in the order of the grouping; <c>all</c> for a grand total.</summary>
    public required string Group { get; init; }

    /// <summary>The upscale type, or the model of tasks that have no type; null unless grouped by it.</summary>
    public string? Type { get; init; }

    /// <summary>The source job; null unless grouped by it, and if it is unknown.</summary>
    public string? SourceJobId { get; init; }

    /// <summary>The day on which the tasks were created, in this machine's time zone; null unless grouped by it, and if it is unknown.</summary>
    public DateTime? Day { get; init; }

    /// <summary>The gateway's model; null unless grouped by it, and if it is unknown.</summary>
    public string? Model { get; init; }

    /// <summary>The original prompt of the images; null unless grouped by it, and if it is unknown.</summary>
    public string? Prompt { get; init; }

    /// <summary>The number of tasks. Each counts once, even if the input contains it several times.</summary>
    public int Tasks { get; init; }

    /// <summary>The number of completed tasks.</summary>
    public int Completed { get; init; }

    /// <summary>The number of failed and cancelled tasks.</summary>
    public int Failed { get; init; }

    /// <summary>The number of tasks that had not ended when they were last read, or may never have been created.</summary>
    public int Running { get; init; }

    /// <summary>The number of tasks with an unknown cost. If it is not 0, <see cref="Cost"/> may be too low.</summary>
    public int CostUnknown { get; init; }

    /// <summary>The total in <see cref="Currency"/> of the tasks with a known cost.</summary>
    public decimal Cost { get; init; }

    /// <summary>The currency, such as <c>USD</c> or <c>credit</c>. A group has one total per currency; tasks with an unknown cost count in its first.</summary>
    public string Currency { get; init; } = Money.Usd;

    /// <summary>In <see cref="Currency"/>, per task with a known cost; null if there are none.</summary>
    public decimal? MeanCost => Tasks == CostUnknown ? null : Cost / (Tasks - CostUnknown);

    /// <summary>The group and its cost.</summary>
    public override string ToString() => FormattableString.Invariant($"{Group}: {Cost} {Currency}");
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

/// <summary>What the gateway billed for a model in a period, beside what the journal has.</summary>
public sealed class MJBill
{
    /// <summary>The gateway's model group; <c>all</c> for the last one, the total.</summary>
    public required string Model { get; init; }

    /// <summary>The number of tasks in the journal, without those whose outcome is unknown.</summary>
    public int JournalTasks { get; init; }

    /// <summary>The total in <see cref="Currency"/> of the tasks whose cost the journal knows.</summary>
    public decimal JournalCost { get; init; }

    /// <summary>The number of tasks in the journal whose cost it does not know. If it is not 0, <see cref="JournalCost"/> may be too low.</summary>
    public int CostUnknown { get; init; }

    /// <summary>The number of submissions in the journal whose outcome is unknown, which may have been billed.</summary>
    public int OutcomeUnknown { get; init; }

    /// <summary>The number of requests that were billed; null if it is unknown.</summary>
    public long? BillRequests { get; init; }

    /// <summary>What was billed, after the discount, in <see cref="Currency"/>; null if it is unknown.</summary>
    public decimal? BillCost { get; init; }

    /// <summary>What was billed, before the discount, in <see cref="Currency"/>; null if it is unknown.</summary>
    public decimal? ListCost { get; init; }

    /// <summary>The bill minus the journal; null if the bill is unknown.</summary>
    public decimal? Difference => BillCost - JournalCost;

    /// <summary>The currency, such as <c>USD</c> or <c>credit</c>.</summary>
    public string Currency { get; init; } = Money.Usd;

    /// <summary>The model, and both costs.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Model}: {JournalCost} {Currency} in the journal, {(BillCost is { } billed ? FormattableString.Invariant($"{billed}") : "unknown")} on the bill");
}
