using System.Management.Automation;

namespace MidJourney.Tests;

/// <summary>Task objects go through files, jobs and remoting, and still bind into the next cmdlet.</summary>
public sealed class SerializationTests
{
    [Fact]
    public async Task A_task_survives_Clixml_with_all_its_output()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Default = new TaskShape { Images = 3, ExtraFields = true };
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("""
            $live = Invoke-MJUpscale -JobId j -ImageNo 2 -Type Creative | Wait-MJTask
            $dead = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($live))
            $live; $dead
            """).MustSucceed();
        var (live, dead) = ((MJTaskView)result.Output[0], (MJTaskView)result.Output[1]);
        Assert.Equal(live, dead);
        Assert.Equal(3, Urls(result.Output[1]).Length);
        Assert.Equal(Urls(result.Output[0]), Urls(result.Output[1]));
    }

    [Theory]
    [InlineData("$task")]
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($task))")]
    [InlineData("[pscustomobject] @{ Id = $task.Id; Status = \"$($task.Status)\"; SourceJobId = 'j'; SourceImageNo = '2'; UpscaleType = 'Creative'; Cost = ''; CreatedAt = \"$($task.CreatedAt)\" }")]
    public async Task A_task_resumes_from_what_became_of_it(string form)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run($"$task = Invoke-MJUpscale -JobId j -ImageNo 2 -Type Creative; {form} | Wait-MJTask").MustSucceed();
        var task = (MJTaskView)result.Output.Single();
        Assert.Equal(("Completed", "j", "2", "Creative"), (task.Status, task.SourceJobId, task.SourceImageNo, task.UpscaleType));
    }

    [Theory]
    [InlineData("$done")]
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($done))")]
    public async Task The_job_of_a_result_feeds_the_next_step(string form)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run($"$done = Invoke-MJUpscale -JobId j -ImageNo 2 -Type Creative -Wait; {form} | Invoke-MJUpscale -ImageNo 0 -Type V5_2x; $done").MustSucceed();
        Assert.Equal(result.Output[1].Properties["JobId"].Value, result.Output[0].Properties["SourceJobId"].Value);
    }

    /// <summary>A CSV is written in the culture of its writer, and names only the type of a list.</summary>
    [Theory]
    [InlineData(",", "dd.MM.yyyy", "$done.Raw", 3)]
    [InlineData(".", "dd/MM/yyyy", "$done.Raw", 3)]
    [InlineData("\u066b", "'year' yy/d/M", "$done.Raw", 3)]
    [InlineData(",", "dd.MM.yyyy", "''", 1)]
    [InlineData(".", "dd/MM/yyyy", "''", 1)]
    public async Task A_row_of_a_CSV_keeps_its_cost_and_day_in_every_culture(string separator, string date, string raw, int files)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Default = new TaskShape { Images = 3 };
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run($$"""
            $culture = [cultureinfo]::InvariantCulture.Clone()
            $culture.NumberFormat.NumberDecimalSeparator = '{{separator}}'
            $culture.DateTimeFormat.ShortDatePattern = "{{date}}"
            [cultureinfo]::CurrentCulture = $culture
            $done = Invoke-MJUpscale -JobId j -ImageNo 2 -Type Creative -Wait
            $row = [pscustomobject] @{
                Id = $done.Id; Status = "$($done.Status)"; Output = 'MidJourney.MJOutput[]'; Url = $done.Url; Raw = {{raw}}
                Cost = $done.Cost.ToString(); CreatedAt = $done.CreatedAt.ToString()
            }
            $total = $row | Measure-MJCost -By Day
            $total.Cost
            $total.Day.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)
            @($row | Save-MJOutput -Path '{{TestFolder.NewFile("")}}').Count
            """).MustSucceed();
        Assert.Equal([0.05m, $"{gateway.Tasks[0].CreatedAt.ToLocalTime():yyyy-MM-dd}", files], result.Output.Select(o => o.BaseObject));
    }

    private static string[] Urls(PSObject task) =>
        [.. LanguagePrimitives.GetEnumerable(task.Properties["Output"].Value).Cast<object>().Select(PSObject.AsPSObject)
            .SelectMany(o => LanguagePrimitives.GetEnumerable(o.Properties["Content"].Value).Cast<object>().Select(PSObject.AsPSObject))
            .Select(c => (string)c.Properties["Url"].Value)];

    /// <summary>What a user reads of a task, live or not.</summary>
    private sealed record MJTaskView(string? Id, string? Status, string? RawStatus, string? SourceJobId, string? SourceImageNo, string? UpscaleType, string? JobId, string? Url, string? Cost, string? CreatedAt, string? Raw)
    {
        public static explicit operator MJTaskView(PSObject task)
        {
            string? Text(string name) => task.Properties[name]?.Value?.ToString();
            return new(Text("Id"), Text("Status"), Text("RawStatus"), Text("SourceJobId"), Text("SourceImageNo"), Text("UpscaleType"), Text("JobId"), Text("Url"), Text("Cost"), Text("CreatedAt"), Text("Raw"));
        }
    }
}
