namespace MidJourney.Parameters;

/// <summary>
/// Other names of parameters: those of the gateway and of the provider's clients, so that their CSV, JSON and objects bind, and those of earlier versions. PowerShell
/// ignores letter case, but not underscores. <c>image</c> and <c>index</c> are not among them, because they count from 1 elsewhere, and <c>prompt</c> is only
/// a name of the prompt of Invoke-MJDiffusion, because every task has a Prompt.
/// </summary>
internal static class FieldNames
{
    public const string JobId = "job_id";

    public const string ImageNo = "image_no", ImageNumber = "ImageNumber", ImageNumberOfWire = "image_number";

    public const string UpscaleType = "UpscaleType", UpscaleTypeOfWire = "upscale_type";

    public const string Prompt = "Text";

    public const string RemixPrompt = "remix_prompt";

    public const string ImageUrl = "ImgUrl", ImageUrlOfWire = "image_url", ImgUrlOfWire = "img_url";

    public const string ImagePosition = "ImgPos", ImagePositionOfWire = "image_position", ImgPosOfWire = "img_pos";

    public const string Callback = "CallbackUrl", CallbackOfWire = "callback_url";

    public const string TaskId = "TaskId", TaskIdOfWire = "task_id";
}

/// <summary>
/// The parameter sets of a cmdlet with several mandatory parameters. PowerShell asks for those that a command lacks. In a pipeline it would only say that a record binds to
/// nothing; there, all of them are optional, so that the cmdlet can say what the record has and what it lacks.
/// </summary>
internal static class ParameterSets
{
    public const string Arguments = nameof(Arguments), Pipeline = nameof(Pipeline);
}
