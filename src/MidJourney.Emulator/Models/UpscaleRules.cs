using System.Text.Json;

namespace MidJourney.Emulator;

/// <summary>The parameters of <c>midjourney_upscale</c>.</summary>
internal static class UpscaleRules
{
    private static readonly ParameterProblem JobIdMissing = new(8004005001, "jobId is required");
    private static readonly ParameterProblem ImageNoMissing = new(8004005002, "imageNo is required");
    private static readonly ParameterProblem ImageNoInvalid = new(8004005003, "imageNo must be 0, 1, 2 or 3");
    private static readonly ParameterProblem TypeMissing = new(8004005004, "type is required");
    private static readonly ParameterProblem TypeInvalid = new(8004005005, "type must be 0, 1, 2 or 3");
    private static readonly ParameterProblem CallbackInvalid = new(8004005006, "callback must be an absolute http or https URL");

    public static ParameterProblem? Check(JsonElement parameters) =>
        (Parameter.IsGivenText(parameters, "jobId"u8) ? null : JobIdMissing)
        ?? Parameter.CheckRange(parameters, "imageNo"u8, 0, 3, ImageNoMissing, ImageNoInvalid)
        ?? Parameter.CheckRange(parameters, "type"u8, 0, 3, TypeMissing, TypeInvalid)
        ?? (Parameter.IsWebAddressOrAbsent(parameters, "callback"u8) ? null : CallbackInvalid);
}
