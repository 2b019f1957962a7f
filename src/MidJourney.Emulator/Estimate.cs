using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>What a create would cost: for each output, what those of the completed tasks of its kind cost on average, or else the price that was set.</summary>
internal static class Estimate
{
    /// <summary>How many samples an estimate from the price claims.</summary>
    private const int SamplesOfPrice = 100;

    public static JsonObject Of(CreateRequest create, GatewayEmulator emulator)
    {
        var (kind, now, options) = (create.Kind, emulator.Now, emulator.Settings);
        var completed = emulator.Tasks.Where(task => task.Kind == kind && task.Currency == options.Currency && !task.Fails && task.EndsAt <= now).ToArray();
        var data = new JsonObject { ["model"] = kind.Model, ["hash"] = "v1:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}"))) };
        decimal? cost = completed.Length > 0 ? completed.Average(task => task.UnitPrice) : options.PriceOf(kind)?.Mean;
        if (cost is null)
        {
            data["cost"] = null;
            data["reason"] = "COST_CACHE_MISS";
            return new JsonObject { ["status"] = "failed", ["data"] = data };
        }
        data["billing_model"] = kind.Model;
        data["cost"] = (cost.Value * create.Outputs).ToString("0.############", CultureInfo.InvariantCulture);
        data["currency"] = options.Currency;
        data["discount"] = 1;
        data["sample_count"] = completed.Length > 0 ? completed.Length : SamplesOfPrice;
        data["updated_at"] = completed.Select(task => task.EndsAt).DefaultIfEmpty(now).Max().ToUnixTimeSeconds();
        return new JsonObject { ["status"] = "success", ["data"] = data };
    }
}
