namespace MidJourney.Emulator;

/// <summary>What a create asks for: the same key twice is the same work paid twice.</summary>
public readonly record struct JobKey(string? JobId, int? ImageNo, int? Type);
