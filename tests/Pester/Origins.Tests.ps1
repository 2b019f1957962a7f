# Each task tells what it was made of: its source task, its job, and the prompt that this goes back to.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --strict-jobs'
    $grid = 'a harbour' | Invoke-MJDiffusion | Wait-MJTask
    $maker = Get-MJSession

    # The task, its prompt, that of its source, and its source by name.
    function Get-Lineage($Grid, $Remix, $Upscale) {
        $names = @{ $Grid.Id = 'grid'; $Remix.Id = 'remix' }
        foreach ($task in $Grid, $Remix, $Upscale) { "$($task.Prompt)|$($task.SourcePrompt)|$(if ($task.SourceTaskId) { $names[$task.SourceTaskId] })" }
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A chain of tasks' {
    BeforeAll {
        $remix = $grid | Invoke-MJRemix -ImageNo 1 -RemixPrompt 'at dusk' | Wait-MJTask
        $upscale = $remix | Invoke-MJUpscale -ImageNo 2 -Type Creative | Get-MJTask | Wait-MJTask
        $lineage = 'a harbour||', 'at dusk|a harbour|grid', '|a harbour|remix'
    }

    It 'goes from prompts to upscales, each step on the job of the one before' {
        $before = (Get-GatewayCount $gateway).TasksMade
        $done = 'a lighthouse', 'a pier' | Invoke-MJDiffusion | Wait-MJTask | Invoke-MJVariation -ImageNo 1 -Type Subtle | Wait-MJTask |
            Invoke-MJUpscale -ImageNo 0, 1, 2, 3 -Type Creative | Wait-MJTask
        $done | Should -HaveCount 8
        (Get-GatewayCount $gateway).TasksMade - $before | Should -Be 12
        $panned = $grid | Invoke-MJModel midjourney_pan @{ direction = 1 } -ImageNo 0, 3 | Wait-MJTask
        $panned.SourceImageNo | Sort-Object | Should -Be 0, 3
        $panned.SourceJobId | Should -Be $grid.JobId, $grid.JobId
    }

    It 'is known to each task' {
        Get-Lineage $grid $remix $upscale | Should -Be $lineage
    }

    It 'includes the tasks of Invoke-MJModel' {
        $pan = $grid | Invoke-MJModel midjourney_pan -ImageNo 0 -Parameter @{ direction = 2 }
        $byHand = Invoke-MJModel midjourney_pan -Parameter @{ jobId = $grid.JobId; imageNo = 1 }
        foreach ($task in $pan, $byHand) { "$($task.SourceTaskId) $($task.SourcePrompt)" | Should -Be "$($grid.Id) a harbour" }
    }

    It 'is known to the journal' {
        $null = New-MJSession
        $listed = foreach ($id in $grid.Id, $remix.Id, $upscale.Id) { Get-MJTask | Where-Object Id -EQ $id }
        Get-Lineage $listed[0] $listed[1] $listed[2] | Should -Be $lineage
    }

    It 'does not go on from a task that failed' {
        Set-Shape @{ prompts = @{ bad = @{ failure = @{ code = '8004005098'; message = 'it went wrong' } } } }
        $before = (Get-GatewayCount $gateway).TasksMade
        $run = Invoke-Line { 'bad', 'good' | Invoke-MJDiffusion | Wait-MJTask | Invoke-MJUpscale -ImageNo 0 -Type Standard }
        $run.Thrown | Should -BeNullOrEmpty
        $run.Output.SourcePrompt | Should -Be 'good'
        (Get-GatewayCount $gateway).TasksMade - $before | Should -Be 3
    }
}

