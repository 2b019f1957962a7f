# What a user sees on a screen of 100 columns, or of 80 and 120.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --fail-job wreck'
    $job = '5d3c9b1e-0a52-4c1e-9d77-0c8f3f0b2a11'
    $shown = @{
        Task    = @(
            Invoke-MJUpscale -JobId $job -ImageNo 0 -Type V5_2x -Wait
            Invoke-MJUpscale -JobId wreck -ImageNo 1 -Type Creative -Wait -ErrorAction SilentlyContinue
            Invoke-MJDiffusion -Text 'a lighthouse --ar 16:9' -Wait
            [MidJourney.MJTask] @{ Id = 'd758n65e878c73cmdg20'; Status = 'Completed'; IsKnown = $true })
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
        @{ Kind = 'File'; Last = 'Name' }
    ) {
        $lines = @($shown[$Kind] | Format-Table | Out-String -Width 80 -Stream) -replace '\x1b\[[\d;]*m'
        $lines | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        $lines | Where-Object { $_ -match "^(Id|Group|Task) .*\b$Last *$" } | Should -HaveCount 1
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
        $rows[2] | Should -Match '^\w{20} Completed +100% V5_2x +5d3c9b1e\S +0 +\d+[smh] +\$0\.050 http'
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

# Such tasks come out of a create that would have paid again for the same work.
Describe 'A task that was known before' {
    BeforeAll {
        $known = foreach ($status in 'Completed', 'InProgress', 'Failed') {
            [MidJourney.MJTask] @{ Id = 'd758n65e878c73cmdg20'; Status = $status; SourceJobId = $job; SourceImageNo = 0; UpscaleType = 'Creative'; IsKnown = $true }
        }
        $copies = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($known, 5))
    }

    It 'says so beside its status, at <Width> columns, also where it comes from a file' -ForEach @(@{ Width = 80 }, @{ Width = 120 }) {
        foreach ($tasks in $known, $copies) {
            $rows = $tasks | Out-String -Width $Width -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' } | Where-Object { $_.Trim() }
            $rows[0] | Should -Match '^Id +Status +Done Type +SourceJob +Img +Age +Cost\b'
            $rows[2] | Should -Match '^\w{20} Completed, known +Creative 5d3c9b1e\S +0\b'
            $rows[3] | Should -Match '^\w{20} InProgress, known +Creative 5d3c9b1e\S +0\b'
            $rows[4] | Should -Match '^\w{20} Failed, known +Creative 5d3c9b1e\S +0\b'
            $rows | Where-Object { $_.Length -gt $Width } | Should -BeNullOrEmpty
        }
    }

    It 'says so in the wide view, and in the list as IsKnown' {
        "$($known[1] | Format-Wide | Out-String -Width 80)" -replace '\x1b\[[\d;]*m' | Should -Match '\w{20} InProgress, known'
        $list = $known[0] | Format-List | Out-String -Width 80 -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' }
        $list | Should -Contain 'Status        : Completed'
        $list | Should -Contain 'IsKnown       : True'
    }

    It 'keeps its status free of it' {
        $known.Status | Should -Be 'Completed', 'InProgress', 'Failed'
        "$($shown.Task | Where-Object IsKnown -eq $false | Out-String -Width 120)" | Should -Not -Match 'known'
    }
}

Describe 'In constrained language mode' {
    BeforeAll {
        # In a shell as a locked-down machine has it, with objects that were made before.
        function Get-ConstrainedLine($Shown, [string] $View, [int] $Width = 100) {
            $runspace = [runspacefactory]::CreateRunspace()
            $runspace.Open()
            $shell = [powershell]::Create()
            $shell.Runspace = $runspace
            try {
                $null = $shell.AddScript('param($Manifest) Import-Module $Manifest; $ExecutionContext.SessionState.LanguageMode = "ConstrainedLanguage"').AddArgument([IO.Path]::Combine($modules, 'MidJourney', 'MidJourney.psd1')).Invoke()
                $shell.Commands.Clear()
                $lines = $shell.AddScript("param(`$Shown, `$Width) `$Shown | $View | Out-String -Width `$Width -Stream").AddArgument($Shown).AddArgument($Width).Invoke()
                $shell.Streams.Error | Should -BeNullOrEmpty
                $lines | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' -replace ' +\d+[smh] ', ' ' } | Where-Object { $_.Trim() }
            }
            finally {
                $shell.Dispose()
                $runspace.Dispose()
            }
        }

        function Get-PlainLine($Shown, [string] $View, [int] $Width = 100) {
            $Shown | & $View | Out-String -Width $Width -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' -replace ' +\d+[smh] ', ' ' } | Where-Object { $_.Trim() }
        }

        $path = [IO.Path]::Combine($TestDrive, 'shown.xml')
        $shown | Export-Clixml $path -Depth 8
        $fromFile = Import-Clixml $path
    }

    It 'the table of a <Kind> shows the same, at <Width> columns' -ForEach @(
        foreach ($kind in 'Task', 'Session', 'Cost') { foreach ($width in 80, 120) { @{ Kind = $kind; Width = $width } } }
    ) {
        Get-ConstrainedLine $shown[$Kind] Format-Table $Width | Should -Be (Get-PlainLine $shown[$Kind] Format-Table $Width)
        Get-ConstrainedLine $fromFile[$Kind] Format-Table $Width | Should -Be (Get-PlainLine $shown[$Kind] Format-Table $Width)
    }

    It 'the wide view of a <_> shows the same' -ForEach 'Task', 'Session', 'Cost', 'File' {
        Get-ConstrainedLine $shown[$_] Format-Wide | Should -Be (Get-PlainLine $shown[$_] Format-Wide)
    }

    It 'the list of a task and the table of a file leave nothing out' {
        $list = Get-ConstrainedLine $shown.Task[0] Format-List
        $list | Should -Contain 'Status        : Completed'
        $list | Should -Contain 'Progress      : 100%'
        $list | Should -Contain 'Cost          : $0.050'
        $list -match '^CreatedAt +: \d{4}-' | Should -HaveCount 1
        Get-ConstrainedLine $shown.File Format-Table | Select-Object -Last 1 | Should -Match '^\w{20} +Saved +\d+ B \S+\.png$'
    }

    It 'is also that in which a task is made' {
        $script = '$ExecutionContext.SessionState.LanguageMode = "ConstrainedLanguage"; Invoke-MJUpscale -JobId locked -ImageNo 0 -Type Creative -Wait | Format-Table | Out-String -Width 100'
        $shell = [powershell]::Create()
        try {
            $text = $shell.AddScript($script).Invoke()
            $shell.Streams.Error | Should -BeNullOrEmpty
            "$text" | Should -Match 'Completed +100% Creative locked +0 +\d+s +\$0\.050 http'
        }
        finally {
            $shell.Dispose()
        }
    }
}

Describe 'The list of a task' {
    It 'has the addresses and the money in full' {
        $text = $shown.Task[0] | Format-List | Out-String -Width 200
        $text | Should -Match "(?m)^Url +: $([regex]::Escape($shown.Task[0].Url))\s*$"
        $text | Should -Match '(?m)^Cost +: \$0\.050\s*$'
    }
}
