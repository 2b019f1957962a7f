# What a user sees on a screen of 100 columns.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --fail-job wreck'
    $job = '5d3c9b1e-0a52-4c1e-9d77-0c8f3f0b2a11'
    $shown = @{
        Task    = @(
            Invoke-MJUpscale -JobId $job -ImageNo 0 -Type V5_2x -Wait
            Invoke-MJUpscale -JobId wreck -ImageNo 1 -Type Creative -Wait -ErrorAction SilentlyContinue
            Invoke-MJDiffusion -Text 'a lighthouse --ar 16:9' -Wait)
        Session = @(Get-MJSession)
        Cost    = @(Measure-MJCost -By Type)
    }
    $shown.File = @($shown.Task[0] | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'out')))
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe '<View> of a <Kind>' -ForEach @(
    foreach ($view in 'Format-Table', 'Format-List', 'Format-Wide') { foreach ($kind in 'Task', 'Session', 'Cost', 'File') { @{ View = $view; Kind = $kind } } }
) {
    BeforeAll {
        $lines = $shown[$Kind] | & $View | Out-String -Width 100 -Stream
        # Colours take no room.
        $lines = $lines -replace '\x1b\[[\d;]*m'
    }

    It 'fits' {
        $lines | Where-Object { $_.Length -gt 100 } | Should -BeNullOrEmpty
    }

    It 'has a row or more for each' {
        @($lines | Where-Object { $_.Trim() }).Count | Should -BeGreaterOrEqual 1
        $lines -join '' | Should -Not -Match 'MidJourney\.\w'
    }
}

Describe 'On a screen of 80 columns' {
    It 'the table of <Kind>s fits, up to <Last>' -ForEach @(
        @{ Kind = 'Task'; Last = 'Cost' }
        @{ Kind = 'Cost'; Last = 'Cost' }
        @{ Kind = 'File'; Last = '\S+' }
    ) {
        $lines = @($shown[$Kind] | Format-Table | Out-String -Width 80 -Stream) -replace '\x1b\[[\d;]*m'
        $lines | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        $lines | Where-Object { $_ -match "^(Id|Group|Name) .*\b$Last *$" } | Should -HaveCount 1
        if ($Kind -ne 'File') { $lines | Where-Object { $_ -match '\$0\.050 *$' } | Should -Not -BeNullOrEmpty }
    }
}

Describe 'The table of tasks' {
    BeforeAll {
        # Without ages, which go on meanwhile.
        function Get-Line($Shown) { $Shown | Out-String -Width 100 -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' -replace ' +\d+[smh] ', ' ' } }
    }

    It 'tells state, origin, age, cost and result of each' {
        $rows = $shown.Task | Format-Table | Out-String -Width 100 -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' } | Where-Object { $_.Trim() }
        $rows[0] | Should -Match '^Id +Status +Done Type +SourceJob +Img +Age +Cost Result *$'
        $rows[2] | Should -Match '^\w{20} Completed +100% V5_2x +5d3c9b1e-\S+ +0 +\d+[smh] +\$0\.050 http'
        $rows[3] | Should -Match '^\w{20} Failed +Creative wreck +1 +\d+[smh] +the '
    }

    It 'is what is shown without a word of how' {
        (Get-Line $shown.Task) | Should -Be (Get-Line ($shown.Task | Format-Table))
    }

    It 'is that of tasks from a file, too' {
        $path = [IO.Path]::Combine($TestDrive, 'tasks.xml')
        $shown.Task | Export-Clixml $path
        (Get-Line (Import-Clixml $path)) | Should -Be (Get-Line $shown.Task)
    }
}

Describe 'The list of a task' {
    It 'has the addresses and the money in full' {
        $text = $shown.Task[0] | Format-List | Out-String -Width 200
        $text | Should -Match "(?m)^Url +: $([regex]::Escape($shown.Task[0].Url))\s*$"
        $text | Should -Match '(?m)^Cost +: \$0\.050\s*$'
    }
}
