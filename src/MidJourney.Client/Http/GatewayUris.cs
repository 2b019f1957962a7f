namespace MidJourney;

/// <summary>The contract's addresses below a base URI, which may carry a path with or without a slash at its end.</summary>
internal sealed class GatewayUris
{
    private readonly string _generation;

    public GatewayUris(Uri baseUri)
    {
        _generation = baseUri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/model/v1/generation";
        Create = new Uri(_generation);
    }

    /// <summary>Where tasks are created.</summary>
    public Uri Create { get; }

    /// <summary>Where a task is read. Whatever the id holds, it stays one segment of the path.</summary>
    public Uri Task(string id) => new($"{_generation}/task/{Uri.EscapeDataString(WireId.Exact(id))}");

    /// <summary>Whether an id can be one at all: one dot or two cannot be escaped, and would climb out of the path.</summary>
    public static bool CanBeId(string id) => !string.IsNullOrWhiteSpace(id) && id is not ("." or "..");
}
