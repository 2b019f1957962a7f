# The journal: what a rerun finds in it, what Get-MJTask lists, and what happens where it cannot be used.

BeforeDiscovery {
    $unix = -not ($PSVersionTable.PSEdition -eq 'Desktop' -or $IsWindows)
}

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    $journal = $env:MIDJOURNEY_JOURNAL_PATH
    $jobs = 1..6 | ForEach-Object { [pscustomobject] @{ JobId = "job$_"; ImageNo = 0; Type = 'Standard' } }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe '-SkipSubmitted' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'makes only what a run that ended early has not made' {
        $null = $jobs | Select-Object -First 4 | Invoke-MJUpscale
        $done = $jobs | Invoke-MJUpscale -SkipSubmitted | Wait-MJTask
        $done.SourceJobId | Sort-Object | Should -Be $jobs.JobId
        $done.Status | Should -Be (@('Completed') * 6)
        $counts = Get-GatewayCount $gateway
        $counts.TasksMade | Should -Be 6
        $counts.MadeTwice | Should -Be 0
    }

    It 'makes nothing in a second run, also of another session' {
        $first = $jobs | Invoke-MJUpscale | Wait-MJTask
        Get-MJSession | Remove-MJSession
        $second = $jobs | Invoke-MJUpscale -SkipSubmitted | Wait-MJTask
        $second.Id | Sort-Object | Should -Be ($first.Id | Sort-Object)
        (Get-GatewayCount $gateway).Creates | Should -Be 6
    }

    It 'sends nothing with -WhatIf' {
        $null = $jobs[0] | Invoke-MJUpscale
        $jobs | Invoke-MJUpscale -SkipSubmitted -WhatIf | Should -BeNullOrEmpty
        (Get-GatewayCount $gateway).Creates | Should -Be 1
    }

    It 'does not make again what may have been made, until it is told to' {
        Add-Fault @{ operation = 'create'; jobId = 'job2'; kind = 'cutAfter'; times = 1 }
        foreach ($with in @{}, @{ SkipSubmitted = $true }) {
            $made = $jobs[0..2] | Invoke-MJUpscale @with -ErrorVariable lost -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $made.SourceJobId | Sort-Object | Should -Be 'job1', 'job3'
            $lost | Get-ErrorId | Should -Be 'MJ.SubmitOutcomeUnknown'
            $lost[0].TargetObject.SourceJobId | Should -Be 'job2'
        }

        (Get-GatewayCount $gateway).Creates | Should -Be 3
        (Get-MJTask -Status OutcomeUnknown).SourceJobId | Should -Be 'job2'
        # There is nothing to wait for.
        (Invoke-Line { Get-MJTask -Status OutcomeUnknown | Wait-MJTask }).ErrorIds | Should -Be 'MJ.SubmitOutcomeUnknown'
        $jobs[0..2] | Invoke-MJUpscale -RetryUnknown -WarningAction SilentlyContinue | Should -HaveCount 3
        (Get-GatewayCount $gateway).Creates | Should -Be 4
    }
}

Describe 'Get-MJTask without an id' {
    BeforeAll {
        Reset-TestGateway $gateway
        $null = $jobs | Invoke-MJUpscale | Select-Object -Skip 1 | Wait-MJTask
        Get-MJSession | Remove-MJSession
        $asked = (Get-GatewayCount $gateway).Reads
    }

    It 'lists what was made, newest first, and asks nobody' {
        $listed = Get-MJTask
        $listed.SourceJobId | Sort-Object | Should -Be $jobs.JobId
        $listed.CreatedAt | Should -Be ($listed.CreatedAt | Sort-Object -Descending)
        (Get-GatewayCount $gateway).Reads | Should -Be $asked
    }

    It 'picks by status, time and number' {
        @(Get-MJTask -Status Completed).Count | Should -Be 5
        @(Get-MJTask -Last 2).Count | Should -Be 2
        Get-MJTask -After (Get-Date).AddDays(1) | Should -BeNullOrEmpty
    }

    It 'lists nothing for a pipeline that brings nothing' {
        (Invoke-Line { @() | Get-MJTask }).Output | Should -BeNullOrEmpty
    }

    It 'needs neither a session nor a key' {
        Get-MJSession | Remove-MJSession
        $key, $env:MIDJOURNEY_API_KEY = $env:MIDJOURNEY_API_KEY, ''
        try { @(Get-MJTask).Count | Should -Be 6 }
        finally { $env:MIDJOURNEY_API_KEY = $key }
    }

    It 'finds what there is still to wait for, and makes no request for what has ended' {
        (Get-MJTask -Status InProgress, Pending | Wait-MJTask).Status | Should -Be 'Completed'
        $before = (Get-GatewayCount $gateway).Reads
        $ended = Get-MJTask -Status Completed | Wait-MJTask
        $ended | Should -HaveCount 6
        $ended.Url | Should -Match '^http'
        (Get-GatewayCount $gateway).Reads | Should -Be $before
    }
}

