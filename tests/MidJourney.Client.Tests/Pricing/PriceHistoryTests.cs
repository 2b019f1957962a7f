using System.Text;
using MidJourney.Pricing;

namespace MidJourney.Client.Tests;

/// <summary>What the journal knows of prices.</summary>
public sealed class PriceHistoryTests
{
    private const string Upscale = "midjourney_upscale";
    private const string Gateway = "https://gateway.test";

    private readonly JournalIndex _index = new(hasPrices: true);
    private int _lines;

    [Fact]
    public void The_median_is_of_the_last_hundred_and_the_highest_of_all()
    {
        Pay([.. Enumerable.Repeat("9", 30), .. Enumerable.Repeat("0.02", 50), .. Enumerable.Repeat("0.04", 50)]);
        Assert.Equal(new PastPrice(0.03m, 9m, 100, "USD"), Price());
        Pay("0.04");
        Assert.Equal(new PastPrice(0.04m, 9m, 100, "USD"), Price());
    }

    [Fact]
    public void A_task_counts_once_however_often_its_end_is_recorded()
    {
        Create("a");
        for (var n = 0; n < 3; n++) End("a", """{"cost":"0.05"}""");
        End("a", """{"cost":"0.99"}""");
        Assert.Equal(new PastPrice(0.05m, 0.05m, 1, "USD"), Price());
    }

    [Fact]
    public void A_price_that_comes_late_counts()
    {
        Create("a");
        End("a", "{}");
        Assert.Null(Price());
        End("a", """{"cost":"0.05"}""");
        Assert.Equal(1, Price()!.Samples);
    }

    [Theory]
    [InlineData("""{"cost":"-0.05"}""")]
    [InlineData("""{"cost":"NaN"}""")]
    [InlineData("""{"cost":""}""")]
    [InlineData("""{"cost":null}""")]
    [InlineData("""{"cost":{}}""")]
    [InlineData("""{"cost":"0,05"}""")]
    [InlineData("""{"cost":"1e30"}""")]
    [InlineData("""{"cost":"0.05","currency":7}""")]
    [InlineData("[]")]
    public void What_is_no_price_is_unknown(string usage)
    {
        Create("a");
        End("a", usage);
        Assert.Null(Price());
        Pay("0.05");
        Assert.Equal(new PastPrice(0.05m, 0.05m, 1, "USD"), Price());
    }

    [Fact]
    public void Failed_tasks_and_other_gateways_do_not_count()
    {
        Create("a");
        End("a", """{"cost":"0.05"}""", "failed");
        Create("b", gateway: "https://other.test");
        End("b", """{"cost":"0.05"}""", gateway: "https://other.test");
        Assert.Null(Price());
    }

    [Fact]
    public void Currencies_are_apart_and_the_last_one_comes_first()
    {
        Pay("0.05");
        Create("c");
        End("c", """{"cost":"12","currency":"Credits"}""");
        Assert.Equal(new PastPrice(12, 12, 1, "credit"), Price());
        Assert.Equal(new PastPrice(0.05m, 0.05m, 1, "USD"), _index.Prices!.Of(Gateway, new WorkKind(Upscale, "Creative"), "USD"));
        Assert.Null(_index.Prices!.Of(Gateway, new WorkKind(Upscale, "Creative"), "EUR"));
    }

    [Fact]
    public void A_compacted_line_counts_and_a_line_of_0_1_0_does()
    {
        Add($$$$"""{"v":2,"event":"created","time":"2026-01-01T00:00:00Z","ref":"{{{{Guid.NewGuid():N}}}}","baseUri":"{{{{Gateway}}}}","model":"{{{{Upscale}}}}","params":{"jobId":"x","imageNo":0,"type":1},"ended":"2026-01-01T00:01:00Z","taskId":"x","state":"completed","task":{"status":"completed","usage":{"cost":"0.07"}}}""");
        Assert.Equal(0.07m, Price()!.Median);
        Add($$$"""{"v":1,"event":"created","time":"2026-01-01T00:00:00Z","ref":"old","baseUri":"{{{Gateway}}}","model":"{{{Upscale}}}","params":{"jobId":"y","imageNo":0,"type":1},"taskId":"y"}""");
        Add($$$$"""{"v":1,"event":"ended","time":"2026-01-01T00:00:00Z","baseUri":"{{{{Gateway}}}}","taskId":"y","task":{"status":"completed","output":[{"content":[{"url":"https://files.test/a.png"}]}],"usage":{"cost":"0.09"}}}""");
        Assert.Equal(new PastPrice(0.08m, 0.09m, 2, "USD"), Price());
    }

    private PastPrice? Price() => _index.Prices!.Of(Gateway, new WorkKind(Upscale, "Creative"));

    private void Pay(params string[] costs)
    {
        foreach (var cost in costs)
        {
            var id = $"t{_lines}";
            Create(id);
            End(id, $$"""{"cost":"{{cost}}"}""");
        }
    }

    private void Create(string id, string gateway = Gateway) => Add(
        $$$"""{"v":2,"event":"created","time":"2026-01-01T00:00:00Z","ref":"{{{Guid.NewGuid():N}}}","baseUri":"{{{gateway}}}","model":"{{{Upscale}}}","params":{"jobId":"{{{id}}}","imageNo":0,"type":1},"taskId":"{{{id}}}","task":{}}""");

    private void End(string id, string usage, string status = "completed", string gateway = Gateway) => Add(
        $$$"""{"v":2,"event":"ended","time":"2026-01-01T00:01:00Z","baseUri":"{{{gateway}}}","taskId":"{{{id}}}","state":"{{{status}}}","task":{"status":"{{{status}}}","error":null,"usage":{{{usage}}}}}""");

    private void Add(string line) => _index.Add(Encoding.UTF8.GetBytes(line), _lines++);
}
