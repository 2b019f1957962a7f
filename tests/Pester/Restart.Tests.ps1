# A task is made again from its origin, whatever its model. What was paid and is there is returned instead.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    $image = @{ JobId = 'harbour'; ImageNo = 1 }
    $own = @{ ImageUrl = 'https://example.com/a.png'; RemixPrompt = 'made of paper' }
    $mask = '1024x1024: 100,600,400,300'

    function Set-Failing([bool] $Failing, [string] $Code = '8004005098') {
        $shape = if ($Failing) { @{ failure = @{ code = $Code; message = 'it went wrong' } } } else { @{} }
        Set-Shape @{ default = $shape }
    }

    # A task that fails; the gateway works again afterwards.
    function New-FailedTask([scriptblock] $Make) {
        Set-Failing $true
        & $Make | Wait-MJTask -ErrorAction SilentlyContinue
        Set-Failing $false
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Restart-MJTask' {
    BeforeEach {
        Reset-TestGateway $gateway
        Set-Failing $false
    }

    It 'makes failed tasks again, and what it makes goes down the pipeline' {
        Set-Failing $true
        $failed = 'a', 'b' | Invoke-MJDiffusion | Wait-MJTask -ErrorAction SilentlyContinue
        Set-Failing $false
        $saved = Get-MJTask -Status Failed | Restart-MJTask | Wait-MJTask | Save-MJOutput -Path $TestDrive
        $saved | Should -HaveCount 8
        $made = Get-MJTask -Status Completed
        $made.Prompt | Sort-Object | Should -Be 'a', 'b'
        $made.Id | Where-Object { $_ -in $failed.Id } | Should -BeNullOrEmpty
        (Get-GatewayCount $gateway).TasksMade | Should -Be 4
    }

    It 'makes the same again: <Name>' -ForEach @(
        $models = Import-PowerShellDataFile ([IO.Path]::Combine($PSScriptRoot, '..', 'Models.psd1'))
        $models.Keys | Sort-Object | ForEach-Object { @{ Name = $_; Record = $models[$_]; Make = { & $Name @Record } } }
        @{ Name = 'midjourney_upscale'; Make = { Invoke-MJUpscale @image -Type Creative } }
        @{ Name = 'midjourney_diffusion'; Make = { Invoke-MJDiffusion "a 'lighthouse' {red,blue} --ar 16:9 `n ü 🗼" } }
        @{ Name = 'midjourney_pan'; Make = { Invoke-MJModel midjourney_pan @{ direction = 1; scale = 1.5; wide = 1e300; list = @(1, $null, $true, 'x', @{ jobId = 'inner' }); big = 12345678901234567890 } -JobId harbour } }
    ) {
        $failed = New-FailedTask $Make
        $again = $failed.Id | Restart-MJTask
        $again.Id | Should -Not -Be $failed.Id
        $again.IsKnown | Should -BeFalse
        foreach ($property in 'Model', 'Prompt', 'SourceJobId', 'SourceImageNo', 'UpscaleType', 'BaseUri') { $again.$property | Should -Be $failed.$property }
        # The gateway and the journal take both for the same work.
        $jobs = @(Get-Emulated jobs)
        $jobs | Should -HaveCount 1
        $jobs[0].tasksMade | Should -Be 2
        (& $Make 3>$null).Id | Should -Be $again.Id
    }

    It 'returns <Name> instead of paying again, and says so' -ForEach @(
        @{ Name = 'a completed task'; Make = { Invoke-MJInpaint @image -Mask $mask -Wait } }
        @{ Name = 'a running task'; Make = { Set-Shape @{ default = @{ duration = 'never' } }; Invoke-MJInpaint @image -Mask $mask } }
    ) {
        $task = & $Make
        $again = $task | Restart-MJTask -WarningVariable said -WarningAction SilentlyContinue
        $again.Id, $again.IsKnown | Should -Be $task.Id, $true
        "$said" | Should -BeLike 'Returned the task from *'
        (Get-GatewayCount $gateway).TasksMade | Should -Be 1
        ($task | Restart-MJTask -Force).Id | Should -Not -Be $task.Id
        (Get-GatewayCount $gateway).TasksMade | Should -Be 2
    }

    It 'returns what took the place of a failed task' {
        $failed = New-FailedTask { Invoke-MJUpscale @image -Type Standard }
        $again = $failed | Restart-MJTask -Wait
        ($failed | Restart-MJTask -WarningAction SilentlyContinue).Id | Should -Be $again.Id
        (Get-GatewayCount $gateway).TasksMade | Should -Be 2
    }

    It 'pays once, however often it is run, in a new process and days later: <Name>' -ForEach @(
        @{ Name = 'within the window'; Window = 24 }
        @{ Name = 'after it'; Window = 0 }
    ) {
        Set-Failing $true
        $null = & { Invoke-MJUpscale @image -Type Standard; 'a pier', 'a pier' | Invoke-MJDiffusion } | Wait-MJTask -ErrorAction SilentlyContinue
        Set-Failing $false
        $line = "`$null = New-MJSession -DuplicateWindow $Window; Get-MJTask -Status Failed | Restart-MJTask -WarningAction Ignore | Wait-MJTask | ForEach-Object { `"`$(`$_.Status) `$(`$_.Id)`" }"
        $first = Invoke-NewShell "Import-Module MidJourney; $line" | Sort-Object
        $first | Should -HaveCount 3
        $first | Should -BeLike 'Completed *'
        Invoke-NewShell "Import-Module MidJourney; $line" | Sort-Object | Should -Be $first
        (Get-GatewayCount $gateway).TasksMade | Should -Be 6
        (Get-MJTask -Status Failed)[0] | Restart-MJTask -Force | Should -HaveCount 1
    }

    It 'makes a task again beside others of the same prompt that completed' {
        $good = 'a pier', 'a pier' | Invoke-MJDiffusion | Wait-MJTask
        Set-Failing $true
        $failed = Invoke-MJDiffusion 'a pier' -Force | Wait-MJTask -ErrorAction SilentlyContinue
        Set-Failing $false
        $again = $failed | Restart-MJTask | Wait-MJTask
        $again.IsKnown | Should -BeFalse
        $again.Id | Should -Not -BeIn $good.Id
        ($failed | Restart-MJTask -WarningAction Ignore).Id | Should -Be $again.Id
    }

    It 'makes a task again from its error' {
        Set-Failing $true
        Invoke-MJRetexture @own -Wait -ErrorAction SilentlyContinue
        Set-Failing $false
        ($Error[0].TargetObject | Restart-MJTask | Wait-MJTask).Prompt | Should -Be 'made of paper'
    }

    It 'makes work that failed again and again only once' {
        Set-Failing $true
        $first = Invoke-MJUpscale @image -Type Standard | Wait-MJTask -ErrorAction SilentlyContinue
        $null = $first | Restart-MJTask | Wait-MJTask -ErrorAction SilentlyContinue
        $null = Invoke-MJUpscale @image -Type Standard | Wait-MJTask -ErrorAction SilentlyContinue
        Set-Failing $false
        @(Get-MJTask -Status Failed) | Should -HaveCount 3
        Get-MJTask -Status Failed | Restart-MJTask | Should -HaveCount 1
        (Get-GatewayCount $gateway).TasksMade | Should -Be 4
    }

    It 'makes several tasks of one prompt again that failed together' {
        Set-Failing $true
        $failed = 1..3 | ForEach-Object { 'a cat' } | Invoke-MJDiffusion | Wait-MJTask -ErrorAction SilentlyContinue
        Set-Failing $false
        $failed | Should -HaveCount 3
        $failed | Restart-MJTask | Should -HaveCount 3
        (Get-GatewayCount $gateway).TasksMade | Should -Be 6
    }

    It 'makes a task that comes twice again once' {
        $failed = New-FailedTask { Invoke-MJUpscale @image -Type Standard }
        $failed, $failed.Id, $failed | Restart-MJTask | Should -HaveCount 1
    }

    It 'leaves out content that was refused, in one warning, where the input shows the failure' {
        Set-Failing $true 110001
        $failed = 'a pier', 'a quay' | Invoke-MJDiffusion | Wait-MJTask -ErrorAction SilentlyContinue
        Set-Failing $true
        $other = Invoke-MJDiffusion 'a harbour' | Wait-MJTask -ErrorAction SilentlyContinue
        Set-Failing $false
        $seen = Invoke-Line { Get-MJTask -Status Failed | Restart-MJTask }
        $seen.ErrorIds | Should -BeNullOrEmpty
        $seen.Output.Prompt | Should -Be $other.Prompt
        $seen.Warnings | Should -BeLike 'Tasks not submitted again, because moderation refused their content: 2.*-Force.'
        $failed | Restart-MJTask -Force | Should -HaveCount 2
    }

    It 'reports content that was refused again, until it is forced' {
        Set-Failing $true 110001
        $failed = Invoke-MJDiffusion 'a pier' | Wait-MJTask -ErrorAction SilentlyContinue
        $failed.Id | Restart-MJTask -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MJ.ContentRefused,*'
        $problems[0].TargetObject.Id | Should -Be $failed.Id
        (Get-GatewayCount $gateway).Creates | Should -Be 1
        $problems[0].TargetObject | Restart-MJTask -Force | Should -HaveCount 1
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'a task ID'; Of = { $task.Id } }
        @{ Name = 'Clixml'; Of = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($task)) } }
        @{ Name = 'JSON'; Of = { $task | ConvertTo-Json -Depth 8 | ConvertFrom-Json } }
        @{ Name = 'CSV'; Of = { $task | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Name = 'a row with a TaskId'; Of = { [pscustomobject] @{ TaskId = $task.Id } } }
    ) {
        $task = New-FailedTask { Invoke-MJRetexture @own }
        $again = & $Of | Restart-MJTask
        $again.Model, $again.Prompt | Should -Be 'midjourney_retexture', 'made of paper'
    }

    It 'takes an array as an argument, and live tasks in it' {
        $task = New-FailedTask { Invoke-MJRetexture @own }
        $other = New-FailedTask { Invoke-MJUpscale @image -Type Standard }
        (Restart-MJTask -Id $task, $other.Id).Model | Sort-Object | Should -Be 'midjourney_retexture', 'midjourney_upscale'
    }

    It 'takes a task that is gone' {
        $task = Invoke-MJRetexture @own
        $null = Invoke-RestMethod "$($gateway.BaseUri)/_emulator/reset" -Method Post
        # A task that was accepted a moment ago may not be found yet, so it is not asked for.
        [IO.File]::AppendAllText($env:MIDJOURNEY_JOURNAL_PATH, "{`"v`":2,`"event`":`"gone`",`"time`":`"$([DateTime]::UtcNow.ToString('o'))`",`"baseUri`":`"$($gateway.BaseUri)`",`"taskId`":`"$($task.Id)`"}`n")
        ($task.Id | Restart-MJTask).Model | Should -Be 'midjourney_retexture'
        (Get-GatewayCount $gateway).TasksMade | Should -Be 1
    }

    It 'keeps where the job came from' {
        $grid = Invoke-MJDiffusion 'a harbour' -Wait
        $failed = New-FailedTask { $grid | Invoke-MJUpscale -ImageNo 2 -Type Standard }
        $again = $failed.Id | Restart-MJTask
        $again.SourceTaskId, $again.SourcePrompt | Should -Be $grid.Id, 'a harbour'
    }

    It 'adds a callback' {
        $failed = New-FailedTask { Invoke-MJUpscale @image -Type Standard -Callback https://example.com/first }
        $null = $failed | Restart-MJTask -Callback https://example.com/second
        (Get-Emulated tasks).callback | Should -Be 'https://example.com/first', 'https://example.com/second'
        (Get-Emulated jobs).tasksMade | Should -Be 2
    }

    It 'shows with -WhatIf what would be made' {
        $failed = New-FailedTask { Invoke-MJUpscale @image -Type Creative }
        Get-Transcript { $failed | Restart-MJTask -WhatIf | Should -BeNullOrEmpty } | Should -Match 'Create a paid upscale.*job harbour, image 1, type Creative'
        (Get-GatewayCount $gateway).Creates | Should -Be 1
    }

    It 'does not make what may have been made' {
        Add-Fault @{ operation = 'create'; kind = 'halfBody'; times = 1 }
        Invoke-MJUpscale @image -Type Standard -ErrorAction SilentlyContinue
        $unknown = Get-MJTask -Status OutcomeUnknown
        $unknown | Restart-MJTask -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike 'MJ.SubmitOutcomeUnknown,*'
        $problems[0].TargetObject.SubmissionId | Should -Be $unknown.SubmissionId

        $unknown | Resolve-MJTask -NeverMade -Confirm:$false
        $unknown | Restart-MJTask | Should -HaveCount 1
    }

    It 'makes a submission again that was settled as never made, by its submission ID alone' {
        Add-Fault @{ operation = 'create'; kind = 'cutBefore'; times = 1 }
        Invoke-MJRetexture @own -ErrorAction SilentlyContinue
        $unknown = Get-MJTask -Status OutcomeUnknown
        $unknown.Id | Should -BeNullOrEmpty
        $unknown | Resolve-MJTask -NeverMade -Confirm:$false
        ($unknown | ConvertTo-Csv | ConvertFrom-Csv | Restart-MJTask).Prompt | Should -Be 'made of paper'
    }

    It 'reports a refused create with the task, so that it can be piped in again' {
        $failed = New-FailedTask { Invoke-MJRetexture @own }
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 400; message = 'not now'; times = 1 }
        $failed | Restart-MJTask -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].TargetObject.Id | Should -Be $failed.Id
        $problems.TargetObject | Restart-MJTask | Should -HaveCount 1
    }

    It 'skips blank lines' {
        $failed = New-FailedTask { Invoke-MJRetexture @own }
        $failed.Id, '' | Restart-MJTask -WarningVariable said -WarningAction SilentlyContinue | Should -HaveCount 1
        "$said" | Should -BeLike 'Blank lines skipped: 1.'
    }
}

