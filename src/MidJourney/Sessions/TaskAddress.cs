namespace MidJourney;

/// <summary>Where a task says that it belongs.</summary>
internal static class TaskAddress
{
    /// <summary>The gateway's address as sessions and the journal write it; null where the task does not say.</summary>
    /// <exception cref="CommandException">What it says is no address of a gateway.</exception>
    public static string? Of(MJTask task)
    {
        if (string.IsNullOrWhiteSpace(task.BaseUri)) return null;
        return Uri.TryCreate(task.BaseUri!.Trim(), UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.UserInfo.Length == 0
            ? SubmissionKey.AddressOf(address)
            : throw new CommandException(ErrorIds.InvalidTask, CommandMessages.TaskAddressInvalid(task)) { Advice = CommandMessages.TaskAddressInvalidAdvice() };
    }

    /// <summary>Checks that a task is not of another gateway than the session that was given for it.</summary>
    /// <exception cref="CommandException">It is.</exception>
    public static void Check(MJTask task, MJSession session)
    {
        if (Of(task) is { } address && address != session.Address)
            throw new CommandException(ErrorIds.InvalidTask, CommandMessages.TaskOfOtherGateway(task, address, session)) { Advice = CommandMessages.TaskOfOtherGatewayAdvice(address) };
    }
}
