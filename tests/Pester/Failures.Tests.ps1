# A failed task is one error in the whole pipeline, by the cmdlet that saw it end. After that it passes, and is counted.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway

    function New-FailedGrid { Invoke-MJDiffusion 'a broken harbour' -Wait -ErrorAction Ignore }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'A failed task' -Tag Smoke {
    BeforeEach {
        Reset-TestGateway $gateway
        Set-Shape @{ prompts = @{ 'a broken harbour' = @{ failure = @{ code = '8004005098'; message = 'it went wrong' } } } }
    }

    It 'is one error: <Line>' -ForEach @(
        "'a lighthouse', 'a broken harbour' | Invoke-MJDiffusion | Wait-MJTask | Invoke-MJUpscale -ImageNo 0 -Type Creative | Wait-MJTask"
        "'a lighthouse', 'a broken harbour' | Invoke-MJDiffusion -Wait | Wait-MJTask | Invoke-MJUpscale -ImageNo 0 -Type Creative -Wait | Wait-MJTask"
        "'a lighthouse', 'a broken harbour' | Invoke-MJDiffusion | Wait-MJTask | Get-MJTask | Wait-MJTask"
        "(('a lighthouse', 'a broken harbour' | Invoke-MJDiffusion).Id | Wait-MJTask) | Wait-MJTask"
    ) -Test {
        foreach ($run in 1..2) {
            $seen = Invoke-Line $_
            $seen.ErrorIds | Should -Be 'MJ.GenerationFailed' -Because "this is run $run"
        }
    }

    It 'that is refused by moderation is one error, in the first run and in the next' {
        Set-Shape @{ default = @{ failure = @{ code = 110001; message = 'refused by moderation' } } }
        foreach ($run in 1..2) {
            $seen = Invoke-Line { 'a lighthouse' | Invoke-MJDiffusion | Wait-MJTask | Invoke-MJUpscale -ImageNo 0 -Type Creative | Wait-MJTask }
            $seen.ErrorIds | Should -Be 'MJ.ContentRefused' -Because "this is run $run"
        }
    }

    It 'passes <Cmdlet> without a second error: <Name>' -ForEach @(
        foreach ($cmdlet in 'Wait-MJTask', 'Get-MJTask') {
            @{ Cmdlet = $cmdlet; Name = 'live'; Of = { $failed } }
            @{ Cmdlet = $cmdlet; Name = 'from Clixml'; Of = { $failed | Copy-Deserialized } }
            @{ Cmdlet = $cmdlet; Name = 'from JSON'; Of = { $failed | ConvertTo-Json -Depth 8 | ConvertFrom-Json } }
            @{ Cmdlet = $cmdlet; Name = 'from CSV'; Of = { $failed | ConvertTo-Csv | ConvertFrom-Csv } }
            @{ Cmdlet = $cmdlet; Name = 'a few columns of it'; Of = { $failed | Select-Object Id, Status | ConvertTo-Csv | ConvertFrom-Csv } }
            @{ Cmdlet = $cmdlet; Name = 'from the journal'; Of = { Get-MJTask -Status Failed } }
        }
    ) {
        $failed = New-FailedGrid
        foreach ($line in { & $Of | & $Cmdlet }, { & $Cmdlet -Id (& $Of) }) {
            $seen = Invoke-Line $line
            $seen.ErrorIds | Should -BeNullOrEmpty
            $seen.Output.Id, $seen.Output.Status | Should -Be $failed.Id, 'Failed'
        }
    }

    It 'is an error where the input does not show the failure: <Cmdlet>' -ForEach @(@{ Cmdlet = 'Wait-MJTask' }, @{ Cmdlet = 'Get-MJTask' }) {
        $failed = New-FailedGrid
        (Invoke-Line { $failed.Id | & $Cmdlet }).ErrorIds | Should -Be 'MJ.GenerationFailed'
        $before = $failed | Copy-Deserialized
        $before.Status = 'InProgress'
        (Invoke-Line { $before | & $Cmdlet }).ErrorIds | Should -Be 'MJ.GenerationFailed'
    }

    It 'is left out by what works on its images, in one warning that says how to go on: <Name>' -ForEach @(
        @{ Name = 'piped'; Line = { $failed, $good | Invoke-MJUpscale -ImageNo 0 -Type Creative } }
        @{ Name = 'from Clixml'; Line = { $failed, $good | Copy-Deserialized | Invoke-MJUpscale -ImageNo 0 -Type Creative } }
        @{ Name = 'from JSON'; Line = { $failed, $good | ForEach-Object { $_ | ConvertTo-Json -Depth 8 | ConvertFrom-Json } | Invoke-MJUpscale -ImageNo 0 -Type Creative } }
        @{ Name = 'from CSV'; Line = { $failed, $good | ConvertTo-Csv | ConvertFrom-Csv | Invoke-MJUpscale -ImageNo 0 -Type Creative } }
        @{ Name = 'a few columns'; Line = { $failed, $good | Select-Object Id, Status, JobId | Invoke-MJUpscale -ImageNo 0 -Type Creative } }
        @{ Name = 'an argument'; Line = { Invoke-MJUpscale -JobId $failed -ImageNo 0 -Type Creative; $good | Invoke-MJUpscale -ImageNo 0 -Type Creative } }
        @{ Name = 'a mixed array'; Line = { Invoke-MJUpscale -JobId $failed, $good, $good.JobId -ImageNo 0 -Type Creative } }
        @{ Name = 'a variation'; Line = { $failed, $good | Invoke-MJVariation -ImageNo 0 -Type Subtle } }
        @{ Name = 'any model'; Line = { Invoke-MJModel midjourney_pan @{ direction = 1 } -JobId $failed, $good -ImageNo 0 } }
        @{ Name = 'any model, an argument'; Line = { Invoke-MJModel midjourney_pan @{ direction = 1 } -JobId $failed; $good | Invoke-MJModel midjourney_pan @{ direction = 1 } } }
    ) {
        $failed = New-FailedGrid
        $good = Invoke-MJDiffusion 'a lighthouse' -Wait
        $seen = Invoke-Line $Line
        $seen.ErrorIds | Should -BeNullOrEmpty
        $seen.Output | Should -HaveCount 1
        $seen.Warnings | Should -Be 'Failed tasks skipped: 1. To submit them again, pipe them into Restart-MJTask.'
    }

    It 'is not what a running task is, whose job ID is to be waited for' {
        Set-Shape @{ default = @{ duration = 'never' } }
        $task = Invoke-MJDiffusion 'a pier'
        foreach ($line in { $task | Invoke-MJUpscale -ImageNo 0 -Type Creative }, { Invoke-MJUpscale -JobId $task -ImageNo 0 -Type Creative }) {
            $seen = Invoke-Line $line
            $seen.ErrorIds | Should -Be 'MJ.JobIdMissing'
            "$($seen.Errors)" | Should -Be "Task $($task.Id) has no job ID. Its status is InProgress."
            $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*put Wait-MJTask before this cmdlet.'
        }
    }

    It 'is not what a row with a job ID and a status of its own is' {
        $good = Invoke-MJDiffusion 'a lighthouse' -Wait
        [pscustomobject] @{ JobId = $good.JobId; Status = 'failed' } | Invoke-MJUpscale -ImageNo 0 -Type Creative | Should -HaveCount 1
    }
}