Describe 'Restart-MJTask of a task that the journal does not have' {
    BeforeEach {
        Reset-TestGateway $gateway
        Set-Failing $false
    }

    It 'makes it from what the task itself tells: <Name>' -ForEach @(
        @{ Name = 'an upscale'; Make = { Invoke-MJUpscale @image -Type V5_2x } }
        @{ Name = 'a diffusion'; Make = { Invoke-MJDiffusion ' a pier  --ar 3:2' } }
    ) {
        $csv = New-FailedTask $Make | ConvertTo-Csv
        Get-MJSession | Remove-MJSession
        [IO.File]::Delete($env:MIDJOURNEY_JOURNAL_PATH)
        $again = $csv | ConvertFrom-Csv | Restart-MJTask
        $again | Should -HaveCount 1
        @(Get-Emulated jobs) | Should -HaveCount 1
        (Get-Emulated jobs).tasksMade | Should -Be 2
    }

    It 'says why it cannot, and what to do: <Name>' -ForEach @(
        @{ Name = 'an ID alone'; Of = { $failed.Id } }
        @{ Name = 'a task whose parameters it does not tell'; Of = { $failed } }
    ) {
        $failed = New-FailedTask { Invoke-MJVariation @image -Type Subtle }
        Get-MJSession | Remove-MJSession
        [IO.File]::Delete($env:MIDJOURNEY_JOURNAL_PATH)
        & $Of | Restart-MJTask -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidTask,*'
        "$($problems[0])" | Should -BeLike "Task $($failed.Id) cannot be submitted again: the journal *"
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike 'Submit it with the Invoke-MJ*New-MJSession -JournalPath.'
    }

    It 'refuses <Name>, and the others go on' -ForEach @(
        @{ Name = '$null'; Id = 'MJ.InvalidTaskId'; Value = $null }
        @{ Name = 'an object without an ID'; Id = 'MJ.InvalidTaskId'; Value = [pscustomobject] @{ JobId = 'x' } }
        @{ Name = 'an object whose ID is not text'; Id = 'MJ.InvalidTaskId'; Value = [pscustomobject] @{ Id = [pscustomobject] @{ a = 1 } } }
        @{ Name = 'two lines'; Id = 'MJ.InvalidTaskId'; Value = "a`nb" }
        @{ Name = 'a task of another gateway'; Id = 'MJ.InvalidTask'; Value = [pscustomobject] @{ Id = 'x'; Model = 'midjourney_diffusion'; Prompt = 'a'; BaseUri = 'http://127.0.0.1:1' } }
    ) {
        $failed = New-FailedTask { Invoke-MJRetexture @own }
        Restart-MJTask -Id $Value, $failed -ErrorVariable problems -ErrorAction SilentlyContinue | Should -HaveCount 1
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failed, $Value | Restart-MJTask -WarningAction Ignore -ErrorVariable problems -ErrorAction SilentlyContinue | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }

    It 'refuses one task for several records' {
        $failed = New-FailedTask { Invoke-MJRetexture @own }
        1..2 | Restart-MJTask -Id $failed -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'MJ.InvalidParameter,*'
        (Get-GatewayCount $gateway).Creates | Should -Be 1
    }
}
