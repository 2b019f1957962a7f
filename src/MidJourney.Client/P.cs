namespace MidJourney; internal static class PlaceholderClient { }
