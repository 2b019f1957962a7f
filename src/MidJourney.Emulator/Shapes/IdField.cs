namespace MidJourney.Emulator;

/// <summary>The field that holds a task's id.</summary>
public enum IdField
{
    /// <summary><c>id</c></summary>
    Id,

    /// <summary><c>task_id</c></summary>
    TaskId,

    /// <summary>Both.</summary>
    Both,
}
