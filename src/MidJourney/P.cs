namespace MidJourney; internal static class Placeholder { }
