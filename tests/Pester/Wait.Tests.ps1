# Wait-MJTask and Get-MJTask: what they return, in what order, and what ends them.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
    function Set-Delay([int] $Milliseconds) { Set-GatewayOption @{ answerDelay = $Milliseconds } }
    function New-Task([int] $Count) { 1..$Count | ForEach-Object { "j$_" } | Invoke-MJUpscale -ImageNo 0 -Type Creative }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Wait-MJTask' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'returns each task once, with its result and its origin' {
        $tasks = New-Task 30
        $done = $tasks | Wait-MJTask
        $done | ForEach-Object { "$($_.Id) $($_.SourceJobId)" } | Sort-Object | Should -Be ($tasks | ForEach-Object { "$($_.Id) $($_.SourceJobId)" } | Sort-Object)
        foreach ($task in $done) {
            $task.Status, $task.UpscaleType, $task.Cost | Should -Be 'Completed', 'Creative', 0.05
            $task.Url | Should -BeLike "$($gateway.BaseUri)/*"
            $task.JobId | Should -Not -BeNullOrEmpty
        }
    }

    It 'returns a finished task before its input has ended' {
        $id = (New-Task 1).Id
        $seen = [Collections.Generic.List[string]]::new()
        & { foreach ($time in 1..5000) { $seen.Add('in'); $id; if ($seen.Contains('out')) { break }; Start-Sleep -Milliseconds 10 } } | Wait-MJTask | ForEach-Object { $seen.Add('out') }
        $seen.IndexOf('out') | Should -BeGreaterThan 0
        $seen.Count | Should -BeLessThan 5001
    }

    It 'returns failed tasks, each with an error of its kind' {
        $codes = [ordered] @{ '8004005098' = 'GenerationFailed'; '8004005099' = 'ProviderUnavailable'; '110001' = 'ContentRefused'; '190000' = 'TaskFailed' }
        $shapes = @{}
        foreach ($code in $codes.Keys) { $shapes["bad$code"] = @{ failure = @{ code = $code; message = 'no luck' } } }
        Set-Shape @{ jobs = $shapes }
        $done = @($shapes.Keys) + 'good' | Invoke-MJUpscale -ImageNo 0 -Type 0 | Wait-MJTask -ErrorVariable problems -ErrorAction SilentlyContinue
        $done.Status | Group-Object | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" } | Should -Be 'Completed 1', 'Failed 4'
        $problems | Should -HaveCount 4
        foreach ($problem in $problems) {
            $code = $problem.TargetObject.Error.Code
            $problem | Get-ErrorId | Should -Be "MJ.$($codes[$code])"
            "$problem" | Should -BeLike '*no luck*'
            "$problem" | Should -BeLike "*$code*"
            [object]::ReferenceEquals($problem.TargetObject, ($done | Where-Object Id -EQ $problem.TargetObject.Id)) | Should -BeTrue
        }

        # To read a failed task is to see it end, too.
        $id = ($done | Where-Object SourceJobId -EQ bad8004005098).Id
        $read = Invoke-Line { Get-MJTask $id }
        "$($read.ErrorIds) $($read.Output.Status)" | Should -Be 'MJ.GenerationFailed Failed'
    }

    It 'reports a refused read after one request, and the others go on' {
        $refused = [ordered] @{ 402 = 'InsufficientBalance'; 403 = 'Forbidden'; 404 = 'TaskNotFound' }
        $ids = (New-Task 4).Id
        # A task that was accepted a moment ago is read again after 404.
        $null = $ids | Get-MJTask
        Get-MJSession | Remove-MJSession
        $null = New-MJSession -NoJournal
        foreach ($status in 402, 403, 404) { Add-Fault @{ operation = 'read'; taskId = $ids[[array]::IndexOf(@($refused.Keys), $status)]; kind = 'status'; status = $status } }
        $done = $ids | Wait-MJTask -ErrorVariable problems -ErrorAction SilentlyContinue
        $done.Id | Should -Be $ids[3]
        $problems | Get-ErrorId | Sort-Object | Should -Be 'MJ.Forbidden', 'MJ.InsufficientBalance', 'MJ.TaskNotFound'
        (Get-Emulated tasks | Where-Object id -NE $ids[3]).reads | Should -Be 2, 2, 2
    }

    It 'ends with the first task that ends, with -Any' {
        Set-Shape @{ jobs = @{ never = @{ duration = 'never' } } }
        $first = 'never', 'quick' | Invoke-MJUpscale -ImageNo 0 -Type Standard | Wait-MJTask -Any
        $first.SourceJobId, $first.Status | Should -Be 'quick', 'Completed'
    }

    It 'reads a task no sooner than -PollIntervalSec after its last read' {
        $often, $once = (New-Task 2).Id
        # At first both are running; one may be read again soon, the other only in ten minutes.
        foreach ($id in $often, $once) {
            $answer = @{ id = $id; status = 'in_progress' } | ConvertTo-Json
            Add-Fault @{ operation = 'read'; taskId = $id; kind = 'status'; status = 200; text = $answer; contentType = 'application/json'; times = 1 }
        }
        (Wait-MJTask $often -PollIntervalSec 0.1).Status | Should -Be Completed
        Wait-MJTask $once -TimeoutSec 2 -PollIntervalSec 600 -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems | Get-ErrorId | Should -Be 'MJ.WaitTimeout'
        (Get-Emulated tasks | Where-Object id -EQ $once).reads | Should -Be 1
    }
}

Describe 'Get-MJTask' {
    BeforeAll {
        Reset-TestGateway $gateway
        $ids = (New-Task 60).Id
    }

    AfterEach {
        Clear-Fault
        Set-Delay 0
    }

    It 'reads each task once, as many at a time as -ThrottleLimit allows, and returns them in the order of the input' {
        Add-Fault @{ operation = 'read'; taskId = $ids[0]; kind = 'delay'; delay = 300 }
        Set-Delay 20
        $null = New-MJSession -ThrottleLimit 4
        $before = (Get-GatewayCount $gateway).Reads
        ($ids | Get-MJTask).Id | Should -Be $ids
        $counts = Get-GatewayCount $gateway
        $counts.Reads - $before | Should -Be 60
        $counts.MaxReadsInFlight | Should -Be 4
        $null = $ids | Wait-MJTask
        (Get-GatewayCount $gateway).MaxReadsInFlight | Should -Be 4
    }

    It 'never advises to pay again where a read fails: <_>' -ForEach 400, 402, 403, 410 {
        Add-Fault @{ operation = 'read'; kind = 'status'; status = $_ }
        Get-MJTask x -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*Do not submit it again*'
    }
}
