namespace MidJourney;

/// <summary>What is done with a submission that the journal has already seen.</summary>
public enum DuplicatePolicy
{
    /// <summary>It is created again, and paid again.</summary>
    Create,

    /// <summary>It is not: the known task is given instead, or <see cref="GatewayErrorKind.SubmitOutcomeUnknown"/> where none is known.</summary>
    Skip,

    /// <summary>The same, but one whose outcome is unknown is created again, which may pay twice.</summary>
    SkipUnlessUnknown,
}
