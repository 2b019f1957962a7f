# The same work is never paid twice, by default: what a user types, sees and pays.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 600'
    $journal = $env:MIDJOURNEY_JOURNAL_PATH
    $rows = 1..5 | ForEach-Object { [pscustomobject] @{ JobId = "j$_"; ImageNo = 0; Type = 1 } }

    function Get-TasksMade { (Get-GatewayCount $gateway).TasksMade }

    # Moves what the journal says into the past, as if it had been written then.
    function Move-Journal([double] $Hours) {
        Get-MJSession | Remove-MJSession
        $lines = [IO.File]::ReadAllLines($journal) | ForEach-Object {
            [regex]::Replace($_, '(?<="(time|ended)":")[^"]+', { param($m) [DateTimeOffset]::Parse($m.Value, [cultureinfo]::InvariantCulture).AddHours(-$Hours).UtcDateTime.ToString('yyyy-MM-ddTHH:mm:ss.fffZ') })
        }
        [IO.File]::WriteAllLines($journal, [string[]] $lines)
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'The same line once more' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'returns the known tasks, pays nothing and says so once' {
        $first = $rows | Invoke-MJUpscale
        $second = $rows | Invoke-MJUpscale -WarningVariable said -WarningAction SilentlyContinue
        $second.Id | Sort-Object | Should -Be ($first.Id | Sort-Object)
        $first.IsKnown | Should -Not -Contain $true
        $second.IsKnown | Should -Not -Contain $false
        "$said" | Should -Match '^Returned the tasks? from \d\d:\d\d( to \d\d:\d\d)? instead of paying again \(5 of 5 records\)\. For new images, add -Force\.$'
        Get-TasksMade | Should -Be 5
    }

    It 'says how many of the records it is about' {
        $null = $rows[0] | Invoke-MJUpscale
        $null = $rows | Invoke-MJUpscale -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -BeLike 'Returned the task from ??:?? instead of paying again (1 of 5 records). For new images, add -Force.'
    }

    It 'is the same work in another spelling, order and process' {
        $null = $rows | Invoke-MJUpscale
        Get-MJSession | Remove-MJSession
        $script = 'Invoke-MJUpscale -Type Creative -ImageNo "0" -JobId j5, j4, j3, j2, j1 -Callback https://example.com/x -WarningAction SilentlyContinue | ForEach-Object IsKnown'
        $known = Invoke-NewShell "Import-Module MidJourney; $script"
        $known | Should -Be (@('True') * 5)
        Get-TasksMade | Should -Be 5
    }

    It 'pays again with -Force, and says nothing' {
        $null = $rows[0] | Invoke-MJUpscale
        ($rows[0] | Invoke-MJUpscale -Force -WarningVariable said).IsKnown | Should -Be $false
        $said | Should -BeNullOrEmpty
        Get-TasksMade | Should -Be 2
    }

    It 'returns the newest where there are several' {
        $null = $rows[0] | Invoke-MJUpscale
        $forced = $rows[0] | Invoke-MJUpscale -Force
        ($rows[0] | Invoke-MJUpscale -WarningAction SilentlyContinue).Id | Should -Be $forced.Id
    }

    It 'is known without a journal file as long as the session lives' {
        $session = New-MJSession -NoJournal
        $first = $rows | Invoke-MJUpscale -Session $session
        ($rows | Invoke-MJUpscale -Session $session -WarningAction SilentlyContinue).Id | Sort-Object | Should -Be ($first.Id | Sort-Object)
        Get-TasksMade | Should -Be 5
        [IO.File]::Exists($journal) | Should -Be $false
    }
}

