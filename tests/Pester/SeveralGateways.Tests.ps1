# Several gateways and accounts in one shell: each task is read where it belongs.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --seed 1'
    $other = @{ Emulator = Start-Emulator '--api-key test --duration 0.02 --seed 2' }
    $other.BaseUri = $other.Emulator.BaseUri

    function Get-ReadCount { (Get-GatewayCount $gateway).Reads, (Get-GatewayCount $other).Reads -join ' ' }
    function Remove-Session { Get-MJSession -All | Remove-MJSession }
    $file = [IO.Path]::Combine($TestDrive, 'tasks')
}

AfterAll {
    Remove-Session
    Stop-Emulator $other.Emulator
    Stop-TestGateway $gateway
}

Describe 'A task of another gateway than the default one' {
    BeforeEach {
        Reset-TestGateway $gateway
        Reset-TestGateway (@{ BaseUri = $other.BaseUri; Folder = $gateway.Folder })
        $a = New-MJSession -BaseUri $other.BaseUri
        $null = New-MJSession
        $task = Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Standard -Session $a
    }

    It 'says which gateway has it' {
        $task.BaseUri | Should -Be $other.BaseUri
        (Invoke-MJUpscale -JobId harbour -ImageNo 0 -Type Standard).BaseUri | Should -Be $gateway.BaseUri
    }

    It 'is read there by <_>' -ForEach '$task | Wait-MJTask', '$task | Get-MJTask', 'Wait-MJTask $task', 'Get-MJTask $task', '$task | Wait-MJTask | Get-MJTask', '$task | Where-Object Id | Wait-MJTask -Any' {
        $done = & ([scriptblock]::Create($_))
        $done.Id | Should -Be $task.Id
        $done.BaseUri | Should -Be $other.BaseUri
        Get-ReadCount | Should -Match '^0 [1-9]'
    }

    It 'is read there after <Name>' -ForEach @(
        @{ Name = 'Clixml'; Trip = { $input | Export-Clixml $file; Import-Clixml $file } }
        @{ Name = 'JSON'; Trip = { $input | ConvertTo-Json -Depth 6 | ConvertFrom-Json } }
        @{ Name = 'CSV'; Trip = { $input | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv } }
        @{ Name = 'a choice of properties'; Trip = { $input | Select-Object Id, BaseUri } }
        @{ Name = 'a hashtable, with a slash at the end and capital letters'; Trip = { $input | ForEach-Object { @{ Id = $_.Id; BaseUri = $_.BaseUri.ToUpper() + '/' } } } }
        @{ Name = 'a job'; Trip = { Start-Job { $input } -InputObject @($input) | Receive-Job -Wait -AutoRemoveJob } }
    ) {
        $after = $task | & $Trip
        ($after | Wait-MJTask).Status | Should -Be 'Completed'
        ($after | Get-MJTask).BaseUri | Should -Be $other.BaseUri
        Get-ReadCount | Should -Match '^0 [2-9]'
    }

    It 'is read there from the list of its session' {
        Get-MJTask -Session $a | Wait-MJTask | Should -HaveCount 1
        $listed = Get-MJTask -Session $a
        $listed.BaseUri | Should -Be $other.BaseUri
        Get-MJTask | Should -BeNullOrEmpty
    }

    It 'is read there where no variable holds its session' {
        $task | Export-Clixml $file
        $task = $a = $null
        $null = New-MJSession -BaseUri $other.BaseUri
        $null = New-MJSession
        [GC]::Collect()
        (Import-Clixml $file | Wait-MJTask).Status | Should -Be 'Completed'
        Get-ReadCount | Should -Match '^0 [1-9]'
    }

    It 'is an error of its own with -Session of another gateway, by <_>' -ForEach 'Get-MJTask', 'Wait-MJTask', 'Save-MJOutput' {
        $done = $task | Wait-MJTask
        $own = Invoke-MJUpscale -JobId pier -ImageNo 0, 1 -Type Standard -Wait
        $before = Get-ReadCount
        # Save-MJOutput saves where it is called.
        Push-Location $TestDrive
        try { $written = @($own[0], $done, $own[1] | & $_ -Session (Get-MJSession) -ErrorVariable failed -ErrorAction SilentlyContinue) }
        finally { Pop-Location }
        $failed | Get-ErrorId | Should -Be 'MJ.InvalidTask'
        "$failed" | Should -BeLike "Task $($task.Id) belongs to $($other.BaseUri), but -Session connects to $($gateway.BaseUri)."
        $failed.ErrorDetails.RecommendedAction | Should -BeLike "Omit -Session*$($other.BaseUri)."
        $failed.TargetObject.Id | Should -Be $task.Id
        $written | Should -HaveCount 2
        (Get-ReadCount).Split(' ')[1] | Should -Be $before.Split(' ')[1]
        $failed.TargetObject | Get-MJTask | Should -HaveCount 1
    }

    It 'and the default one are waited for together, and read in the order of the input' {
        $own = Invoke-MJUpscale -JobId pier -ImageNo 0, 1 -Type Standard
        $mixed = @($own[0], $task, $own[1], [pscustomobject] @{ Id = $own[0].Id })
        $done = $mixed | Wait-MJTask
        $done | Should -HaveCount 3
        @($done | Where-Object BaseUri -eq $other.BaseUri).Id | Should -Be $task.Id
        ($mixed | Get-MJTask).Id | Should -Be $mixed.Id
        (Get-MJSession -All).Undelivered | Should -BeNullOrEmpty
    }

    It 'that has the same id as one of the default gateway is not mistaken for it' {
        $twins = 1, 2 | ForEach-Object { [pscustomobject] @{ Id = $task.Id; BaseUri = $(if ($_ -eq 1) { $other.BaseUri } else { $gateway.BaseUri }) } }
        $done = $twins | Wait-MJTask -ErrorVariable failed -ErrorAction SilentlyContinue
        $done.BaseUri | Should -Be $other.BaseUri
        $failed | Get-ErrorId | Should -Be 'MJ.TaskNotFound'
        $failed.TargetObject.BaseUri | Should -Be $gateway.BaseUri
    }

    It 'is an error of its own where no session connects to that gateway, by <_>' -ForEach 'Get-MJTask', 'Wait-MJTask' {
        Remove-MJSession $a
        $own = Invoke-MJUpscale -JobId pier -ImageNo 0, 1 -Type Standard
        $before = Get-ReadCount
        $own[0], $task, $own[1] | & $_ -ErrorVariable failed -ErrorAction SilentlyContinue | Should -HaveCount 2
        $failed | Get-ErrorId | Should -Be 'MJ.NoSession'
        "$failed" | Should -Be "Task $($task.Id) belongs to $($other.BaseUri), and no open session connects to that gateway."
        $failed.ErrorDetails.RecommendedAction | Should -BeLike "*New-MJSession -BaseUri '$($other.BaseUri)' -ApiKey*"
        (Get-ReadCount).Split(' ')[1] | Should -Be $before.Split(' ')[1]
        $null = New-MJSession -BaseUri $other.BaseUri
        $failed.TargetObject | Wait-MJTask | Should -HaveCount 1
    }

    It 'is an error of its own where there is no session at all' {
        Remove-Session
        $env:MIDJOURNEY_API_KEY = ''
        try { $task, $task | Get-MJTask -ErrorVariable failed -ErrorAction SilentlyContinue }
        finally { $env:MIDJOURNEY_API_KEY = 'test' }
        $failed | Get-ErrorId | Should -Be 'MJ.NoSession', 'MJ.NoSession'
        "$failed" | Should -BeLike "*belongs to $($other.BaseUri)*"
    }

    It 'is read with the session of the environment, which does not become the default, where that fits' {
        Remove-Session
        $default = New-MJSession
        $env:MIDJOURNEY_BASE_URI = $other.BaseUri
        try {
            ($task | Wait-MJTask).Status | Should -Be 'Completed'
            (Get-MJSession).BaseUri | Should -Be $default.BaseUri
        }
        finally {
            $env:MIDJOURNEY_BASE_URI = $gateway.BaseUri
        }
    }

    It 'whose address is <Text> is refused' -ForEach @{ Text = 'nowhere' }, @{ Text = 'ftp://host' }, @{ Text = 'https://user:secret@host' }, @{ Text = '/path' } {
        [pscustomobject] @{ Id = $task.Id; BaseUri = $Text } | Get-MJTask -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failed | Get-ErrorId | Should -Be 'MJ.InvalidTask'
        "$failed" | Should -Not -BeLike '*secret*'
        Get-ReadCount | Should -Be '0 0'
    }

    It 'whose address is empty is read at the default session' {
        $own = Invoke-MJUpscale -JobId pier -ImageNo 0 -Type Standard
        [pscustomobject] @{ Id = $own.Id; BaseUri = '' } | Wait-MJTask | Should -HaveCount 1
    }

    It 'is read there from what was left of it: <Name>' -ForEach @(
        @{ Name = 'a saved file'; Left = { $done | Save-MJOutput -Path $folder } }
        @{ Name = 'the metadata of one'; Left = { $null = $done | Save-MJOutput -Path $folder -WriteMetadata Json; Get-ChildItem $folder -Filter *.json | Get-Content -Raw | ConvertFrom-Json } }
    ) {
        $folder = [IO.Path]::Combine($TestDrive, [guid]::NewGuid())
        $done = $task | Wait-MJTask
        (& $Left | Get-MJTask).Id | Should -Be $task.Id
        Get-ReadCount | Should -Match '^0 '
    }

    It 'is read there from the error of a create whose answer was lost' {
        Add-Fault @{ operation = 'create'; kind = 'halfBody'; times = 1 } $other
        Invoke-MJUpscale -JobId mole -ImageNo 0 -Type Standard -Session $a -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed | Get-ErrorId | Should -Be 'MJ.SubmitOutcomeUnknown'
        $failed.TargetObject.BaseUri | Should -Be $other.BaseUri
        ($failed.TargetObject | Wait-MJTask).BaseUri | Should -Be $other.BaseUri
        Get-ReadCount | Should -Match '^0 '
    }

    It 'gets a fresh link from there when it is saved' {
        $done = $task | Wait-MJTask
        Add-Fault @{ operation = 'file'; kind = 'status'; status = 404; times = 1 } $other
        $before = Get-ReadCount
        $done | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, [guid]::NewGuid())) | Should -HaveCount 1
        $after = Get-ReadCount
        $after.Split(' ')[0] | Should -Be $before.Split(' ')[0]
        [int] $after.Split(' ')[1] | Should -BeGreaterThan ([int] $before.Split(' ')[1])
    }
}

