using System.Text;
using MidJourney.Pricing;

namespace MidJourney.Client.Tests;

/// <summary>What a price depends on.</summary>
public sealed class WorkKindTests
{
    [Theory]
    [InlineData("midjourney_upscale", """{"jobId":"a","imageNo":0,"type":1}""", "Creative")]
    [InlineData("midjourney_upscale", """{"type":"1","jobId":"b","imageNo":3}""", "Creative")]
    [InlineData("midjourney_upscale", """{"jobId":"a","imageNo":0,"type":9}""", "9")]
    [InlineData("midjourney_variation", """{"jobId":"a","imageNo":0,"type":0,"remixPrompt":"x --v 6.1"}""", "Subtle --v 6.1")]
    [InlineData("midjourney_remix", """{"jobId":"a","imageNo":0,"remixPrompt":"x"}""", "Strong")]
    [InlineData("midjourney_remix", """{"jobId":"a","imageNo":0,"remixPrompt":"x","mode":1}""", "Subtle")]
    [InlineData("midjourney_outpaint", """{"jobId":"a","imageNo":0,"scale":1.50}""", "scale 1.5")]
    [InlineData("midjourney_inpaint", """{"jobId":"a","imageNo":0,"mask":{"areas":[],"type":7}}""", null)]
    [InlineData("midjourney_pan", """{"jobId":"a","type":2,"mode":"x","scale":3}""", "type 2 mode x scale 3")]
    [InlineData("midjourney_diffusion", """{"text":"a cat"}""", null)]
    [InlineData("midjourney_diffusion", """{"text":"a cat --ar 16:9 --no --v"}""", "--v")]
    [InlineData("midjourney_diffusion", """{"text":"--v 7.0"}""", "--v 7")]
    [InlineData("midjourney_diffusion", """{"text":"a cat --V  7"}""", "--v 7")]
    [InlineData("midjourney_diffusion", """{"text":"a cat \u2014v 7"}""", "--v 7")]
    [InlineData("midjourney_diffusion", """{"text":"a cat --version 6 --v 7"}""", "--v 7")]
    [InlineData("midjourney_diffusion", """{"text":"a cat --q .5 --niji"}""", "--niji --q 0.5")]
    [InlineData("midjourney_diffusion", """{"text":"a cat --video --vary 3 --queue --v7 x--v 7"}""", null)]
    [InlineData("midjourney_diffusion", """{"text":"a {red,{light,dark} blue} cat"}""", "3 permutations")]
    [InlineData("midjourney_diffusion", """{"text":"a {red} cat"}""", null)]
    [InlineData("midjourney_remix", """{"remixPrompt":"a {red,blue} cat"}""", "Strong")]
    [InlineData("midjourney_diffusion", "", null)]
    [InlineData("midjourney_diffusion", "[1]", null)]
    [InlineData("midjourney_diffusion", """{"text":"a \uD800 --v 7"}""", null)]
    [InlineData("midjourney_pan", """{"type":null,"mode":[1],"scale":true}""", null)]
    public void It_is_the_model_with_its_type_mode_or_scale_and_the_flags_of_the_prompt(string model, string parameters, string? type) =>
        Assert.Equal(new WorkKind(model, type), WorkKind.Of(model, Encoding.UTF8.GetBytes(parameters)));

    [Fact]
    public void A_submission_and_its_line_in_the_journal_are_of_the_same_kind()
    {
        var submission = Sample.Upscale("job", 1, UpscaleType.V5_4x, "https://call.back/--v 7");
        Assert.Equal(new WorkKind("midjourney_upscale", "V5_4x"), WorkKind.Of(submission));
        Assert.Equal(WorkKind.Of(submission), WorkKind.Of(submission.Model, Journal.JournalLineWriter.Parameters(submission)));
    }
}
