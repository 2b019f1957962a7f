using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>What a create would cost: the mean cost of each output of the completed tasks of its kind, for every output that it asks for.</summary>
internal static class Estimate
{
    public static JsonObject Of(CreateRequest create, GatewayEmulator emulator)
    {
        var now = emulator.Now;
        var completed = emulator.Tasks.Where(task => task.Kind == create.Kind && !task.Fails && task.EndsAt <= now).ToArray();
        var data = new JsonObject { ["model"] = create.Kind.Model, ["hash"] = "v1:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{create.Kind}"))) };
        if (completed.Length == 0)
        {
            data["cost"] = null;
            data["reason"] = "COST_CACHE_MISS";
            return new JsonObject { ["status"] = "failed", ["data"] = data };
        }
        data["billing_model"] = create.Kind.Model;
        data["cost"] = (completed.Average(task => task.Shape.Cost) * create.Outputs).ToString("0.############", CultureInfo.InvariantCulture);
        data["currency"] = "USD";
        data["discount"] = 1;
        data["sample_count"] = completed.Length;
        data["updated_at"] = completed.Max(task => task.EndsAt).ToUnixTimeSeconds();
        return new JsonObject { ["status"] = "success", ["data"] = data };
    }
}
