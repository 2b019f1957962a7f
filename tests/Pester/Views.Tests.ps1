# What a user sees on a screen of 80, 100 or 120 columns.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --fail-job wreck'
    $job = '5d3c9b1e-0a52-4c1e-9d77-0c8f3f0b2a11'
    $shown = @{
        Task    = @(
            Invoke-MJUpscale -JobId $job -ImageNo 0 -Type V5_2x -Wait
            Invoke-MJUpscale -JobId wreck -ImageNo 1 -Type Creative -Wait -ErrorAction SilentlyContinue
            Invoke-MJDiffusion -Prompt 'a lighthouse --ar 16:9' -Wait
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
    BeforeAll {
        Set-Shape @{ jobs = @{ slow = @{ duration = 'never' } } }
        $running = Invoke-MJUpscale slow -ImageNo 2 -Type Standard | Get-MJTask
        function Get-Row($Shown) { @($Shown | Out-String -Width 80 -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' } | Where-Object { $_.Trim() }) }
    }

    It 'the table of tasks fits, also of tasks that were deserialized' {
        $tasks = @($shown.Task[0, 1]) + $running
        foreach ($rows in (Get-Row $tasks), (Get-Row ($tasks | Copy-Deserialized))) {
            $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
            $rows[0] | Should -Match '^Id +Status +Done Type +SourceJob +Img +Age +Cost *$'
            $rows[2] | Should -Match '^\w{20} Completed +100% V5_2x +5d3c9b1e. +0 +\d+[smh] +\$0\.050 *$'
            $rows[3] | Should -Match '^\w{20} Failed +Creative wreck +1 +\d+[smh] *$'
            $rows[4] | Should -Match '^\w{20} InProgress +\d+% Standard slow +2 +\d+[smh] *$'
        }
    }

    It 'the table of files fits' {
        $rows = Get-Row $shown.File
        $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        $rows[0].Trim() | Should -Match '^Folder: '
        $rows[1] | Should -Match '^Task +State +Size Name *$'
        $rows[3] | Should -Match '^\w{20} saved +\d+ B 5d3c9b1e-0a52-4c1e-'
    }

    It 'the table of costs fits' {
        $rows = Get-Row $shown.Cost
        $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        $rows[0] | Should -Match '^Group +Tasks Failed +Open Unpriced +Mean +Cost *$'
        $rows -match '^V5_2x +1 +0 +0 +0 +\$0\.050 +\$0\.050 *$' | Should -HaveCount 1
    }

    It 'the list of a session fits' {
        $rows = Get-Row $shown.Session
        $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        $rows -match '^Accepted +: [34] *$' | Should -HaveCount 1
    }
}

Describe 'The status' {
    It 'is coloured where the screen can, and the columns behind it stand as they do without' -Skip:($PSEdition -ne 'Core') {
        $before = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'Ansi'
        try { $lines = @($shown.Task[0, 1] | Out-String -Width 80 -Stream) }
        finally { $PSStyle.OutputRendering = $before }
        "$lines" | Should -Match '\x1b\[32mCompleted\x1b\[0m'
        "$lines" | Should -Match '\x1b\[31;1mFailed\x1b\[0m'
        $plain = $lines -replace '\x1b\[[\d;]*m'
        $plain | Where-Object { $_.TrimEnd().Length -gt 80 } | Should -BeNullOrEmpty
        $completed, $failed = $plain -match 'Completed|Failed'
        $failed.IndexOf('Creative') | Should -Be $completed.IndexOf('V5_2x')
    }

    It 'is plain where <Name>' -ForEach @(
        @{ Name = 'there is no $PSStyle'; Style = $null; HasColors = $true }
        @{ Name = 'the screen has no colours'; Style = $PSStyle; HasColors = $false }
        @{ Name = 'plain text is asked for'; Style = [pscustomobject] @{ OutputRendering = 'PlainText' }; HasColors = $true }
    ) {
        [MidJourney.ViewText]::Status([pscustomobject] @{ Status = 'Failed' }, $Style, $HasColors) | Should -BeExactly 'Failed'
    }
}

Describe 'Numbers' {
    It '<Kind> of <Value> is shown as <Shown>' -ForEach @(
        @{ Kind = 'Money'; Value = [decimal] 0.05; Shown = '$0.050' }
        @{ Kind = 'Money'; Value = '0.0025'; Shown = '$0.0025' }
        @{ Kind = 'Money'; Value = 12345.6; Shown = '$12,345.600' }
        @{ Kind = 'Money'; Value = ''; Shown = $null }
        @{ Kind = 'Money'; Value = $null; Shown = $null }
        @{ Kind = 'Size'; Value = 999L; Shown = '999 B' }
        @{ Kind = 'Size'; Value = 1536L; Shown = '1.5 kB' }
        @{ Kind = 'Size'; Value = 2000000L; Shown = '2.0 MB' }
        @{ Kind = 'Size'; Value = 5GB; Shown = '5.4 GB' }
        @{ Kind = 'Percent'; Value = 0.996; Shown = '99%' }
        @{ Kind = 'Percent'; Value = 1.0; Shown = '100%' }
        @{ Kind = 'Percent'; Value = $null; Shown = $null }
        @{ Kind = 'Age'; Value = [DateTimeOffset]::UtcNow.AddHours(-3.5); Shown = '3h' }
        @{ Kind = 'Age'; Value = [DateTime]::UtcNow.AddDays(-400); Shown = '400d' }
        @{ Kind = 'Age'; Value = [DateTimeOffset]::UtcNow.AddHours(1); Shown = '0s' }
        @{ Kind = 'Age'; Value = $null; Shown = $null }
    ) {
        [MidJourney.ViewText]::$Kind($Value) | Should -BeExactly $Shown
    }
}

Describe 'The format file' {
    It 'has a table, a list and a wide view of each type, of properties that it has: <_>' -ForEach 'MJTask', 'MJSubmission', 'MJSession', 'MJCost', 'SavedFile' {
        $items = @{ MJTask = $shown.Task[0]; MJSession = $shown.Session[0]; MJCost = $shown.Cost[0]; SavedFile = $shown.File[0] }
        $pair = [Collections.Generic.KeyValuePair[string, object]]::new('jobId', 'j')
        $items.MJSubmission = [MidJourney.MJSubmission] @{ Model = 'm'; Parameters = [Collections.Generic.KeyValuePair[string, object][]] @($pair); SourceJobId = 'j' }
        $type, $item = $_, $items[$_]
        $item.PSObject.TypeNames | Should -Contain "MidJourney.$type"
        $format = [xml] [IO.File]::ReadAllText([IO.Path]::Combine($modules, 'MidJourney', 'MidJourney.Format.ps1xml'))
        $views = $format.SelectNodes("//View[ViewSelectedBy/TypeName='MidJourney.$type' and ViewSelectedBy/TypeName='Deserialized.MidJourney.$type']")
        @($views.Name | ForEach-Object { $_.Split('.')[-1] } | Sort-Object) | Should -Be 'List', 'Table', 'Wide'
        foreach ($node in $views | ForEach-Object { $_.SelectNodes('.//PropertyName') }) { $item.PSObject.Properties.Name | Should -Contain $node.InnerText }
        Set-StrictMode -Version Latest
        foreach ($node in $views | ForEach-Object { $_.SelectNodes('.//ScriptBlock') }) { $null = $item | ForEach-Object ([scriptblock]::Create($node.InnerText)) }
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
