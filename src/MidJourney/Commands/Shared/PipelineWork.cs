using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>
/// What the cmdlets that a runspace runs at the same time, usually those of one pipeline, have under way at the gateway. If the pipeline is interrupted, the
/// cmdlet that ends last, which is the one furthest down, shows one line about it. Thread-safe, because tasks are accepted on other threads.
/// </summary>
internal sealed class PipelineWork
{
    private static readonly ConditionalWeakTable<Runspace, StrongBox<PipelineWork?>> OfRunspaces = new();

    private readonly Dictionary<(string Address, string Id), (MJTask Task, MJSession Session)> _running = [];
    private readonly List<MJTask> _unsaved = [];
    private StrongBox<PipelineWork?>? _place;
    private readonly MoneySum _cost = new();
    private int _cmdlets;
    private int _submitting;

    /// <summary>How the pipeline saves files; empty if it does not.</summary>
    public string SaveCommand { get; set; } = "";

    /// <summary>One more cmdlet runs; <see cref="Leave"/> must follow.</summary>
    public static PipelineWork Join()
    {
        var place = OfRunspaces.GetOrCreateValue(Runspace.DefaultRunspace);
        var work = place.Value ??= new PipelineWork { _place = place };
        work._cmdlets++;
        return work;
    }

    /// <summary>A cmdlet submitted the task, or waits for it.</summary>
    public void Begin(MJTask task, MJSession session)
    {
        if (task.IsEnded()) return;
        lock (_running)
        {
            // The first snapshot has the time that is in the journal.
            if (!_running.ContainsKey((session.Address, task.Id))) _running.Add((session.Address, task.Id), (task, session));
        }
    }

    /// <summary>The task has ended, or does not exist.</summary>
    public void End(MJTask task, MJSession session)
    {
        lock (_running)
        {
            if (_running.Remove((session.Address, task.Id)) && !task.IsKnown) _cost.Add(task.Cost, task.Currency);
        }
    }

    /// <summary>Submissions that were interrupted: their tasks may still be created.</summary>
    public void InterruptCreates(int count) => _submitting += count;

    /// <summary>A file was interrupted.</summary>
    public void InterruptFile(MJTask task)
    {
        _unsaved.Add(task);
        (task.Owner.Session as MJSession)?.Held.Hold(task);
    }

    /// <summary>A cmdlet has ended.</summary>
    /// <param name="isComplete">Whether it ran to its end.</param>
    /// <param name="hasEnough">Otherwise whether a downstream cmdlet needs no more objects.</param>
    /// <returns>The line to show; null for none.</returns>
    public string? Leave(bool isComplete, bool hasEnough)
    {
        if (--_cmdlets > 0) return null;
        _place!.Value = null;
        if (isComplete) return null;
        lock (_running) return Describe(hasEnough);
    }

    private string? Describe(bool hasEnough)
    {
        var here = SessionStore.Current;
        var sessions = _running.Values.Select(t => t.Session).Concat(_unsaved.Select(t => t.Owner.Session).OfType<MJSession>()).Distinct().ToList();
        // The journal also has what was returned to a variable that is now lost, and outlives the process.
        var isInJournal = !hasEnough && sessions.All(s => s.JournalPath is not null && (here is null || (here.Client.Options.Journal == s.Client.Options.Journal && here.Address == s.Address)));
        var tasks = _running.Values.Where(t => isInJournal || t.Session.Held.Contains(t.Task.Id)).Select(t => t.Task).ToList();
        if (tasks.Count == 0 && _submitting == 0 && _unsaved.Count == 0) return null;
        var source = isInJournal ? FromJournal(tasks) : sessions.All(s => s == here) ? "(Get-MJSession).Undelivered" : "(Get-MJSession -All).Undelivered";
        return Messages.Stopped(hasEnough, tasks.Count, _submitting, _unsaved.Count, _cost, $"{source} | Wait-MJTask{SaveCommand}");
    }

    private string FromJournal(List<MJTask> tasks)
    {
        // The journal may have seen a task at another time than this pipeline.
        const string Statuses = $"{MJTaskStatus.InProgress}, {MJTaskStatus.Pending}";
        if (_unsaved.Count == 0) return $"Get-MJTask -Status {Statuses}";
        // Completed tasks are listed without the many that were completed earlier.
        var since = tasks.Concat(_unsaved).Min(t => t.CreatedAt)?.ToLocalTime().AddMinutes(-1);
        return FormattableString.Invariant($"Get-MJTask -Status {Statuses}, {MJTaskStatus.Completed}{(since is { } time ? $" -After '{time:yyyy-MM-dd HH:mm}'" : "")}");
    }

    /// <summary>A parameter as it can be typed again.</summary>
    public static string Argument(string name, object value)
    {
        var text = FormattableString.Invariant($"{value}");
        return $" -{name} {(Regex.IsMatch(text, @"^[\w./\\:~][\w./\\:~-]*$") ? text : PowerShellText.Literal(text))}";
    }
}
