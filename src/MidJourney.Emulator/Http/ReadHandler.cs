namespace MidJourney.Emulator;

/// <summary><c>GET /model/v1/generation/task/{id}</c>.</summary>
internal sealed class ReadHandler(EmulatorState state) : IOperationHandler
{
    public Operation Operation => Operation.Read;

    public bool IsGateway => true;

    public bool Takes(Exchange exchange, ReadOnlySpan<char> id)
    {
        if (id.IsEmpty || id.Contains('/'))
            return false;
        var task = state.Tasks.Find(id);
        exchange.Subject = task;
        exchange.TaskId = task?.Id ?? id.ToString();
        return true;
    }

    public ValueTask ReceiveAsync(Exchange exchange)
    {
        state.Counts.CountRead();
        if (exchange.Subject is { } task)
        {
            exchange.Key = task.Key;
            task.CountRead();
        }
        else
        {
            state.CountReadOfUnknown(exchange.TaskId!);
        }
        return default;
    }

    public void Perform(Exchange exchange)
    {
        if (exchange.Subject is { } task)
            TaskJson.AnswerRead(exchange, task, state.Now, state.BaseText);
        else
            exchange.AnswerError(404, state.Options.ErrorBody, 404, "task not found");
    }
}