Describe 'What a task says of its gateway' {
    It 'is the same after <Name>' -ForEach @(
        @{ Name = 'Clixml'; Trip = { $input | Export-Clixml $file; Import-Clixml $file } }
        @{ Name = 'JSON'; Trip = { $input | ConvertTo-Json -Depth 6 | ConvertFrom-Json } }
        @{ Name = 'CSV'; Trip = { $input | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv } }
        @{ Name = 'a job'; Trip = { Start-Job { $input } -InputObject @($input) | Receive-Job -Wait -AutoRemoveJob } }
    ) {
        Reset-TestGateway $gateway
        $null = New-MJSession -Account studio
        $done = Invoke-MJUpscale -JobId trip -ImageNo 0 -Type Standard -Wait
        $task = [MidJourney.MJTask] @{ Id = $done.Id; Status = 'InProgress'; BaseUri = $done.BaseUri; Account = 'studio'; IsKnown = $true; SubmissionId = 'abc' }
        $after = $task | & $Trip
        "$($after.BaseUri) $($after.Account) $($after.IsKnown) $($after.SubmissionId)" | Should -Be "$($gateway.BaseUri) studio True abc"
        $read = $after | Wait-MJTask
        $read | Should -BeOfType MidJourney.MJTask
        "$($read.BaseUri) $($read.Account) $($read.IsKnown)" | Should -Be "$($gateway.BaseUri) studio True"
    }

    It 'is shown where all properties are' {
        $task = [MidJourney.MJTask] @{ Id = 'a'; BaseUri = 'https://gateway.example.com'; Account = 'studio'; IsKnown = $true; SubmissionId = 'abc' }
        $lines = $task | Format-List -Property * | Out-String -Width 80 -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' }
        $lines -match '^(BaseUri|Account|IsKnown|SubmissionId) ' -replace ' +: ', '=' | Sort-Object | Should -Be 'Account=studio', 'BaseUri=https://gateway.example.com', 'IsKnown=True', 'SubmissionId=abc'
    }
}

