# What was accepted and has not come out of a pipeline is in the property Undelivered of its session.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --fail-job wreck'
    function Get-Row([int] $Count) { 1..$Count | ForEach-Object { [pscustomobject] @{ JobId = "job$_"; ImageNo = 0; Type = 'Standard' } } }
    function Set-Duration([string] $Seconds) {
        Set-GatewayOption @{ duration = $Seconds }
    }

    # Answers to what was on its way may come after a pipeline's end.
    function Wait-Answer {
        for ($look = 0; $look -lt 600 -and ((Get-GatewayCount $gateway).InFlight -gt 0 -or (Get-MJSession).InFlight -gt 0); $look++) { Start-Sleep -Milliseconds 50 }
        Start-Sleep -Milliseconds 50
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Undelivered, <Journal>' -ForEach @{ Journal = 'with a journal'; NoJournal = $false }, @{ Journal = 'without a journal'; NoJournal = $true } {
    BeforeEach {
        Reset-TestGateway $gateway
        $null = New-MJSession -NoJournal:$NoJournal
    }

    It 'is empty after <_>' -ForEach @(
        'Get-Row 20 | Invoke-MJUpscale'
        'Get-Row 20 | Invoke-MJUpscale | Wait-MJTask'
        'Get-Row 20 | Invoke-MJUpscale -Wait'
        'Get-Row 20 | Invoke-MJUpscale | Get-MJTask'
        'Get-Row 20 | Invoke-MJUpscale -Wait | Get-MJTask | Wait-MJTask'
        'Invoke-MJUpscale -JobId wreck -ImageNo 0, 1 -Type Standard -Wait -ErrorAction SilentlyContinue'
        '$t = Get-Row 5 | Invoke-MJUpscale; $null = $t | Wait-MJTask; $t, $t | Wait-MJTask'
        'Get-MJTask nothing, "d758n65e878c73cmdg20" -ErrorAction SilentlyContinue; Wait-MJTask nothing -ErrorAction SilentlyContinue'
    ) {
        $null = & ([scriptblock]::Create($_))
        (Get-MJSession).Undelivered | Should -BeNullOrEmpty
    }

    It 'holds what has not come out of <Script>' -ForEach @(
        @{ Script = 'Invoke-MJUpscale | Wait-MJTask | Select-Object -First 1' }
        @{ Script = 'Invoke-MJUpscale -Wait | Select-Object -First 1' }
        @{ Script = 'Invoke-MJUpscale | Get-MJTask | Select-Object -First 1' }
        @{ Script = 'Invoke-MJUpscale | Wait-MJTask -Any' }
        @{ Script = 'Invoke-MJUpscale | Wait-MJTask | Get-MJTask | Select-Object -First 1' }
        @{ Script = 'Invoke-MJUpscale | ForEach-Object { $_ } | Wait-MJTask | Where-Object Id | Select-Object -First 1' }
    ) {
        $first = Get-Row 30 | & ([scriptblock]::Create("`$input | $Script"))
        $first | Should -HaveCount 1
        Wait-Answer
        $made = (Get-GatewayCount $gateway).TasksMade
        $held = (Get-MJSession).Undelivered
        $held.Id | Should -Not -Contain $first.Id
        $held | Should -HaveCount ($made - 1)
        $rest = (Get-MJSession).Undelivered | Wait-MJTask
        $rest.SourceJobId | Sort-Object | Should -Be (@($held.SourceJobId) | Sort-Object)
        $rest.Status | Sort-Object -Unique | Should -Be 'Completed'
        (Get-MJSession).Undelivered | Should -BeNullOrEmpty
    }

    It 'holds what <Script> was writing when something downstream threw' -ForEach @(
        @{ Script = 'Invoke-MJUpscale' }
        @{ Script = 'Invoke-MJUpscale -Wait' }
        @{ Script = 'Invoke-MJUpscale | Wait-MJTask' }
        @{ Script = 'Invoke-MJUpscale | Get-MJTask' }
        @{ Script = 'Invoke-MJUpscale | Wait-MJTask | Get-MJTask' }
    ) {
        { Get-Row 30 | & ([scriptblock]::Create("`$input | $Script | ForEach-Object { throw 'enough' }")) } | Should -Throw 'enough'
        Wait-Answer
        (Get-MJSession).Undelivered | Should -HaveCount (Get-GatewayCount $gateway).TasksMade
        (Get-MJSession).Undelivered | Wait-MJTask | Should -HaveCount (Get-GatewayCount $gateway).TasksMade
        (Get-MJSession).Undelivered | Should -BeNullOrEmpty
    }

    It 'holds a task whose wait timed out' {
        Set-Duration never
        try { $tasks = Get-Row 3 | Invoke-MJUpscale }
        finally { Set-Duration 0.02 }
        $tasks | Wait-MJTask -TimeoutSec 1 -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failed | Should -HaveCount 3
        (Get-MJSession).Undelivered.Id | Should -Be $tasks.Id
        # To look at a task that runs is not to take it.
        (Get-MJSession).Undelivered | Get-MJTask | Should -HaveCount 3
        (Get-MJSession).Undelivered.Id | Should -Be $tasks.Id
    }

    It 'holds what a pipeline has taken in and not read, with -ErrorAction Stop' {
        { Get-Row 10 | Invoke-MJUpscale | ForEach-Object { if ($_.SourceJobId -eq 'job5') { [pscustomobject] @{ Id = '' } } else { $_ } } | Wait-MJTask -ErrorAction Stop } | Should -Throw -ErrorId 'MJ.InvalidTaskId,*'
        Wait-Answer
        $held = (Get-MJSession).Undelivered
        ($held | Wait-MJTask).Id | Sort-Object | Should -Be ($held.Id | Sort-Object)
        $held.Count | Should -BeGreaterThan 3
        (Get-MJSession).Undelivered | Should -BeNullOrEmpty
    }

    It 'holds what was on its way when a record was invalid, with -ErrorAction Stop<_>' -ForEach '', ' -Wait' {
        Set-GatewayOption @{ answerDelay = 100 }
        try {
            $null = New-MJSession -NoJournal:$NoJournal -ThrottleLimit 8
            $rows = foreach ($i in 1..40) { [pscustomobject] @{ JobId = "job$i"; ImageNo = $(if ($i -eq 20) { 9 } else { 0 }); Type = 0 } }
            $run = Invoke-Line "`$rows | Invoke-MJUpscale -ErrorAction Stop$_"
            Wait-Answer
        }
        finally { Set-GatewayOption @{ answerDelay = 0 } }
        $run.Thrown | Get-ErrorId | Should -Be 'MJ.InvalidImageNumber'
        $held = (Get-MJSession).Undelivered
        @($held) + $run.Output | ForEach-Object Id | Sort-Object -Unique | Should -Be ((Get-Emulated tasks).id | Sort-Object)
        $held | Wait-MJTask | Should -HaveCount @($held).Count
    }

    It 'is still there when its session is removed' {
        Set-Shape @{ default = @{ duration = 'never' } }
        $session = Get-MJSession
        $run = Invoke-Line { 1..3 | ForEach-Object { Invoke-MJUpscale -JobId "job$_" -ImageNo 0 -Type 0; if ($_ -eq 3) { Remove-MJSession } } | Wait-MJTask }
        $run.Thrown | Get-ErrorId | Should -Be 'MJ.SessionEnded'
        $session.Undelivered.Id | Sort-Object | Should -Be ((Get-Emulated tasks).id | Sort-Object)
    }

    It 'holds what could not be read, with one error' {
        $tasks = Get-Row 5 | Invoke-MJUpscale
        Add-Fault @{ operation = 'read'; kind = 'status'; status = 401 }
        $tasks | Get-MJTask -ErrorVariable failed -WarningAction SilentlyContinue -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failed | Should -HaveCount 1
        (Get-MJSession).Undelivered.Id | Sort-Object | Should -Be ($tasks.Id | Sort-Object)
        Clear-Fault
        (Get-MJSession).Undelivered | Wait-MJTask | Should -HaveCount 5
        (Get-MJSession).Undelivered | Should -BeNullOrEmpty
    }

    It 'is in the order of acceptance, and knows where each task came from' {
        $tasks = foreach ($i in 0..3) { Invoke-MJUpscale -JobId harbour -ImageNo $i -Type Creative }
        $null = $tasks | Wait-MJTask -Any
        $held = (Get-MJSession).Undelivered
        $held.SourceImageNo | Should -Be ($held.SourceImageNo | Sort-Object)
        $held.UpscaleType | Sort-Object -Unique | Should -Be 'Creative'
        $held[0].BaseUri | Should -Be $gateway.BaseUri
    }
}

