namespace MidJourney;

/// <summary>What a poller needs of the gateway: one read, one request.</summary>
public interface ITaskReader
{
    /// <summary>Reads a task once.</summary>
    /// <param name="id">The task id.</param>
    /// <param name="observer">Is told what happens on the wire.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="GatewayException">It could not be read; <see cref="GatewayException.IsTransient"/> says whether to try again.</exception>
    Task<MJTask> ReadOnceAsync(string id, IGatewayObserver? observer, CancellationToken cancellationToken);
}