Describe 'The origin of a task' {
    It 'is read from <Name>' -ForEach @(
        @{ Name = 'a task that was deserialized'; Remembers = $false; Form = { $grid | Copy-Deserialized } }
        @{ Name = 'a row of a file'; Remembers = $false; Form = { [pscustomobject] @{ Id = $grid.Id; RawStatus = 'completed'; Status = 'Completed'; Prompt = 'a harbour'; SourcePrompt = ''; SourceTaskId = ''; JobId = $grid.JobId } } }
        @{ Name = 'a row that names it'; Remembers = $false; Form = { [pscustomobject] @{ JobId = $grid.JobId; SourceTaskId = $grid.Id; SourcePrompt = 'a harbour' } } }
        @{ Name = 'the session that made it, for a job id alone'; Remembers = $true; Form = { [pscustomobject] @{ JobId = $grid.JobId } } }
    ) {
        $session = if ($Remembers) { $maker } else { New-MJSession -NoJournal }
        $upscale = & $Form | Invoke-MJUpscale -ImageNo 2 -Type Creative -Session $session -WarningAction Ignore
        $upscale.SourceTaskId, $upscale.SourcePrompt | Should -Be $grid.Id, 'a harbour'
    }

    It 'is read from the journal, for a job id that another process made' {
        $null = New-MJSession
        $upscale = Invoke-MJRemix $grid.JobId -ImageNo 0 -RemixPrompt 'at dusk' -Wait | Invoke-MJUpscale -ImageNo 0 -Type 0
        # That session knew the remix alone.
        $upscale.SourcePrompt | Should -Be 'at dusk'
        $listed = Get-MJTask -Last 2
        $listed.SourcePrompt | Should -Be 'a harbour', 'a harbour'
        $listed.SourceTaskId | Should -Contain $grid.Id
    }

    It 'is not read from a row that has an id of its own and is no task' {
        $task = [pscustomobject] @{ Id = '17'; Status = 'new'; Prompt = 'mine'; JobId = $grid.JobId; ImageNo = '0'; Type = 'Creative' } | Invoke-MJUpscale -Session (New-MJSession -NoJournal)
        $task.SourceTaskId | Should -BeNullOrEmpty
        $task.SourcePrompt | Should -BeNullOrEmpty
    }

    It 'is kept when a refused record is piped in again' {
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 400; times = 1 }
        $null = New-MJSession -NoJournal
        $grid | Invoke-MJUpscale -ImageNo 2 -Type Creative -ErrorVariable refused -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $null = New-MJSession -NoJournal
        $again = $refused[0].TargetObject | Invoke-MJUpscale
        $again.SourceTaskId, $again.SourcePrompt | Should -Be $grid.Id, 'a harbour'
    }

    It 'is told by a create whose outcome is unknown, which binds to no parameter' {
        Add-Fault @{ operation = 'create'; kind = 'cutAfter'; times = 1 }
        $before = (Get-GatewayCount $gateway).Creates
        $null = New-MJSession -NoJournal
        $grid | Invoke-MJUpscale -ImageNo 2 -Type Creative -ErrorVariable lost -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $lost[0].TargetObject.SourcePrompt | Should -Be 'a harbour'
        (Invoke-Line { $lost[0].TargetObject | Invoke-MJUpscale -JobId j -ImageNo 2 -Type Creative }).ErrorIds | Should -Be 'MJ.InvalidParameter'
        (Get-GatewayCount $gateway).Creates - $before | Should -Be 1
    }

    It 'is kept by what -SkipSubmitted returns' {
        $null = New-MJSession
        $before = (Get-GatewayCount $gateway).TasksMade
        $again = Invoke-MJDiffusion 'a harbour' -SkipSubmitted
        $again.Id, $again.Prompt | Should -Be $grid.Id, 'a harbour'
        (Get-GatewayCount $gateway).TasksMade | Should -Be $before
    }
}

Describe 'A task that is given by its id alone' {
    BeforeAll {
        $upscale = $grid | Invoke-MJUpscale -ImageNo 3 -Type Creative -Wait
        $variation = Invoke-MJVariation $grid.JobId -ImageNo 2 -Type Strong -Wait
        # A task has one name, however it comes to Save-MJOutput.
        function Get-Name($Tasks) { $Tasks | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, [guid]::NewGuid())) | ForEach-Object Name | Sort-Object }
        function Get-Origin($Task) { 'Model', 'SourceJobId', 'SourceImageNo', 'UpscaleType', 'Prompt', 'SourceTaskId', 'SourcePrompt' | ForEach-Object { "$_=$($Task.$_)" } }
    }

    It 'has the origin and the file names that it has by pipe, in <Where>: <Line>' -ForEach @(
        foreach ($where in 'the session that made it', 'a session that reads the journal', 'a session without the journal that was told') {
            foreach ($line in 'Get-MJTask $task.Id', 'Get-MJTask -Id $task.Id', '$task.Id | Get-MJTask', 'Wait-MJTask $task.Id', '[pscustomobject] @{ TaskId = $task.Id } | Wait-MJTask', 'Wait-MJTask $task', 'Get-MJTask -Id $task') {
                if ($where -notlike '*told' -or $line -like '*$task') { @{ Where = $where; Line = $line } }
            }
        }
    ) {
        $null = switch ($Where) {
            'the session that made it' { $session = $maker }
            'a session that reads the journal' { $session = New-MJSession }
            default { $session = New-MJSession -NoJournal }
        }
        foreach ($task in $grid, $upscale, $variation) {
            $found = & ([scriptblock]::Create("param(`$task) $Line -Session `$session")) $task
            Get-Origin $found | Should -Be (Get-Origin $task)
            Get-Name $found | Should -Be (Get-Name $task)
        }
    }

    It 'has it in a new process' {
        $told = Invoke-NewShell "Import-Module MidJourney; foreach (`$id in '$($grid.Id)', '$($upscale.Id)', '$($variation.Id)') { (Get-MJTask `$id).Description; (Wait-MJTask `$id).Description }"
        $told | Should -Be @(foreach ($task in $grid, $upscale, $variation) { $task.Description, $task.Description })
    }

    It 'keeps what the input says of it' {
        $null = New-MJSession
        (Get-MJTask -Id ([pscustomobject] @{ Id = $grid.Id; Prompt = 'mine' })).Prompt | Should -Be 'mine'
    }

    It 'is read without the journal, where that cannot be read' {
        $folder = [IO.Directory]::CreateDirectory([IO.Path]::Combine($TestDrive, 'locked')).FullName
        $path = [IO.Path]::Combine($folder, 'journal.jsonl')
        [IO.File]::WriteAllText($path, ('no journal ' * 20000))
        $session = New-MJSession -JournalPath $path
        $found = $grid.Id, $upscale.Id | Get-MJTask -Session $session
        $found.Status | Should -Be 'Completed', 'Completed'
        $found[0].Prompt | Should -BeNullOrEmpty
    }
}
