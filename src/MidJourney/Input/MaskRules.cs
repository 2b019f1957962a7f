namespace MidJourney;

/// <summary>What a mask must be (models page: <c>mask</c>), so that none is paid for that cannot be right.</summary>
internal static class MaskRules
{
    private const int LeastSide = 500, MostSide = 4096, LeastNumbers = 6;

    /// <exception cref="GatewayException">It cannot be right.</exception>
    public static void Check(string name, MJMask mask)
    {
        if (mask.Url is null && mask.Areas.Length == 0) throw ParameterText.Invalid(CommandMessages.MaskEmpty(name));
        if (mask.Url is not null && mask.Areas.Length > 0) throw ParameterText.Invalid(CommandMessages.MaskTwofold(name));
        if (mask.Url is not null && !WebAddress.IsOne(mask.Url)) throw ParameterText.Invalid(CommandMessages.NotAWebAddress(name, mask.Url));
        foreach (var area in mask.Areas) Check(name, area);
    }

    private static void Check(string name, MJMaskArea area)
    {
        if (area.Width is < LeastSide or > MostSide || area.Height is < LeastSide or > MostSide)
            throw ParameterText.Invalid(CommandMessages.MaskSide(name, area, LeastSide, MostSide));
        var points = area.Points;
        if (points.Length < LeastNumbers || points.Length % 2 != 0) throw ParameterText.Invalid(CommandMessages.MaskPoints(name, area));
        for (var i = 0; i < points.Length; i += 2)
            if (points[i] < 0 || points[i] > area.Width || points[i + 1] < 0 || points[i + 1] > area.Height)
                throw ParameterText.Invalid(CommandMessages.MaskPointOutside(name, area, points[i], points[i + 1]));
        if (IsFlat(points)) throw ParameterText.Invalid(CommandMessages.MaskFlat(name));
    }

    /// <summary>Whether all corners are on one line, or are one.</summary>
    private static bool IsFlat(int[] points)
    {
        var other = 2;
        while (other < points.Length && points[other] == points[0] && points[other + 1] == points[1]) other += 2;
        for (var i = other + 2; i < points.Length; i += 2)
            if ((points[other] - points[0]) * (points[i + 1] - points[1]) != (points[other + 1] - points[1]) * (points[i] - points[0])) return false;
        return true;
    }
}
