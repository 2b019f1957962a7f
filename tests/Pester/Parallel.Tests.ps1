# Other processes and other threads.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, 'Examples.ps1'))
    $shared = @(Get-DocExample | Where-Object { $_.Code -match '\$using:|Start-(Thread)?Job|-Parallel' })
}

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Examples.ps1'))
    $gateway = Start-TestGateway
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Start-Job' {
    It 'hands over tasks that the next cmdlets take' {
        $job = Start-Job {
            Invoke-MJUpscale -JobId harbour -ImageNo 0, 1 -Type Creative
        }
        $tasks = $job | Receive-Job -Wait -AutoRemoveJob
        $tasks[0].PSObject.TypeNames | Should -Contain 'Deserialized.MidJourney.MJTask'
        $done = $tasks | Wait-MJTask
        $done.Status | Should -Be 'Completed', 'Completed'
        $done.SourceJobId | Should -Be 'harbour', 'harbour'
        ($done | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'job'))) | Should -HaveCount 2
    }

    It 'leaves in the journal what it made, so that nothing is paid twice' {
        $again = Invoke-MJUpscale -JobId harbour -ImageNo 0, 1 -Type Creative -SkipSubmitted
        $again | Should -HaveCount 2
        $again.Id | Sort-Object | Should -Be ((Get-MJTask).Id | Sort-Object)
        (Get-GatewayCount $gateway).Creates | Should -Be 2
    }
}

Describe 'ForEach-Object -Parallel' {
    It 'shares one session, and its limit, among all threads' {
        # Before the script block: Windows PowerShell does not know the parameter.
        if ($PSVersionTable.PSEdition -ne 'Core') {
            Set-ItResult -Skipped -Because 'ForEach-Object -Parallel is of PowerShell 7'
            return
        }

        Reset-TestGateway $gateway
        $session = New-MJSession -ThrottleLimit 3
        $tasks = 1..12 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Invoke-MJUpscale -JobId "job$_" -ImageNo 0 -Type Standard -Session $using:session
        }
        $tasks | Should -HaveCount 12
        $session.Accepted | Should -Be 12
        $counts = Get-GatewayCount $gateway
        $counts.TasksMade | Should -Be 12
        $counts.MaxInFlight | Should -BeLessOrEqual 3

        $read = $tasks | ForEach-Object -ThrottleLimit 8 -Parallel { $_ | Wait-MJTask -Session $using:session }
        $read.Id | Sort-Object | Should -Be ($tasks.Id | Sort-Object)
        $read.Status | Sort-Object -Unique | Should -Be 'Completed'
    }
}

Describe 'With a module that was imported by its path' {
    BeforeAll {
        $tasks = Invoke-MJUpscale -JobId tried -ImageNo 0, 1 -Type Standard -Wait
        $withModules = $env:PSModulePath
        $env:PSModulePath = $gateway.Before.PSModulePath
        $manifest = [IO.Path]::Combine($modules, 'MidJourney', 'MidJourney.psd1')
    }

    AfterAll {
        $env:PSModulePath = $withModules
    }

    It 'there are examples of it' -ForEach @{ Count = $shared.Count } {
        $Count | Should -BeGreaterThan 2
    }

    It '<Name> runs as it is pasted' -ForEach $shared {
        if (-not $Runs) {
            Set-ItResult -Skipped -Because 'ForEach-Object -Parallel is of PowerShell 7'
            return
        }

        $example = Start-DocExample "Import-Module '$manifest'`n$Code" $gateway $tasks
        try {
            Get-DocExampleError $example | Should -BeNullOrEmpty
        }
        finally {
            $example.Shell.Dispose()
        }
    }

    It 'a thread job runs the same' -Skip:($PSEdition -ne 'Core') {
        $example = Start-DocExample @"
Import-Module '$manifest'
`$session = New-MJSession
`$module = (Get-Command Get-MJTask).Module.ModuleBase
Start-ThreadJob { Import-Module `$using:module; Get-MJTask -Id '$($tasks[0].Id)' -Session `$using:session } | Receive-Job -Wait -AutoRemoveJob
"@ $gateway $tasks
        try {
            Get-DocExampleError $example | Should -BeNullOrEmpty
        }
        finally {
            $example.Shell.Dispose()
        }
    }
}

Describe 'Fifty runspaces over the same hundred jobs' {
    It 'make a hundred tasks, and each returns them all' -Skip:($PSEdition -ne 'Core') {
        Reset-TestGateway $gateway
        $session = New-MJSession
        $jobs = 1..100 | ForEach-Object { "parallel$_" }
        $shown = 1..50 | ForEach-Object -Parallel { $using:jobs | Invoke-MJUpscale -ImageNo 0 -Type 0 -Session $using:session } -ThrottleLimit 50 3>&1
        $said, $tasks = $shown.Where({ $_ -is [Management.Automation.WarningRecord] }, 'Split')
        $tasks.Count | Should -Be 5000
        $tasks.Id | Sort-Object -Unique | Should -HaveCount 100
        $counts = Get-GatewayCount $gateway
        "$($counts.Creates) $($counts.TasksMade)" | Should -Be '100 100'
        # One word for many commands, with a sum: at most one in ten seconds, however long it takes.
        @($said | Where-Object { "$_" -like 'Returned *' }).Count | Should -BeLessThan 25
    }
}
