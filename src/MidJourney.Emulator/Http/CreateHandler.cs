using System.IO.Pipelines;
using System.Text;

namespace MidJourney.Emulator;

/// <summary><c>POST /model/v1/generation</c>.</summary>
internal sealed class CreateHandler(EmulatorState state) : IOperationHandler
{
    public Operation Operation => Operation.Create;

    public bool IsGateway => true;

    public async ValueTask ReceiveAsync(Exchange exchange)
    {
        var reader = exchange.Http.Request.BodyReader;
        ReadResult read = await reader.ReadAsync();
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }
        if (state.Options.RecordDetails)
            exchange.RequestText = Encoding.UTF8.GetString(read.Buffer);
        exchange.Create = CreateRequest.Parse(read.Buffer, state.Options);
        exchange.Key = exchange.Create.Key;
        reader.AdvanceTo(read.Buffer.End);
        state.Counts.CountCreate();
        state.CountOf(exchange.Key).CountCreate();
    }

    public void Perform(Exchange exchange)
    {
        var options = state.Options;
        var create = exchange.Create;
        if ((create.Problem ?? JobProblem(create)) is { } problem)
        {
            exchange.AnswerError(problem.Status, options.ErrorBody, problem.Code, problem.Message);
            return;
        }
        var task = state.TryMakeTask(create, state.Shapes.For(create.Key), options.MaxOutstanding);
        if (task is null)
        {
            exchange.AnswerTooMany(options, "too many tasks at once");
            return;
        }
        state.Counts.CountTask();
        state.CountOf(create.Key).CountTask();
        exchange.Subject = task;
        exchange.TaskId = task.Id;
        TaskJson.AnswerCreated(exchange, task, state.BaseText);
    }

    private CreateProblem? JobProblem(in CreateRequest create) =>
        state.Options.StrictJobs ? SourceJob.Check(create, state.Tasks, state.Now) : null;
}
