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

    It 'is not what a row with a job ID and a status of its own is' {
        $good = Invoke-MJDiffusion 'a lighthouse' -Wait
        [pscustomobject] @{ JobId = $good.JobId; Status = 'failed' } | Invoke-MJUpscale -ImageNo 0 -Type Creative | Should -HaveCount 1
    }
}