Describe 'Tasks of two gateways in one pipeline' {
    BeforeEach {
        Reset-TestGateway $gateway
        Reset-TestGateway (@{ BaseUri = $other.BaseUri; Folder = $gateway.Folder })
        $b = New-MJSession -BaseUri $other.BaseUri -JournalPath ([IO.Path]::Combine($TestDrive, [guid]::NewGuid()))
        $null = New-MJSession
        $own = Invoke-MJUpscale -JobId a -ImageNo 0, 1, 2 -Type 0
        $others = Invoke-MJUpscale -JobId a -ImageNo 0, 1, 2 -Type 0 -Session $b
        $tasks = 0..2 | ForEach-Object { $own[$_], $others[$_] }
    }

    It 'go on at one gateway where the other refuses the key: <_>' -ForEach 'Wait-MJTask', 'Get-MJTask' {
        Add-Fault @{ operation = 'read'; kind = 'status'; status = 401 } $other
        $run = Invoke-Line "$_ `$tasks"
        $run.ErrorIds | Should -Be 'MJ.Unauthorized'
        $run.Warnings | Should -HaveCount 1
        $run.Output.Id | Sort-Object | Should -Be ($own.Id | Sort-Object)
        $b.Undelivered.Id | Sort-Object | Should -Be ($others.Id | Sort-Object)
        (Get-MJSession).Undelivered | Should -BeNullOrEmpty
    }

    It 'continue if the removed session has no waiting tasks: <_>' -ForEach 'Wait-MJTask', 'Get-MJTask' {
        $script:left = 3
        $done = & $_ $tasks | ForEach-Object { if ($_.BaseUri -eq $other.BaseUri -and --$script:left -eq 0) { Remove-MJSession $b }; $_ }
        $done | Should -HaveCount 6
        $b.IsOpen | Should -BeFalse
    }

    It 'end in the journals of their sessions' {
        $null = Wait-MJTask $tasks
        (Get-MJTask).Status | Should -Be 'Completed', 'Completed', 'Completed'
        (Get-MJTask -Session $b).Status | Should -Be 'Completed', 'Completed', 'Completed'
    }
}