Describe 'The error of a failed task' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'names what the task was made from: <Name>' -ForEach @(
        @{ Name = 'a prompt'; Make = { Invoke-MJDiffusion "a broken`nharbour, in fog" }; Text = "Task {0} (prompt 'a broken harbour, in fog') failed: it went wrong (code 8004005098)." }
        @{ Name = 'a long prompt'; Make = { Invoke-MJDiffusion ('x' * 100) }; Text = "Task {0} (prompt '$('x' * 60)…') failed: it went wrong (code 8004005098)." }
        @{ Name = 'an image of a job'; Make = { Invoke-MJUpscale -JobId harbour -ImageNo 2 -Type Creative }; Text = 'Task {0} (job harbour, image 2) failed: it went wrong (code 8004005098).' }
        @{ Name = 'an own image'; Make = { Invoke-MJRetexture -ImgUrl https://example.com/a.png -RemixPrompt 'made of paper' }; Text = "Task {0} (prompt 'made of paper') failed: it went wrong (code 8004005098)." }
    ) {
        Set-Shape @{ default = @{ failure = @{ code = '8004005098'; message = 'it went wrong' } } }
        $task = & $Make
        "$((Invoke-Line { $task | Wait-MJTask }).Errors)" | Should -BeExactly ($Text -f $task.Id)
        "$((Invoke-Line { $task | Get-MJTask }).Errors)" | Should -BeExactly ($Text -f $task.Id)
    }

    It 'says how to submit it again, by a line that works for each of several' {
        Set-Shape @{ default = @{ failure = @{ code = '8004005098'; message = 'it went wrong' } } }
        $seen = Invoke-Line { 'a pier', 'a quay' | Invoke-MJDiffusion | Wait-MJTask }
        Set-Shape @{ default = @{} }
        foreach ($problem in $seen.Errors) {
            $line = $problem.ErrorDetails.RecommendedAction -replace '^Submit it again: (Restart-MJTask \S+ \| Wait-MJTask)\. .*', '$1'
            $again = & ([scriptblock]::Create($line))
            $again.Status, $again.Prompt | Should -Be 'Completed', $problem.TargetObject.Prompt
        }
    }

    It 'does not ask for money or another attempt where neither helps: <Word>' -ForEach @(
        @{ Word = 'CreditNotEnough'; Id = 'MJ.ProviderUnavailable'; Advice = '*adding funds to yours does not help*' }
        @{ Word = 'Account_Fee_Not_Enough'; Id = 'MJ.ProviderUnavailable'; Advice = '*adding funds to yours does not help*' }
        @{ Word = 'Job_ReUpscale_Not_Support'; Id = 'MJ.TaskFailed'; Advice = '*an upscale cannot be upscaled again*' }
        @{ Word = 'Server_Busy'; Id = 'MJ.ProviderUnavailable'; Advice = 'Submit it again later: Restart-MJTask *' }
    ) {
        Set-Shape @{ default = @{ rawReads = @("{""id"":""{id}"",""status"":""failed"",""error"":""$Word""}") } }
        $seen = Invoke-Line { Invoke-MJUpscale -JobId harbour -ImageNo 2 -Type Creative -Wait }
        $seen.ErrorIds | Should -Be $Id
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike $Advice
    }

    It 'at the create does not ask for money or stop the rest where the account is the provider''s: HTTP <Status>' -ForEach @(@{ Status = 402 }, @{ Status = 403 }, @{ Status = 400 }) {
        Add-Fault @{ operation = 'create'; kind = 'status'; status = $Status; message = 'No_More_Relax_Credit'; times = 1 }
        $seen = Invoke-Line { 'a', 'b', 'c' | Invoke-MJDiffusion }
        $seen.ErrorIds | Should -Be 'MJ.ProviderUnavailable'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*adding funds to yours does not help*'
        $seen.Output | Should -HaveCount 2
    }

    It 'at the create says that an upscale cannot be upscaled again' {
        Add-Fault @{ operation = 'create'; kind = 'status'; status = 403; message = 'Upscale_Not_Support'; times = 1 }
        $seen = Invoke-Line { Invoke-MJUpscale -JobId harbour -ImageNo 2 -Type Creative }
        $seen.ErrorIds | Should -Be 'MJ.GatewayRefused'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*an upscale cannot be upscaled again*'
    }

    It 'names what a task was made from, too, where it cannot be read or takes too long' {
        Set-Shape @{ default = @{ duration = 'never' } }
        $task = Invoke-MJDiffusion 'a pier'
        "$((Invoke-Line { $task | Wait-MJTask -TimeoutSec 1 }).Errors)" | Should -BeLike "Timed out after 1 s waiting for task $($task.Id) (prompt 'a pier'); status: in_progress*. The task continues at the gateway."
        $old = [pscustomobject] @{ Id = 'no-such-task'; Prompt = 'a quay' }
        "$((Invoke-Line { $old | Wait-MJTask }).Errors)" | Should -BeLike "The gateway has no task no-such-task (prompt 'a quay')*"
        "$((Invoke-Line { $old | Get-MJTask }).Errors)" | Should -BeLike "The gateway has no task no-such-task (prompt 'a quay')*"
    }
}
