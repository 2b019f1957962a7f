# What was paid once is not paid again, whatever happened in between.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway
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

    It 'does not make again what may have been made, until it is told to' {
        $fault = @{ operation = 'create'; kind = 'cutAfter'; times = 1 } | ConvertTo-Json
        $null = Invoke-RestMethod "$($gateway.BaseUri)/_emulator/faults" -Method Post -Body $fault -ContentType application/json
        $jobs[0] | Invoke-MJUpscale -ErrorVariable lost -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $lost.FullyQualifiedErrorId | Should -BeLike 'MJ.SubmitOutcomeUnknown,*'
        (Get-MJTask -Status OutcomeUnknown).SourceJobId | Should -Be 'job1'

        $jobs[0] | Invoke-MJUpscale -SkipSubmitted -ErrorVariable lost -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $lost.FullyQualifiedErrorId | Should -BeLike 'MJ.SubmitOutcomeUnknown,*'
        (Get-GatewayCount $gateway).Creates | Should -Be 1

        ($jobs[0] | Invoke-MJUpscale -SkipSubmitted -RetryUnknown).SourceJobId | Should -Be 'job1'
        (Get-GatewayCount $gateway).Creates | Should -Be 2
    }
}

Describe 'Get-MJTask without an id' {
    BeforeAll {
        Reset-TestGateway $gateway
        $null = $jobs | Invoke-MJUpscale | Select-Object -Skip 1 | Wait-MJTask
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

    It 'finds what there is still to wait for' {
        $left = Get-MJTask -Status InProgress, Pending | Wait-MJTask
        $left.Status | Should -Be 'Completed'
        @(Get-MJTask -Status Completed).Count | Should -Be 6
    }
}