Describe 'Several records of one work' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'are as many tasks, and once more those tasks' {
        $first = 1..4 | ForEach-Object { 'a cat' } | Invoke-MJDiffusion
        $first.Id | Sort-Object -Unique | Should -HaveCount 4
        $again = 1..4 | ForEach-Object { 'a cat' } | Invoke-MJDiffusion -WarningAction SilentlyContinue
        $again.Id | Sort-Object | Should -Be ($first.Id | Sort-Object)
        $more = 1..6 | ForEach-Object { 'a cat' } | Invoke-MJDiffusion -WarningAction SilentlyContinue
        @($more | Where-Object IsKnown).Count | Should -Be 4
        Get-TasksMade | Should -Be 6
    }

    It 'are one task where each is a command of its own' {
        $tasks = 1..4 | ForEach-Object { Invoke-MJDiffusion 'a cat' -WarningAction SilentlyContinue }
        $tasks.Id | Sort-Object -Unique | Should -HaveCount 1
        $tasks.IsKnown | Should -Be $false, $true, $true, $true
        Get-TasksMade | Should -Be 1
    }

    It 'are what -Count asks for' {
        Invoke-MJDiffusion 'a cat' -Count 4 | Should -HaveCount 4
        (Invoke-MJDiffusion 'a cat' -Count 2 -WarningAction SilentlyContinue).IsKnown | Should -Be $true, $true
        'a dog', 'a bird' | Invoke-MJDiffusion -Count 2 | Should -HaveCount 4
        Get-TasksMade | Should -Be 8
        { Invoke-MJDiffusion 'a cat' -Count 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}

Describe 'What is older than the window' {
    BeforeEach {
        Reset-TestGateway $gateway
        Set-GatewayOption @{ duration = 0.02 }
        $first = $rows[0] | Invoke-MJUpscale | Wait-MJTask
    }

    AfterEach {
        Set-GatewayOption @{ duration = 600 }
    }

    It 'is returned within it' {
        Move-Journal 23
        ($rows[0] | Invoke-MJUpscale -WarningAction SilentlyContinue).Id | Should -Be $first.Id
    }

    It 'is made again after it, and then the new one is returned' {
        Move-Journal 25
        $second = $rows[0] | Invoke-MJUpscale
        $second.IsKnown | Should -Be $false
        ($rows[0] | Invoke-MJUpscale -WarningAction SilentlyContinue).Id | Should -Be $second.Id
        Get-TasksMade | Should -Be 2
    }

    It 'is returned with -SkipSubmitted, without a warning' {
        Move-Journal 9000
        $known = $rows[0] | Invoke-MJUpscale -SkipSubmitted -WarningVariable said
        "$($known.Id) $($known.Status)" | Should -Be "$($first.Id) Completed"
        $said | Should -BeNullOrEmpty
    }

    It 'counts as now where its time is in the future' {
        Move-Journal -5000
        ($rows[0] | Invoke-MJUpscale -WarningAction SilentlyContinue).Id | Should -Be $first.Id
    }

    It 'is as long as -DuplicateWindow says: <_>' -ForEach 1, '01:00:00', ([timespan]::FromHours(1)), 0.5 {
        Move-Journal 2
        $session = New-MJSession -DuplicateWindow $_
        $session.DuplicateWindow.TotalHours | Should -BeIn 1, 0.5
        ($rows[0] | Invoke-MJUpscale).IsKnown | Should -Be $false
    }

    It 'is everything that has ended with -DuplicateWindow 0' {
        $null = New-MJSession -DuplicateWindow 0
        ($rows[0] | Invoke-MJUpscale).IsKnown | Should -Be $false
    }

    It 'is no negative time, and no text' {
        { New-MJSession -DuplicateWindow -1 } | Should -Throw
        { New-MJSession -DuplicateWindow soon } | Should -Throw
    }
}

Describe 'A task that was not seen to end' {
    BeforeEach {
        Reset-TestGateway $gateway
        $first = $rows[0] | Invoke-MJUpscale
    }

    It 'is returned without a request while it is young' {
        ($rows[0] | Invoke-MJUpscale -WarningAction SilentlyContinue).Id | Should -Be $first.Id
        (Get-GatewayCount $gateway).Reads | Should -Be 0
    }

    It 'is read once when it is older, and returned while it runs' {
        Move-Journal 30
        ($rows[0] | Invoke-MJUpscale -WarningAction SilentlyContinue).Id | Should -Be $first.Id
        (Get-GatewayCount $gateway).Reads | Should -Be 1
        Get-TasksMade | Should -Be 1
    }

    It 'is made again where the gateway does not know it any more' {
        Move-Journal 30
        $null = Invoke-RestMethod "$($gateway.BaseUri)/_emulator/reset" -Method Post
        ($rows[0] | Invoke-MJUpscale).IsKnown | Should -Be $false
        [IO.File]::ReadAllText($journal) | Should -BeLike '*"event":"gone"*'
    }

    It 'never blocks after a read has not found it' {
        Move-Journal 1
        $null = Invoke-RestMethod "$($gateway.BaseUri)/_emulator/reset" -Method Post
        $first.Id | Get-MJTask -ErrorAction SilentlyContinue -ErrorVariable missing
        $missing.FullyQualifiedErrorId | Should -BeLike 'MJ.TaskNotFound,*'
        ($rows[0] | Invoke-MJUpscale).IsKnown | Should -Be $false
    }
}

Describe 'Switches that contradict each other' {
    It 'are refused before anything is sent: <_>' -ForEach '-SkipSubmitted', '-RetryUnknown' {
        Reset-TestGateway $gateway
        { Invoke-Expression "`$rows | Invoke-MJUpscale -Force $_" } | Should -Throw -ErrorId 'MJ.InvalidParameter,*'
        (Get-GatewayCount $gateway).Creates | Should -Be 0
    }
}

Describe 'A failed task' {
    It 'is left out of what comes down the pipeline, and counted' {
        Reset-TestGateway $gateway
        $failed = [MidJourney.MJTask] @{ Id = 't1'; Status = 'Failed'; RawStatus = 'failed'; JobId = 'j9' }
        $copies = $failed, ($failed | ConvertTo-Json -Depth 4 | ConvertFrom-Json), [MidJourney.MJTask] @{ Id = 't2'; Status = 'Completed'; RawStatus = 'completed'; JobId = 'j1' }
        $tasks = $copies | Invoke-MJUpscale -ImageNo 0 -Type 1 -WarningVariable said -WarningAction SilentlyContinue
        $tasks.SourceJobId | Should -Be 'j1'
        "$said" | Should -BeLike '*failed*: 2.*Restart-MJTask*'
    }
}

Describe '-WhatIf' {
    It 'returns and sends nothing, and says what would be returned' {
        Reset-TestGateway $gateway
        $first = $rows[0] | Invoke-MJUpscale
        $sent = (Get-GatewayCount $gateway).Creates
        $text = (Get-Transcript { $rows[0, 1] | Invoke-MJUpscale -WhatIf | Should -BeNullOrEmpty }) -replace '\s+', ' '
        $text | Should -BeLike "*What if: Task $($first.Id) from ??:?? would be returned for job j1, image 0*Nothing would be billed.*"
        $text | Should -BeLike '*What if: Performing the operation * on target "job j2, image 0, type Creative"*'
        (Get-GatewayCount $gateway).Creates | Should -Be $sent
    }
}

Describe 'Two accounts' {
    BeforeEach {
        Reset-TestGateway $gateway
        $one = New-MJSession -Account one
        $null = $rows[0] | Invoke-MJUpscale -Session $one
    }

    It 'pay for themselves, and are told once' {
        $two = New-MJSession -Account two
        ($rows[0] | Invoke-MJUpscale -Session $two -WarningVariable said -WarningAction SilentlyContinue).IsKnown | Should -Be $false
        "$said" | Should -BeLike "*'one'*-Account*"
        @($said).Count | Should -Be 1
        ($rows[0] | Invoke-MJUpscale -Session $two -WarningAction SilentlyContinue).Account | Should -Be 'two'
        Get-TasksMade | Should -Be 2
    }

    It 'are one account under one name, whatever the key' {
        ($rows[0] | Invoke-MJUpscale -Session (New-MJSession -Account one) -WarningAction SilentlyContinue).IsKnown | Should -Be $true
    }

    It 'have what their key paid for before it had a name' {
        $first = $rows[1] | Invoke-MJUpscale -Session (New-MJSession)
        ($rows[1] | Invoke-MJUpscale -Session (New-MJSession -Account studio) -WarningAction SilentlyContinue).Id | Should -Be $first.Id
        Get-TasksMade | Should -Be 2
    }

    It 'are told apart by their keys where they have no name, without the key in the journal' {
        $null = $rows[1] | Invoke-MJUpscale -Session (New-MJSession)
        [regex]::Matches([IO.File]::ReadAllText($journal), '"account":"([^"]*)"') | ForEach-Object { $_.Groups[1].Value } | Sort-Object -Unique | Should -Match '^(one|[0-9a-f]{8})$'
    }
}
