namespace MidJourney;

/// <summary>Is told what happens on the wire on behalf of one caller. Called from any thread; must return at once.</summary>
public interface IGatewayObserver
{
    /// <summary>A line of the story: a request is repeated, and why.</summary>
    void Note(string line);

    /// <summary>Something the user should know although work goes on.</summary>
    void Warn(string line);
}
