namespace MidJourney.Emulator;

/// <summary>Why a create is refused with HTTP 400.</summary>
internal sealed record ParameterProblem(long Code, string Message);
