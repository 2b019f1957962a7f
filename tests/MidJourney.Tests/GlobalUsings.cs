global using MidJourney.Emulator;
