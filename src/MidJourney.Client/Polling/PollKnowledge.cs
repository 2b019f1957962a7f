namespace MidJourney;

/// <summary>What a session has learned of its tasks, shared by everything that waits in it.</summary>
internal sealed class PollKnowledge
{
    private readonly Dictionary<(string? Model, string? UpscaleType), TaskKind> _kinds = [];

    /// <summary>Held while anything of it is read or changed.</summary>
    public object Lock { get; } = new();

    public TaskKind KindOf(MJTask task)
    {
        lock (Lock)
        {
            var key = (task.Model, task.UpscaleType);
            if (!_kinds.TryGetValue(key, out var kind)) _kinds[key] = kind = new TaskKind();
            return kind;
        }
    }
}
