namespace MidJourney;

/// <summary>Offers how far a result may differ from its image.</summary>
public sealed class StrengthCompleter() : ListCompleter("Subtle", "Strong");
