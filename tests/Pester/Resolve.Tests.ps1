# An unknown outcome is settled by hand: there is a task, or there is none.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    $ConfirmPreference = 'None'

    # An upscale whose answer was lost; the task is there. With halfBody the error names the task.
    function New-LostUpscale([string] $JobId, [string] $Kind = 'cutAfter') {
        Add-Fault @{ operation = 'create'; jobId = $JobId; kind = $Kind; times = 1 }
        Invoke-MJUpscale -JobId $JobId -ImageNo 0 -Type Standard -ErrorVariable lost -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $lost.FullyQualifiedErrorId | Should -BeLike 'MJ.SubmitOutcomeUnknown,*'
        $lost[0]
    }

    function Get-EmulatedTask([string] $JobId) {
        Get-Emulated tasks | Where-Object jobId -EQ $JobId
    }

    function Get-Unknown { @(Get-MJTask -Status OutcomeUnknown) }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Resolve-MJTask -TaskId' {
    BeforeEach {
        Reset-TestGateway $gateway
        $null = New-LostUpscale pier
        $id = (Get-EmulatedTask pier).id
    }

    It 'records the task, returns it with its origin, and the work is not paid again' {
        $task = Get-Unknown | Resolve-MJTask -TaskId $id
        $task.Id | Should -Be $id
        $task.SourceJobId, $task.SourceImageNo, $task.UpscaleType, $task.Model | Should -Be 'pier', 0, 'Standard', 'midjourney_upscale'
        $task.SubmissionId | Should -BeNullOrEmpty
        Get-Unknown | Should -BeNullOrEmpty
        (Get-MJTask).Id | Should -Be $id

        $again = Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard -WarningAction Ignore
        $again.Id, $again.IsKnown | Should -Be $id, $true
        (Get-GatewayCount $gateway).TasksMade | Should -Be 1
    }

    It 'records how a task ended as well' {
        $null = Wait-MJTask $id
        (Get-Unknown | Resolve-MJTask -TaskId $id).Status | Should -Be 'Completed'
        (Get-MJTask -Status Completed).SourceJobId | Should -Be 'pier'
    }

    It 'is known to another session, which reads the file' {
        $null = Get-Unknown | Resolve-MJTask -TaskId $id
        Get-MJSession | Remove-MJSession
        Get-Unknown | Should -BeNullOrEmpty
        (Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard -WarningAction Ignore).Id | Should -Be $id
    }

    It 'takes a task in place of its ID' {
        (Get-Unknown | Resolve-MJTask -TaskId (Get-MJTask $id)).Id | Should -Be $id
    }

    It 'writes nothing if the gateway has no such task' {
        $before = [IO.File]::ReadAllText($env:MIDJOURNEY_JOURNAL_PATH)
        Get-Unknown | Resolve-MJTask -TaskId d000000000000000 -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike 'MJ.TaskNotFound,*'
        $problems[0].TargetObject.SourceJobId | Should -Be 'pier'
        [IO.File]::ReadAllText($env:MIDJOURNEY_JOURNAL_PATH) | Should -BeExactly $before
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'a task of another model'; Message = '*is a task of midjourney_diffusion*midjourney_upscale*'; Other = {
                $body = @{ model = 'midjourney_diffusion'; input = @(@{ params = @{ text = 'a pier' } }) } | ConvertTo-Json -Depth 5
                (Invoke-RestMethod "$($gateway.BaseUri)/model/v1/generation" -Method Post -Headers @{ Authorization = 'Bearer test' } -Body $body -ContentType application/json).id
            }
        }
        @{ Name = 'a task that is older than the submission'; Message = '*was created at 2001-*'; Other = {
                $null = New-LostUpscale quay
                $old = (Get-EmulatedTask quay).id
                Add-Fault @{ operation = 'read'; taskId = $old; kind = 'status'; status = 200; text = "{`"id`":`"$old`",`"status`":`"in_progress`",`"created_at`":1000000000}"; contentType = 'application/json' }
                $old
            }
        }
        @{ Name = 'a task that another submission made'; Message = '*belongs to another submission*'; Other = { (Invoke-MJUpscale -JobId quay -ImageNo 0 -Type Standard).Id } }
    ) {
        $other = & $Other
        $unknown = Get-Unknown | Where-Object SourceJobId -EQ 'pier'
        $unknown | Resolve-MJTask -TaskId $other -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidParameter,*'
        "$($problems[0])" | Should -BeLike $Message
        (Get-Unknown).SourceJobId | Should -Contain 'pier'
    }

    It 'settles one record, and refuses the second one' {
        $null = New-LostUpscale quay
        $unknown = Get-Unknown | Sort-Object SourceJobId
        $done = $unknown | Resolve-MJTask -TaskId $id -ErrorVariable problems -ErrorAction SilentlyContinue
        $done.SourceJobId | Should -Be 'pier'
        $problems.FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidParameter,*'
        (Get-Unknown).SourceJobId | Should -Be 'quay'
    }

    It 'refuses <Name> before anything is read' -ForEach @(
        @{ Name = '$null'; Value = $null }
        @{ Name = 'an empty text'; Value = ' ' }
        @{ Name = 'an object without an ID'; Value = [pscustomobject] @{ JobId = 'x' } }
        @{ Name = 'two lines'; Value = "a`nb" }
    ) {
        { Get-Unknown | Resolve-MJTask -TaskId $Value } | Should -Throw -ErrorId 'MJ.InvalidTaskId,*'
        (Get-Unknown).SourceJobId | Should -Be 'pier'
    }

    It 'is not combined with -NeverMade' {
        { Get-Unknown | Resolve-MJTask -TaskId $id -NeverMade } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'reads the task at the gateway of the submission, and at no other' {
        $unknown = Get-Unknown
        $other = New-MJSession -ApiKey test -BaseUri "$($gateway.BaseUri)/elsewhere"
        $unknown | Resolve-MJTask -TaskId $id -Session $other -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidTask,*'
        "$($problems[0])" | Should -BeLike "*belongs to $($gateway.BaseUri), but -Session connects to*"

        # The default session is the other one.
        ($unknown | Resolve-MJTask -TaskId $id).BaseUri | Should -Be $gateway.BaseUri
        Get-MJSession -All | Remove-MJSession
    }
}

