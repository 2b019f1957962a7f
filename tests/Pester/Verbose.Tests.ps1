# What -Verbose and -Debug tell.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 1'
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe '-Verbose' {
    BeforeEach {
        Reset-TestGateway $gateway
    }

    It 'tells every request and every repeat, and -Debug the schedule' {
        Add-Fault @{ operation = 'read'; kind = 'status'; status = 502; times = 1 }
        $run = Invoke-Line { $DebugPreference = 'Continue'; Invoke-MJUpscale job-7 -ImageNo 0 -Type Creative -Wait -Verbose }
        $id = $run.Output.Id
        $told = @($run.Verbose -match '^(#|Could not read task )')
        $told[0] | Should -Match '^#1 POST /model/v1/generation \(job job-7, image 0, type Creative\): HTTP 200 in [0-9]+ ms\.$'
        $told[1] | Should -Match "^#2 GET /model/v1/generation/task/${id}: HTTP 502 in [0-9]+ ms\.$"
        $told[2] | Should -Match "^Could not read task ${id} \(job \S+, image \d\): HTTP 502.*; retrying in "
        @($told -match '^#[0-9]+ ').Count | Should -Be @(Get-Emulated requests).Count
        $run.Debug -match "^Task $id at age [0-9.]+ s: next read in [0-9.]+ s \(typical duration not yet known; completed tasks seen: 0\)\.$" | Should -Not -BeNullOrEmpty
        $run.Debug -match '\(retry after a fault, or waiting for its URL\)\.$' | Should -Not -BeNullOrEmpty
    }

    It 'tells that a read is repeated' {
        $id = (Invoke-MJUpscale job-7 -ImageNo 0 -Type Creative).Id
        Add-Fault @{ operation = 'read'; kind = 'cutBefore'; times = 1 }
        (Invoke-Line { Get-MJTask $id -Verbose }).Verbose -match 'attempt 2' | Should -Not -BeNullOrEmpty
    }

    It 'tells what is not created again' {
        $task = Invoke-MJUpscale job-7 -ImageNo 0 -Type Creative
        (Invoke-Line { Invoke-MJUpscale job-7 -ImageNo 0 -Type Creative -SkipSubmitted -Verbose }).Verbose |
            Should -Contain "The journal already has task $($task.Id) for job job-7, image 0, type Creative, so it was not submitted again."
    }

    It 'tells where a file came from and where it is' {
        $task = Invoke-MJUpscale job-7 -ImageNo 0 -Type Creative -Wait
        (Invoke-Line { $task | Save-MJOutput -Path $TestDrive -Verbose }).Verbose -match '^http://127\.0\.0\.1:[0-9]+/files/.* saved as .*job-7_0_Creative_0\.png, [0-9.]+ k?B in [0-9]+ ms\.$' |
            Should -Not -BeNullOrEmpty
    }

    It 'is silent where it is not asked for' {
        $run = Invoke-Line { Invoke-MJUpscale job-7 -ImageNo 0 -Type Creative | Wait-MJTask }
        $run.Verbose + $run.Debug | Should -BeNullOrEmpty
    }
}