Describe 'Get-MJTask -Refresh' {
    BeforeEach {
        Reset-TestGateway $gateway
        Set-Shape @{ jobs = @{ job2 = @{ duration = 'never' }; job5 = @{ failure = @{ code = '8004005098'; message = 'it went wrong' } } } }
        $made = $jobs | Invoke-MJUpscale
        $null = $made | Where-Object SourceJobId -EQ job1 | Wait-MJTask
        $made = Get-MJTask
        Get-MJSession | Remove-MJSession
        $before = Get-GatewayCount $gateway
    }

    It 'reads what had not ended, and lists all in the same order' {
        ($made | Where-Object Status -EQ Completed).SourceJobId | Should -Be 'job1'
        $run = Invoke-Line { Get-MJTask -Refresh }
        $run.Output.Id | Should -Be $made.Id
        ($run.Output | ForEach-Object { "$($_.SourceJobId) $($_.Status)" } | Sort-Object) -join ', ' |
            Should -Be 'job1 Completed, job2 InProgress, job3 Completed, job4 Completed, job5 Failed, job6 Completed'
        # The one that had failed by then was seen for the first time.
        $run.ErrorIds | Should -Be 'MJ.GenerationFailed'
        (Get-GatewayCount $gateway).Reads - $before.Reads | Should -Be 5
        $run.Output.SeenAt | Should -Not -Contain $null
        # The journal knows now, too.
        (Get-MJTask -Status Pending, InProgress).SourceJobId | Should -Be 'job2'
        Get-MJSession | ForEach-Object Undelivered | Should -BeNullOrEmpty
    }

    It 'filters by the status as it is now' {
        (Get-MJTask -Refresh -Status Completed -ErrorAction Ignore).Id | Should -Be ($made | Where-Object SourceJobId -NotIn job2, job5).Id
        (Get-MJTask -Refresh -Status Pending, InProgress).SourceJobId | Should -Be 'job2'
        Get-MJTask -Refresh -Status Completed -Last 2 | Should -HaveCount 2
    }

    It 'reads no more than -Last of them' {
        (Get-MJTask -Refresh -Last 2 -ErrorAction Ignore).Id | Should -Be $made[0, 1].Id
        (Get-GatewayCount $gateway).Reads - $before.Reads | Should -BeLessOrEqual 2
    }

    It 'gives Save-MJOutput what it needs' {
        Get-MJTask -Refresh -Status Completed -ErrorAction Ignore | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'fresh')) | Should -HaveCount 4
    }

    It 'lists a task that the gateway no longer has as Unknown, with an error' {
        $null = Invoke-RestMethod "$($gateway.BaseUri)/_emulator/reset" -Method Post
        # Tasks of the last minute may be slow to appear.
        $lines = [IO.File]::ReadAllLines($journal) -replace '"time":"[^"]+"', '"time":"2026-01-01T00:00:00Z"' -replace '"created_at":"?[^,"]+"?', '"created_at":"2026-01-01T00:00:00Z"'
        [IO.File]::WriteAllLines($journal, $lines)
        $run = Invoke-Line { Get-MJTask -Refresh }
        $run.Output.Id | Sort-Object | Should -Be ($made.Id | Sort-Object)
        $run.ErrorIds | Should -Be (@('MJ.TaskNotFound') * 5)
        @($run.Output | Where-Object Status -EQ Unknown).Count | Should -Be 5
    }

    It 'ends with one error, and lists the rest as the journal has it, where the key is refused' {
        $env:MIDJOURNEY_API_KEY = 'wrong-key'
        try { $run = Invoke-Line { Get-MJTask -Refresh } }
        finally { $env:MIDJOURNEY_API_KEY = 'test' }
        $run.ErrorIds | Should -Be 'MJ.Unauthorized'
        $run.Output.Id | Should -Be $made.Id
    }

    It 'needs a key' {
        $env:MIDJOURNEY_API_KEY = $null
        try { (Invoke-Line { Get-MJTask -Refresh }).ErrorIds | Should -Be 'MJ.NoSession' }
        finally { $env:MIDJOURNEY_API_KEY = 'test' }
    }
}

