# What it all cost.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway

    function New-Task($Id, $Job, $Type, $Day, $Status, $Cost) {
        [pscustomobject] @{ Id = $Id; SourceJobId = $Job; SourceImageNo = 0; UpscaleType = $Type; Model = 'midjourney_upscale'; CreatedAt = [DateTime] $Day; Status = $Status; Cost = $Cost }
    }

    filter Get-Line {
        $total = $_
        ('Group', 'Tasks', 'Completed', 'Failed', 'Running', 'CostUnknown', 'Cost' | ForEach-Object { [Convert]::ToString($total.$_, [cultureinfo]::InvariantCulture) }) -join ' '
    }

    $tasks = @(
        New-Task a1 j1 Creative 2026-03-01T12:00 Completed 0.05
        New-Task a2 j1 Standard 2026-03-01T13:00 Completed 0.02
        New-Task a3 j2 Creative 2026-03-02T12:00 Completed 0.07
        New-Task a4 j2 Creative 2026-03-02T12:00 Failed $null
        New-Task a5 j2 V5_4x 2026-03-02T12:00 InProgress $null)
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Measure-MJCost' {
    It 'adds up what is known, and counts the tasks of which the cost is not' {
        $total = $tasks | Measure-MJCost
        $total | Get-Line | Should -Be 'all 5 3 1 1 2 0.14'
        $total.MeanCost | Should -Be ([decimal] 0.14 / 3)
    }

    It 'groups by <By>' -ForEach @(
        @{ By = 'Type'; Groups = 'Creative 3 0.12', 'Standard 1 0.02', 'V5_4x 1 0' }
        @{ By = 'Job'; Groups = 'j1 2 0.07', 'j2 3 0.07' }
        @{ By = 'Day'; Groups = '2026-03-01 2 0.07', '2026-03-02 3 0.07' }
        @{ By = 'Model'; Groups = 'midjourney_upscale 5 0.14' }
        @{ By = 'Day', 'Type'; Groups = '2026-03-01, Creative 1 0.05', '2026-03-01, Standard 1 0.02', '2026-03-02, Creative 2 0.07', '2026-03-02, V5_4x 1 0' }
    ) {
        $tasks | Measure-MJCost -By $By | ForEach-Object { "$($_.Group) $($_.Tasks) $($_.Cost)" } | Should -Be $Groups
    }

    It 'has the parts of a group as values' {
        $total = $tasks | Measure-MJCost Day, Job, Type, Model | Where-Object Type -EQ V5_4x
        $total.Day, $total.SourceJobId, $total.Type, $total.Model | Should -Be ([DateTime] '2026-03-02'), 'j2', 'V5_4x', 'midjourney_upscale'
    }

    It 'counts a task that comes twice once, and with its cost' {
        $other = New-Task a3 $null $null 2026-03-02T12:00 InProgress $null
        (New-Task a3 j2 Creative 2026-03-02T12:00 InProgress $null), $tasks[2], $other | Measure-MJCost -By Job | Get-Line | Should -Be 'j2 1 1 0 0 0 0.07'
    }

    It 'reports what is not a task, and adds up the rest' {
        $run = Invoke-Line { 'a1', $null, $tasks[0] | Measure-MJCost }
        $run.ErrorIds | Should -Be 'MJ.InvalidTask', 'MJ.InvalidTask'
        $run.Output | Get-Line | Should -Be 'all 1 1 0 0 0 0.05'
    }
}

