namespace MidJourney;

/// <summary>What holds requests of one kind back.</summary>
/// <param name="Rate">Requests a second that the gateway was found to take; null while it takes any number.</param>
/// <param name="Pause">What is left of a pause the gateway asked for; zero for none.</param>
/// <param name="Free">How many more may be in flight.</param>
internal readonly record struct LimiterState(double? Rate, TimeSpan Pause, int Free);