Describe '-JournalPath' {
    It 'is refused: <_>' -ForEach '-JournalPath env:PATH', '-JournalPath nodrive:/x', '-JournalPath x.jsonl -NoJournal' {
        (Invoke-Line "New-MJSession $_").Thrown | Get-ErrorId | Should -Be 'MJ.InvalidJournalPath'
    }

    It 'may be relative to where the user is' {
        Push-Location -LiteralPath $TestDrive
        try { (New-MJSession -JournalPath ./sub/j.jsonl).JournalPath | Should -Be ([IO.Path]::Combine((Convert-Path -LiteralPath .), 'sub', 'j.jsonl')) }
        finally { Pop-Location }
    }
}

Describe 'A journal that is no file' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'is an error at once: <_>' -Skip:(-not $unix) -ForEach '/dev/null', '/dev/zero', '/dev/tty', '/proc/self', 'pipe', 'link', 'folder', 'folder/' {
        $path = $_
        if (-not $path.StartsWith('/')) { $path = [IO.Path]::Combine($gateway.Folder, $_) }
        $pipe = [IO.Path]::Combine($gateway.Folder, 'pipe')
        if (-not (Test-Path $pipe)) {
            mkfifo $pipe
            $null = New-Item -ItemType SymbolicLink -Path ([IO.Path]::Combine($gateway.Folder, 'link')) -Target $pipe
            $null = New-Item -ItemType Directory -Path ([IO.Path]::Combine($gateway.Folder, 'folder'))
        }
        { New-MJSession -JournalPath $path } | Should -Throw -ErrorId 'MJ.InvalidJournalPath,*'
        try {
            $env:MIDJOURNEY_JOURNAL_PATH = $path
            { Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0 } | Should -Throw -ErrorId 'MJ.InvalidJournalPath,*'
            { Get-MJTask } | Should -Throw -ErrorId 'MJ.InvalidJournalPath,*'
        }
        finally {
            $env:MIDJOURNEY_JOURNAL_PATH = $journal
        }
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is an error on Windows, too: <_>' -Skip:$unix -ForEach 'NUL', 'C:\CON', '\\.\NUL' {
        { New-MJSession -JournalPath $_ } | Should -Throw -ErrorId 'MJ.InvalidJournalPath,*'
    }
}

Describe 'A journal with odd lines' {
    It 'is listed without them, with one warning' {
        Reset-TestGateway $gateway
        $task = Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0 | Wait-MJTask
        $create = '"ref":"r","baseUri":"' + $gateway.BaseUri + '","model":"midjourney_upscale"'
        '{"v":1,"event":"submitting",' + $create + ',"params":null}', '{"v":1,"event":"submitting",' + $create + ',"params":[]}', "`0`0`0", '{"v":9,"event":"flown"}' |
            ForEach-Object { [IO.File]::AppendAllText($journal, "$_`n") }
        (Get-MJTask -WarningVariable said -WarningAction SilentlyContinue).Id | Should -Be $task.Id
        "$said" | Should -BeLike '*4*'
        @($said).Count | Should -Be 1
        (Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0 -SkipSubmitted).Id | Should -Be $task.Id
        ($task.Id | Wait-MJTask).Id | Should -Be $task.Id
    }
}

Describe 'A journal of which no line can be read' {
    It 'is an error, and nothing is sent: <_>' -ForEach 'unicode', 'NULs', 'another text' {
        Reset-TestGateway $gateway
        $null = Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0
        Get-MJSession | Remove-MJSession
        switch ($_) {
            'unicode' { $lines = Get-Content $journal; $lines | Set-Content -Encoding unicode $journal }
            'NULs' { [IO.File]::WriteAllBytes($journal, [byte[]]::new(4096)) }
            default { 'hello', 'world' | Set-Content $journal }
        }
        try {
            Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0 -SkipSubmitted -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        }
        catch {
            $failed = @($_)
        }
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'MJ.JournalUnavailable,*'
        (Get-GatewayCount $gateway).Creates | Should -Be 1
        { Get-MJTask -ErrorAction Stop } | Should -Throw -ErrorId 'MJ.JournalUnavailable,*'
    }
}