Describe 'Tasks of several sessions' {
    BeforeEach {
        Reset-TestGateway $gateway
        $a = New-MJSession -NoJournal
        $b = New-MJSession -NoJournal
        $tasks = @(Invoke-MJUpscale -JobId one -ImageNo 0, 1 -Type Standard -Session $a; Invoke-MJUpscale -JobId two -ImageNo 0, 1 -Type Standard)
    }

    It 'are undelivered where they were waited for' {
        $first = $tasks | Wait-MJTask | Select-Object -First 1
        $rest = $tasks.Id | Where-Object { $_ -ne $first.Id } | Sort-Object
        @($a.Undelivered.Id) + @($b.Undelivered.Id) | Where-Object { $_ } | Sort-Object | Should -Be $rest
        $a.Undelivered.SourceJobId | Select-Object -Unique | Should -BeIn 'one', $null
        (Get-MJSession -All).Undelivered | Wait-MJTask | Should -HaveCount 3
        (Get-MJSession -All).Undelivered | Should -BeNullOrEmpty
    }

    It 'leave the list of the session that they came from when another one delivers them' {
        $null = $tasks | Wait-MJTask | Select-Object -First 1
        $held = @($a.Undelivered) + @($b.Undelivered)
        $held | Wait-MJTask -Session (New-MJSession -NoJournal) | Should -HaveCount 3
        (Get-MJSession -All).Undelivered | Should -BeNullOrEmpty
    }
}

Describe 'Undelivered where there is no session' {
    It 'leads to the journal: <_>' -ForEach '(Get-MJSession).Undelivered | Wait-MJTask', '(Get-MJSession).Undelivered | Get-MJTask', 'Wait-MJTask $null' {
        Get-MJSession -All | Remove-MJSession
        $run = Invoke-Line $_
        $run.ErrorIds | Should -Be 'MJ.InvalidTaskId'
        "$($run.Errors[0])" | Should -BeLike '*Get-MJTask | Wait-MJTask*'
    }
}
