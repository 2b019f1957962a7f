using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MidJourney.Json;

namespace MidJourney.Pricing;

/// <summary>
/// What the price of a task depends on: its model, its type, mode or scale, and the version and quality flags of its prompt. Not the prompt, the job or the mask.
/// </summary>
/// <param name="Model">The gateway's model.</param>
/// <param name="Type">The rest as it is shown, such as <c>Creative</c> or <c>--v 7 --q 2</c>; null if the price depends only on the model.</param>
internal readonly record struct WorkKind(string Model, string? Type)
{
    private static readonly string[] VariationTypes = ["Subtle", "Strong"];
    private static readonly string[] RemixModes = ["Strong", "Subtle"];

    // Phones turn two hyphens into a dash, which MidJourney accepts.
    private static readonly Regex Flag = new(
        @"(?<!\S)(?:--|—)(?:(?<v>v|version)|(?<niji>niji)|(?<q>q|quality))(?:\s+(?<value>\d*\.?\d+)(?!\S))?(?![\w-])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    public static WorkKind Of(MJSubmission submission) =>
        Of(submission.Model, JsonBytes.Of(json => CreateBody.WriteObject(json, submission.Parameters, except: "callback")));

    /// <param name="model">The model.</param>
    /// <param name="parameters">The parameters as JSON; empty if they are not known.</param>
    public static WorkKind Of(string model, ReadOnlySpan<byte> parameters)
    {
        string? type = null, mode = null, scale = null, text = null;
        var reader = new Utf8JsonReader(parameters, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            if (parameters.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject) return new(model, null);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.ValueSpan;
                reader.Read();
                if (name.SequenceEqual("type"u8)) type = Scalar(ref reader);
                else if (name.SequenceEqual("mode"u8)) mode = Scalar(ref reader);
                else if (name.SequenceEqual("scale"u8)) scale = Scalar(ref reader);
                else if ((name.SequenceEqual("text"u8) || name.SequenceEqual("remixPrompt"u8)) && MayMatter(ref reader)) text = reader.GetString();
                else reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Parameters that nothing can be made of: somebody changed the journal.
        }
        return new(model, Join(Join(NameOf(model, type, mode), scale is null ? null : $"scale {scale}"), Join(FlagsIn(text), PermutationsIn(model, text))));
    }

    public override string ToString() => Type is null ? Model : $"{Model} {Type}";

    private static string? NameOf(string model, string? type, string? mode) => model switch
    {
        ModelNames.Upscale => UpscaleType.Find(type) ?? type,
        ModelNames.Variation => WireNames.Find(VariationTypes, type) ?? type,
        ModelNames.Remix => WireNames.Find(RemixModes, mode ?? "0") ?? mode,
        _ => Join(type is null ? null : $"type {type}", mode is null ? null : $"mode {mode}"),
    };

    private static string? Join(string? one, string? other) => one is null ? other : other is null ? one : $"{one} {other}";

    /// <summary>Most prompts have neither flags nor braces, and there may be a million of them.</summary>
    private static bool MayMatter(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return false;
        var text = reader.ValueSpan;
        return text.IndexOf("--"u8) >= 0 || text.IndexOf("—"u8) >= 0 || text.IndexOf((byte)'{') >= 0 || text.IndexOf((byte)'\\') >= 0;
    }

    private static string? FlagsIn(string? text)
    {
        if (text is null) return null;
        string? version = null, niji = null, quality = null;
        foreach (Match flag in Flag.Matches(text))
        {
            var value = flag.Groups["value"] is { Success: true } number ? " " + Plain(number.Value) : "";
            if (flag.Groups["v"].Success) version = "--v" + value;
            else if (flag.Groups["niji"].Success) niji = "--niji" + value;
            else quality = "--q" + value;
        }
        return Join(Join(version, niji), quality);
    }

    /// <summary>The number of prompts that MidJourney makes of a submission; each is billed.</summary>
    public static int PermutationsOf(MJSubmission submission) =>
        submission.Parameters.FirstOrDefault(p => p.Key == "text").Value is string text ? CountIn(submission.Model, text) : 1;

    private static int CountIn(string model, string? text) => model == ModelNames.Diffusion && text is not null ? PromptPermutations.Count(text) : 1;

    private static string? PermutationsIn(string model, string? text) =>
        CountIn(model, text) is > 1 and var count ? FormattableString.Invariant($"{count} permutations") : null;

    /// <summary>A number or a short text; null for anything else.</summary>
    private static string? Scalar(ref Utf8JsonReader reader)
    {
        const int MaxLength = 32;
        var text = reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetDecimal(out var number) => number.ToString("G29", CultureInfo.InvariantCulture),
            JsonTokenType.String => Plain(reader.GetString()!),
            _ => null,
        };
        reader.Skip();
        return text is { Length: > 0 and <= MaxLength } ? text : null;
    }

    /// <summary>1.50 and 1.5 are the same.</summary>
    private static string Plain(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number.ToString("G29", CultureInfo.InvariantCulture) : text;
}