Describe 'A journal that others can read' {
    It 'is narrowed' -Skip:(-not $unix) {
        Reset-TestGateway $gateway
        $null = Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0
        foreach ($line in { Get-MJTask }, { New-MJSession }) {
            chmod 644 $journal
            Get-MJSession | Remove-MJSession
            $null = & $line
            [int] [IO.File]::GetUnixFileMode($journal) | Should -Be 384
        }
    }

    It 'is narrowed also if it is empty' -Skip:(-not $unix) {
        Reset-TestGateway $gateway
        [IO.File]::WriteAllText($journal, '')
        chmod 644 $journal
        $null = Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0
        [int] [IO.File]::GetUnixFileMode($journal) | Should -Be 384
    }

    It 'is left as it is if it is no journal: somebody named another file by mistake' -Skip:(-not $unix) {
        Reset-TestGateway $gateway
        $page = [IO.Path]::Combine($gateway.Folder, 'page.html')
        $beside = "$page.lock"
        foreach ($file in $page, $beside) {
            [IO.File]::WriteAllText($file, '<p>for everybody</p>')
            chmod 644 $file
        }
        $null = New-MJSession -JournalPath $page
        { Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0 } | Should -Throw -ErrorId 'MJ.JournalUnavailable,*'
        { Get-MJTask } | Should -Throw -ErrorId 'MJ.JournalUnavailable,*'
        (Test-MJSession | Where-Object Name -EQ Journal).Status | Should -Be failed
        foreach ($file in $page, $beside) {
            [int] [IO.File]::GetUnixFileMode($file) | Should -Be 420
            [IO.File]::ReadAllText($file) | Should -Be '<p>for everybody</p>'
        }
    }
}

Describe 'A journal whose lock another process holds' {
    It 'delays neither what is known nor what has ended' {
        Reset-TestGateway $gateway
        $task = Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0
        Get-MJSession | Remove-MJSession
        $held = [IO.FileStream]::new("$journal.lock", 'OpenOrCreate', 'ReadWrite', 'None')
        try {
            $took = Measure-Command {
                (Invoke-MJUpscale -JobId job -ImageNo 0 -Type 0 -SkipSubmitted).Id | Should -Be $task.Id
                ($task | Wait-MJTask).Status | Should -Be Completed
                (Get-MJTask).Id | Should -Be $task.Id
            }
        }
        finally {
            $held.Dispose()
        }
        # Where it must be, a lock is waited for up to thirty seconds.
        $took.TotalSeconds | Should -BeLessThan 25
    }
}

Describe 'A journal that cannot be used' {
    BeforeEach {
        Reset-TestGateway $gateway
        $blocked = [IO.Path]::Combine($gateway.Folder, 'file')
        [IO.File]::WriteAllText($blocked, '')
    }

    It 'is an error before anything is sent where it was named' {
        $null = New-MJSession -JournalPath ([IO.Path]::Combine($blocked, 'journal.jsonl'))
        { $jobs | Invoke-MJUpscale } | Should -Throw -ErrorId 'MJ.JournalUnavailable,*'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is an error without a file for -SkipSubmitted' {
        (New-MJSession -NoJournal).JournalPath | Should -BeNullOrEmpty
        Get-MJTask | Should -BeNullOrEmpty
        { $jobs | Invoke-MJUpscale -SkipSubmitted } | Should -Throw -ErrorId 'MJ.JournalUnavailable,*'
        $Error[0].ErrorDetails.RecommendedAction | Should -BeLike '*New-MJSession -JournalPath*or omit -SkipSubmitted*'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }

    It 'is replaced by memory, with one warning, in the default place' -Skip:(-not $unix) {
        $before = $env:XDG_STATE_HOME
        try {
            $env:MIDJOURNEY_JOURNAL_PATH = $null
            $env:XDG_STATE_HOME = $blocked
            $null = New-MJSession
            $first = $jobs | Invoke-MJUpscale -WarningVariable said -WarningAction SilentlyContinue
            $again = $jobs | Invoke-MJUpscale -WarningVariable saidAgain -WarningAction SilentlyContinue
            "$said" | Should -BeLike 'Cannot use the journal * (*). This session keeps its record of paid work in memory *'
            @($said).Count | Should -Be 1
            "$saidAgain" | Should -BeLike 'Returned *'
            $again.Id | Sort-Object | Should -Be ($first.Id | Sort-Object)
        }
        finally {
            $env:MIDJOURNEY_JOURNAL_PATH = $journal
            $env:XDG_STATE_HOME = $before
        }
    }

    It 'is written again where it is deleted while it is in use, and nothing is paid twice' {
        $first = $jobs | Invoke-MJUpscale
        [IO.File]::Delete($journal)
        $again = $jobs | Invoke-MJUpscale -WarningVariable said -WarningAction SilentlyContinue
        $again.Id | Sort-Object | Should -Be ($first.Id | Sort-Object)
        $said[0] | Should -BeLike '*was deleted or replaced*'
        Get-MJSession | Remove-MJSession
        ($jobs | Invoke-MJUpscale -WarningAction SilentlyContinue).Id | Sort-Object | Should -Be ($first.Id | Sort-Object)
        (Get-GatewayCount $gateway).TasksMade | Should -Be 6
    }
}