Describe 'The currency of a cost' {
    BeforeAll {
        filter Get-Amount { "$($_.Group) $($_.Tasks) $($_.CostUnknown) $([Convert]::ToString($_.Cost, [cultureinfo]::InvariantCulture)) $($_.Currency)" }
        function New-Priced($Id, $Model, $Cost, $Currency) { [pscustomobject] @{ Id = $Id; Model = $Model; CreatedAt = [DateTime] '2026-03-01T12:00'; Status = 'Completed'; Cost = $Cost; Currency = $Currency } }
        $mixed = @(
            New-Priced c1 upscale 12 credit
            New-Priced c2 upscale 0.05 USD
            New-Priced c3 upscale 0.5 $null
            New-Priced c4 upscale $null $null
            New-Priced c5 diffusion 3 Credits
            New-Priced c6 diffusion $null credit
            New-Priced c7 remix $null $null
            New-Priced c8 upscale 7 EUR)
    }

    It 'is never added to another' {
        $mixed | Measure-MJCost | Get-Amount | Should -Be 'all 5 3 0.55 USD', 'all 1 0 7 EUR', 'all 2 0 15 credit'
    }

    It 'has a total in each group, and a task with an unknown cost counts in the first' {
        $mixed | Measure-MJCost -By Model | Get-Amount | Should -Be @(
            'diffusion 2 1 3 credit', 'remix 1 1 0 USD', 'upscale 3 1 0.55 USD', 'upscale 1 0 7 EUR', 'upscale 1 0 12 credit')
        # Who pays in credits sees no dollars.
        $mixed | Where-Object Id -In c5, c7 | Measure-MJCost -By Model | Get-Amount | Should -Be 'diffusion 1 0 3 credit', 'remix 1 1 0 credit'
    }

    It 'is the only one with -Currency <Currency>' -ForEach @(
        @{ Currency = 'credit'; Totals = 'all 5 3 15 credit' }
        @{ Currency = 'CREDITS'; Totals = 'all 5 3 15 credit' }
        @{ Currency = 'usd'; Totals = 'all 5 3 0.55 USD' }
        @{ Currency = 'eur'; Totals = 'all 4 3 7 EUR' }
        @{ Currency = 'JPY'; Totals = 'all 3 3 0 JPY' }
    ) {
        $mixed | Measure-MJCost -Currency $Currency | Get-Amount | Should -Be $Totals
    }

    It 'is refused if it cannot be one' {
        (Invoke-Line { Measure-MJCost -Currency 'a currency of many words' }).ErrorIds | Should -Be 'MJ.InvalidParameter'
    }

    It 'does not make a cost of <Cost>' -ForEach @(
        @{ Cost = -0.05 }, @{ Cost = '-1' }, @{ Cost = [double]::NaN }, @{ Cost = [double]::PositiveInfinity }, @{ Cost = 'free' }, @{ Cost = '' }, @{ Cost = 1e300 }, @{ Cost = @(1, 2) }
    ) {
        New-Priced x upscale $Cost USD | Measure-MJCost | Get-Amount | Should -Be 'all 1 1 0 USD'
    }

    It 'is shown with the cost' {
        $rows = $mixed | Measure-MJCost -By Model | Out-String -Width 80 -Stream | Where-Object { $_.Trim() }
        $rows[2] -replace ' +', ' ' | Should -Be ' 3 credit 3 2 0 0 1 diffusion'
        $rows[4] -replace ' +', ' ' | Should -Be ' $0.550 $0.275 3 0 0 1 upscale'
        "$($mixed[0] | Measure-MJCost)" | Should -Be 'all: 12 credit'
        ($mixed[0] | Measure-MJCost | Format-List | Out-String) -replace ' +', ' ' | Should -BeLike "*`nCost : 12 credit*`nMeanCost : 12 credit*"
        $mixed[0] | Measure-MJCost | Format-Wide | Out-String | Should -BeLike '*all 12 credit*'
    }

    Context 'at the gateway' {
        BeforeAll {
            Reset-TestGateway $gateway
            Set-GatewayOption @{ currency = 'credit'; prices = @{ midjourney_upscale = '12' } }
            $paid = Invoke-MJUpscale j1 -ImageNo 0, 1 -Type Creative -Wait
        }
        AfterAll { Set-GatewayOption @{ currency = 'USD'; prices = @{ midjourney_upscale = '0.05' } } }

        It 'is kept by the journal, and in <Format>' -ForEach @(
            @{ Format = 'CSV'; Copy = { $paid | ConvertTo-Csv | ConvertFrom-Csv } }
            @{ Format = 'a CSV of a few columns'; Copy = { $paid | Select-Object Id, Status, Cost, Currency | ConvertTo-Csv | ConvertFrom-Csv } }
            @{ Format = 'JSON'; Copy = { $paid | ConvertTo-Json -Depth 8 -WarningAction SilentlyContinue | ConvertFrom-Json | ForEach-Object { $_ } } }
            @{ Format = 'Clixml'; Copy = { $paid | Copy-Deserialized } }
        ) {
            & $Copy | Measure-MJCost | Get-Amount | Should -Be 'all 2 0 24 credit'
            Measure-MJCost | Get-Amount | Should -Be 'all 2 0 24 credit'
        }
    }
}

