namespace MidJourney;

/// <summary>How an image is upscaled. The numbers are the wire's (contract: <c>midjourney_upscale</c>, field <c>type</c>).</summary>
public enum UpscaleType
{
    /// <summary>0: keeps the image as it is.</summary>
    Standard = 0,

    /// <summary>1: lets the model add detail.</summary>
    Creative = 1,

    /// <summary>2: the 2x upscaler of version 5 (<c>v5_2x</c>).</summary>
    V5_2x = 2,

    /// <summary>3: the 4x upscaler of version 5 (<c>v5_4x</c>).</summary>
    V5_4x = 3,
}
