namespace MidJourney;

/// <summary>What all lines about one create say of it.</summary>
/// <param name="Ref">Its name in the journal.</param>
/// <param name="BaseUri">The gateway.</param>
/// <param name="Model">The model.</param>
/// <param name="Parameters">The parameters as JSON, without the callback.</param>
/// <param name="Source">Where the job that is worked on came from, as JSON; empty when that is not known.</param>
internal sealed record JournalCreate(string Ref, string BaseUri, string Model, byte[] Parameters, byte[] Source)
{
    private string? _key;

    /// <summary>Equal for creates that make the same thing at the same gateway, whoever wrote their JSON and in what order.</summary>
    public string Key => _key ??= SubmissionKey.Of(BaseUri, Model, Parameters);
}
