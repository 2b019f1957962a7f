# What goes wrong, and how a script goes on from there.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --fail-job wreck'
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe '-ErrorAction Stop' {
    It 'ends the script at a record that cannot be right, and pays nothing for it' {
        $before = (Get-GatewayCount $gateway).Creates
        $problem = { Invoke-MJUpscale -JobId pier -ImageNo 7 -Type Standard -ErrorAction Stop } | Should -Throw -ErrorId 'MJ.InvalidImageNumber*' -PassThru
        $problem.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        (Get-GatewayCount $gateway).Creates | Should -Be $before
    }

    It 'ends the script at a task that failed, which is the target of the error' {
        $problem = { Invoke-MJUpscale -JobId wreck -ImageNo 0 -Type Standard -Wait -ErrorAction Stop } | Should -Throw -ErrorId 'MJ.GenerationFailed*' -PassThru
        $problem.TargetObject.SourceJobId | Should -Be 'wreck'
        $problem.TargetObject.Error.Code | Should -Be '8004005098'
    }
}

Describe 'A wait that is over too early' {
    It 'goes on from the targets of its errors, without making anything again' {
        $before = (Get-GatewayCount $gateway).TasksMade
        $tasks = Invoke-MJUpscale -JobId harbour -ImageNo 0, 1 -Type Standard
        # Until further notice the tasks are running, whoever asks.
        foreach ($task in $tasks) {
            $answer = @{ id = $task.Id; status = 'in_progress' } | ConvertTo-Json
            Add-Fault @{ operation = 'read'; taskId = $task.Id; kind = 'status'; status = 200; text = $answer; contentType = 'application/json' }
        }

        $early = $tasks | Wait-MJTask -TimeoutSec 1 -ErrorVariable problems -ErrorAction SilentlyContinue
        $early | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId -replace ',.*' | Should -Be 'MJ.WaitTimeout', 'MJ.WaitTimeout'
        $problems.TargetObject.Status | Should -Be 'InProgress', 'InProgress'

        Clear-Fault
        $late = $problems | ForEach-Object TargetObject | Wait-MJTask
        $late.Status | Should -Be 'Completed', 'Completed'
        $late | ForEach-Object { "$($_.SourceJobId) $($_.SourceImageNo)" } | Sort-Object | Should -Be 'harbour 0', 'harbour 1'
        (Get-GatewayCount $gateway).TasksMade | Should -Be ($before + 2)
    }
}