Describe 'Measure-MJCost -Month' {
    BeforeAll {
        Reset-TestGateway $gateway
        $lines = [Collections.Generic.List[string]] @('{"v":2,"event":"journal","time":"2026-01-01T00:00:00.000Z","id":"24d5643c8b534c1ea73cd5321ad4e086","salt":"d1d39669d03c43a687b4fb820e8f0897"}')
        # Months begin and end by the clock of this machine.
        foreach ($made in '2026-10-31T23:59:59 upscale', '2026-11-01T00:00:00 upscale', '2026-11-01T23:59:59 diffusion', '2026-11-30T23:59:59 upscale', '2026-11-30T23:59:59 upscale', '2026-12-01T00:00:00 upscale') {
            $time, $model = -split $made
            $time = ([DateTimeOffset] [DateTime] $time).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", [cultureinfo]::InvariantCulture)
            $lines.Add((ConvertTo-Json -Compress -Depth 4 ([ordered] @{
                            v = 2; event = 'created'; time = $time; ref = [guid]::NewGuid().ToString('N'); work = [guid]::NewGuid().ToString('N'); baseUri = $gateway.BaseUri; model = "midjourney_$model"
                            params = @{ jobId = "j$($lines.Count)" }; taskId = "t$($lines.Count)"; task = @{ status = 'completed'; created_at = $time; usage = @{ cost = '0.05' } } })))
        }
        [IO.File]::WriteAllLines([IO.Path]::Combine($gateway.Folder, 'journal.jsonl'), $lines)
        $november = '2026-11-01, midjourney_diffusion 1', '2026-11-01, midjourney_upscale 1', '2026-11-30, midjourney_upscale 2'
    }

    It 'is by day and model: <Month>' -ForEach @(
        @{ Month = '2026-11' }
        @{ Month = '2026-11-30' }
        @{ Month = 'November 2026' }
        @{ Month = [DateTime] '2026-11-30T23:59:59' }
        @{ Month = ([DateTimeOffset] [DateTime] '2026-11-01T00:00').ToUniversalTime() }
        @{ Month = ([DateTimeOffset] [DateTime] '2026-11-01T00:00').UtcDateTime }
    ) {
        Measure-MJCost -Month $Month | ForEach-Object { "$($_.Group) $($_.Tasks)" } | Should -Be $november
    }

    It 'can be typed without quotes, and has other groups with -By' {
        (Measure-MJCost -Month 2026-11).Tasks | Should -Be 1, 1, 2
        Measure-MJCost Model -Month 2026-11 | ForEach-Object { "$($_.Group) $($_.Tasks) $($_.Cost)" } | Should -Be 'midjourney_diffusion 1 0.05', 'midjourney_upscale 3 0.15'
        Measure-MJCost -Month 2026-10 | ForEach-Object { "$($_.Group) $($_.Tasks)" } | Should -Be '2026-10-31, midjourney_upscale 1'
        Measure-MJCost -Month 2026-09 | Should -BeNullOrEmpty
    }

    It 'fits a line of 80 columns for each day and model' {
        $rows = Measure-MJCost -Month 2026-11 | Out-String -Width 80 -Stream | Where-Object { $_.Trim() }
        ($rows | Select-Object -Skip 2) -replace '^.*0 (?=2)' | ForEach-Object TrimEnd | Should -Be '2026-11-01, diffusion', '2026-11-01, upscale', '2026-11-30, upscale'
    }

    It 'is not <Month>' -ForEach @{ Month = 11 }, @{ Month = 2026.11 }, @{ Month = '2026-13' }, @{ Month = 'may be' }, @{ Month = '' }, @{ Month = $null }, @{ Month = [DateTime]::MinValue }, @{ Month = @('2026-11', '2026-12') } {
        { Measure-MJCost -Month $Month } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*' -ExpectedMessage '*Specify -Month as 2026-11, or as a date.*'
    }

    It 'is one period, not two' {
        foreach ($other in @{ After = '2026-11-02' }, @{ Before = '2026-11-02' }) {
            $run = Invoke-Line { Measure-MJCost -Month 2026-11 @other }
            $run.ErrorIds | Should -Be 'MJ.InvalidParameter'
            $run.Output | Should -BeNullOrEmpty
        }
    }
}

