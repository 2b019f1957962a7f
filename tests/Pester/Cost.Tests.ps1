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