Describe 'Resolve-MJTask without -TaskId' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'uses the task that the answer named' {
        $lost = New-LostUpscale pier halfBody
        $task = $lost.TargetObject | Resolve-MJTask
        $task.Id | Should -Be $lost.TargetObject.TaskId
        $task.SourceJobId | Should -Be 'pier'
        Get-Unknown | Should -BeNullOrEmpty
    }

    It 'uses the ID that a user put into a row' {
        $null = New-LostUpscale pier
        $null = New-LostUpscale quay
        $rows = Get-Unknown | ConvertTo-Csv | ConvertFrom-Csv
        foreach ($row in $rows) { $row.Id = (Get-EmulatedTask $row.SourceJobId).id }
        ($rows | Resolve-MJTask).SourceJobId | Sort-Object | Should -Be 'pier', 'quay'
        Get-Unknown | Should -BeNullOrEmpty
    }

    It 'says what to type if no task is known' {
        $null = New-LostUpscale pier
        Get-Unknown | Resolve-MJTask -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike 'MJ.SubmitOutcomeUnknown,*'
        "$($problems[0])" | Should -BeLike '*add -TaskId*add -NeverMade*'
        Get-Unknown | Should -HaveCount 1
    }
}

Describe 'Resolve-MJTask -NeverMade' {
    BeforeEach {
        Reset-TestGateway $gateway
        $lost = New-LostUpscale pier
    }

    It 'takes <Name>, returns nothing, and the work can be submitted again' -ForEach @(
        @{ Name = 'what Get-MJTask returns'; Of = { Get-Unknown } }
        @{ Name = 'Clixml'; Of = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-Unknown)[0])) } }
        @{ Name = 'JSON'; Of = { Get-Unknown | ConvertTo-Json -Depth 5 | ConvertFrom-Json } }
        @{ Name = 'CSV'; Of = { Get-Unknown | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Name = 'a hashtable'; Of = { @{ SubmissionId = (Get-Unknown).SubmissionId } } }
        @{ Name = 'a submission ID'; Of = { (Get-Unknown).SubmissionId } }
        @{ Name = 'the target of the error'; Of = { $lost.TargetObject } }
    ) {
        & $Of | Resolve-MJTask -NeverMade | Should -BeNullOrEmpty
        Get-MJTask | Should -BeNullOrEmpty
        $task = Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard
        $task.IsKnown | Should -BeFalse
        (Get-GatewayCount $gateway).Creates | Should -Be 2
        # What is made now stays there when the file is read anew.
        Get-MJSession | Remove-MJSession
        (Get-MJTask).Id | Should -Be $task.Id
    }

    It 'takes an array as an argument' {
        $null = New-LostUpscale quay
        Resolve-MJTask (Get-Unknown) -NeverMade
        Get-Unknown | Should -BeNullOrEmpty
    }

    It 'takes what a rerun reports' {
        Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard -ErrorVariable again -ErrorAction SilentlyContinue
        $again[0].TargetObject.SubmissionId | Should -Be $lost.TargetObject.SubmissionId
        $again[0].TargetObject | Resolve-MJTask -NeverMade
        Get-Unknown | Should -BeNullOrEmpty
    }

    It 'needs neither a session nor a key, and asks nobody' {
        Get-MJSession | Remove-MJSession
        $key, $env:MIDJOURNEY_API_KEY = $env:MIDJOURNEY_API_KEY, ''
        try { Get-Unknown | Resolve-MJTask -NeverMade }
        finally { $env:MIDJOURNEY_API_KEY = $key }
        Get-Unknown | Should -BeNullOrEmpty
        (Get-GatewayCount $gateway).Reads | Should -Be 0
    }

    It 'writes the outcome to the file' {
        Get-Unknown | Resolve-MJTask -NeverMade
        $lines = [IO.File]::ReadAllLines($env:MIDJOURNEY_JOURNAL_PATH) | ConvertFrom-Json
        $lines[-1].event, $lines[-1].ref | Should -Be 'withdrawn', $lost.TargetObject.SubmissionId
    }

    It 'does nothing with -WhatIf' {
        Get-Unknown | Resolve-MJTask -NeverMade -WhatIf
        Get-Unknown | Resolve-MJTask -TaskId x -WhatIf
        Get-Unknown | Should -HaveCount 1
        (Get-GatewayCount $gateway).Reads | Should -Be 0
    }

    It 'asks, because it cannot be taken back' {
        [Management.Automation.CommandMetadata]::new((Get-Command Resolve-MJTask)).ConfirmImpact | Should -Be 'High'
    }

    It 'refuses what is settled' {
        $unknown = Get-Unknown
        $unknown | Resolve-MJTask -NeverMade
        $unknown | Resolve-MJTask -NeverMade -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidTask,*'
        "$($problems[0])" | Should -BeLike '*already known: no task was created*'
    }

    It 'refuses <Name>, and settles the rest' -ForEach @(
        @{ Name = 'a task whose outcome is known'; Message = '*has no SubmissionId, so its outcome is already known.'; Other = { Invoke-MJUpscale -JobId quay -ImageNo 0 -Type Standard } }
        @{ Name = 'a submission that the journal does not have'; Message = 'The journal * has no submission 0123456789abcdef0123456789abcdef.'; Other = { '0123456789abcdef0123456789abcdef' } }
        @{ Name = 'a text that is no submission ID'; Message = "'pier' is not a valid value for -SubmissionId.*"; Other = { 'pier' } }
        @{ Name = 'an object without a submission ID'; Message = '*has no SubmissionId*'; Other = { [pscustomobject] @{ JobId = 'x' } } }
        @{ Name = 'an empty text'; Message = "'' is not a valid value for -SubmissionId.*"; Other = { '' } }
    ) {
        @(& $Other) + @(Get-Unknown) | Resolve-MJTask -NeverMade -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidTask,*'
        "$($problems[0])" | Should -BeLike $Message
        Get-Unknown | Should -BeNullOrEmpty
    }

    It 'refuses what a living process sends just now' {
        $lines = [IO.File]::ReadAllLines($env:MIDJOURNEY_JOURNAL_PATH)
        # As the process wrote it before its answer was lost.
        Get-MJSession | Remove-MJSession
        [IO.File]::WriteAllLines($env:MIDJOURNEY_JOURNAL_PATH, [string[]] ($lines -notmatch '"event":"unknown"'))
        $lost.TargetObject | Resolve-MJTask -NeverMade -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidTask,*'
        "$($problems[0])" | Should -BeLike '*still submitting*'
    }

    It 'settles what a process that has died was sending' {
        $lines = [IO.File]::ReadAllLines($env:MIDJOURNEY_JOURNAL_PATH) -notmatch '"event":"unknown"' -replace '"start":"[^"]*"', '"start":"before"'
        Get-MJSession | Remove-MJSession
        [IO.File]::WriteAllLines($env:MIDJOURNEY_JOURNAL_PATH, [string[]] $lines)
        Get-Unknown | Should -HaveCount 1
        Get-Unknown | Resolve-MJTask -NeverMade
        Get-Unknown | Should -BeNullOrEmpty
    }

    It 'settles what only the memory of the session knows' {
        Get-MJSession | Remove-MJSession
        $null = New-MJSession -ApiKey test -BaseUri $gateway.BaseUri -NoJournal
        $null = New-LostUpscale quay
        Get-Unknown | Resolve-MJTask -NeverMade
        Get-Unknown | Should -BeNullOrEmpty
        (Invoke-MJUpscale -JobId quay -ImageNo 0 -Type Standard).SourceJobId | Should -Be 'quay'
    }

    It 'leaves the outcome unknown if the journal cannot be written' -Skip:($env:OS -eq 'Windows_NT') {
        $folder = [IO.Path]::GetDirectoryName($env:MIDJOURNEY_JOURNAL_PATH)
        $unknown = Get-Unknown
        if ((id -u) -eq 0) { chattr +i $env:MIDJOURNEY_JOURNAL_PATH 2>$null; if ($LASTEXITCODE) { Set-ItResult -Skipped -Because 'root writes everywhere'; return } }
        else { chmod 500 $folder; chmod 400 $env:MIDJOURNEY_JOURNAL_PATH }
        try { $unknown | Resolve-MJTask -NeverMade -ErrorVariable problems -ErrorAction SilentlyContinue }
        finally { if ((id -u) -eq 0) { chattr -i $env:MIDJOURNEY_JOURNAL_PATH } else { chmod 700 $folder; chmod 600 $env:MIDJOURNEY_JOURNAL_PATH } }
        $problems.FullyQualifiedErrorId | Should -BeLike 'MJ.JournalUnavailable,*'
        "$($problems[0])" | Should -BeLike '*still unknown.'
        Get-Unknown | Should -HaveCount 1
        Get-Unknown | Resolve-MJTask -NeverMade
        Get-Unknown | Should -BeNullOrEmpty
    }
}

Describe 'Completion of Resolve-MJTask' {
    It 'offers the unknown submissions' {
        Reset-TestGateway $gateway
        $lost = New-LostUpscale pier
        $line = 'Resolve-MJTask '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be $lost.TargetObject.SubmissionId
    }
}