Describe 'Measure-MJCost without input' {
    BeforeAll {
        Reset-TestGateway $gateway
        $done = Invoke-MJUpscale j1, j2 -ImageNo 0, 1 -Type Creative -Wait
        $null = Invoke-MJUpscale j3 -ImageNo 0 -Type Standard
        Add-Fault @{ operation = 'create'; kind = 'cutAfter'; times = 1 }
        Invoke-MJUpscale lost -ImageNo 0 -Type Standard -ErrorAction SilentlyContinue
    }

    It 'adds up the journal, and makes no request' {
        $before = (Get-GatewayCount $gateway).Reads
        Measure-MJCost -By Type | Get-Line | Should -Be 'Creative 4 4 0 0 0 0.20', 'Standard 2 0 0 2 2 0'
        (Measure-MJCost -Before (Get-Date).AddMinutes(-5)).Tasks | Should -Be 0
        (Measure-MJCost -After (Get-Date).AddMinutes(-5)).Tasks | Should -Be 6
        (Get-GatewayCount $gateway).Reads | Should -Be $before
    }

    It 'differs from tasks that are piped in, also from a file' {
        $done | Measure-MJCost | Get-Line | Should -Be 'all 4 4 0 0 0 0.20'
        $day = $done[0].CreatedAt.LocalDateTime.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)
        $done | Copy-Deserialized | Measure-MJCost -By Day, Type | Get-Line | Should -Be "$day, Creative 4 4 0 0 0 0.20"
    }
}

Describe 'Measure-MJCost -By Prompt' {
    BeforeAll {
        Reset-TestGateway $gateway
        $grids = 'a harbour', "a`nmeadow" | Invoke-MJDiffusion | Wait-MJTask
        $remixes = $grids | Invoke-MJRemix -ImageNo 0 -RemixPrompt 'at dusk' -Wait
        $upscales = $remixes | Invoke-MJUpscale -ImageNo 0, 1 -Type Creative
        $other = Invoke-MJUpscale of-elsewhere -ImageNo 0 -Type Creative
        $totals = 'unknown 1', 'a\u000ameadow 4', 'a harbour 4'
    }

    It 'adds up a grid and all that was made of it' {
        $total = @($grids) + $remixes + $upscales + $other | Measure-MJCost -By Prompt
        $total | ForEach-Object { "$($_.Group) $($_.Tasks)" } | Should -Be $totals
        $total[1].Prompt | Should -BeExactly "a`nmeadow"
        Measure-MJCost -By Prompt | ForEach-Object { "$($_.Group) $($_.Tasks)" } | Should -Be $totals
    }

    It 'finds a prompt in the journal that is older than what is measured' {
        $grid = $grids | Where-Object Prompt -EQ 'a harbour'
        # The gateway tells whole seconds.
        while ([DateTimeOffset]::UtcNow -lt $other.CreatedAt.AddSeconds(1)) { Start-Sleep -Milliseconds 50 }
        $null = New-MJSession
        $upscale = Invoke-MJUpscale $grid.JobId -ImageNo 3 -Type Creative
        $upscale.SourcePrompt | Should -BeNullOrEmpty
        Measure-MJCost -By Prompt -After $other.CreatedAt.AddSeconds(1).AddTicks(-1) | ForEach-Object { "$($_.Group) $($_.Tasks)" } | Should -Be 'a harbour 1'
    }

    It 'follows the chain where only other tasks tell the prompt: <Piped>' -ForEach @(
        @{ Piped = '$grid, $remix, $upscale'; Groups = 'a harbour 3' }
        @{ Piped = '$upscale, $remix, $grid'; Groups = 'a harbour 3' }
        @{ Piped = '$upscale, $remix'; Groups = 'at dusk 2' }
        @{ Piped = '$upscale, $grid'; Groups = 'unknown 1', 'a harbour 1' }
        @{ Piped = '$loop, $back'; Groups = 'once 1', 'twice 1' }
    ) {
        function New-Made($Id, $Prompt, $Source, $Job) { [pscustomobject] @{ Id = $Id; Prompt = $Prompt; SourceJobId = $Source; JobId = $Job; Status = 'Completed'; RawStatus = 'completed'; Cost = 1 } }
        $grid = [pscustomobject] @{ Id = 'g'; Prompt = 'a harbour'; Status = 'Completed'; Output = @(@{ Content = @(@{ JobId = 'other' }, @{ JobId = 'j1' }) }); Cost = 1 }
        $remix = New-Made r 'at dusk' j1 j2
        $upscale = New-Made u $null j2 j3
        $loop = New-Made l 'once' j9 j8
        $back = New-Made b 'twice' j8 j9
        & ([scriptblock]::Create($Piped)) | Measure-MJCost -By Prompt | ForEach-Object { "$($_.Group) $($_.Tasks)" } | Should -Be $Groups
    }
}
