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
            [MidJourney.MJTask] @{ Id = 'd758n65e878c73cmdg20'; Status = 'Completed'; IsKnown = $true; Model = 'midjourney_upscale' }
            [MidJourney.MJTask] @{ Id = ''; Status = 'OutcomeUnknown'; SubmissionId = '5d3c9b1e0a524c1e9d770c8f3f0b2a11'; Model = 'midjourney_remix'; Prompt = 'at dusk'; SourceImageNo = 1; SourcePrompt = 'a pier' }
            [MidJourney.MJTask] @{ Id = $job })
        Session = @(Get-MJSession)
        Check   = @(
            Test-MJSession
            [MidJourney.MJCheck] @{ Name = 'PowerShell'; Status = 'failed'; Detail = "A folder's name: /var/lib/a-folder-with-a-long-name/another-one-with-a-long-name/journal.jsonl"; Action = 'one two three four five six seven ' * 10 })
        Cost    = @(Measure-MJCost -By Type; [MidJourney.MJCost] @{ Group = 'all'; Tasks = 1; Cost = 12; Currency = 'credit' })
        Bill    = @(Measure-MJCost -Bill; [MidJourney.MJBill] @{ Model = 'all'; JournalCost = 1; Currency = 'credit' })
        Estimate = @(
            Invoke-MJUpscale -JobId $job -ImageNo 0, 1 -Type V5_4x -Estimate -Force
            [MidJourney.MJEstimate] @{ Model = 'midjourney_upscale'; Type = 'Creative'; Count = 2; UnitCost = 12; Currency = 'credit'; Source = 'Journal'; Samples = 3 }
            [MidJourney.MJEstimate] @{ Model = 'midjourney_edit'; Count = 1; Source = 'Unknown' })
    }
    $shown.File = @($shown.Task[0] | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'out')))
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe '<View> of a <Kind>' -ForEach @(
    foreach ($view in 'Format-Table', 'Format-List', 'Format-Wide') { foreach ($kind in 'Task', 'Session', 'Check', 'Cost', 'File') { @{ View = $view; Kind = $kind } } }
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
        function Get-Row($Shown) { @(@($input) + $Shown | Out-String -Width 80 -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' } | Where-Object { $_.Trim() }) }
    }

    It 'the table of tasks fits, also of tasks that were deserialized' {
        $tasks = @($shown.Task) + $running
        foreach ($rows in (Get-Row $tasks), (Get-Row ($tasks | Copy-Deserialized))) {
            $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
            $rows[0] | Should -Match '^Id +Status +Age +Seen +Cost Description *$'
            $rows[2] | Should -Match '^\w{20} Completed +(\d+[smh]|now) +\$0\.050 image 0 V5_2x: job 5d3c9b…$'
            $rows[3] | Should -Match '^\w{20} Failed +(\d+[smh]|now) +the generation process fa…$'
            $rows[4] | Should -Match '^\w{20} Completed +(\d+[smh]|now) +\$0\.050 a lighthouse --ar 16:9 *$'
            $rows[5] | Should -Match '^d758n65e878c73cmdg20 Completed +\(known\) upscale *$'
            $rows[6] | Should -Match '^…c1e9d770c8f3f0b2a11 OutcomeUnknown +image 1 remix: at dusk *$'
            $rows[7] | Should -Match '^…c1e-9d77-0c8f3f0b2a11 +Unknown +unknown origin *$|^…e-9d77-0c8f3f0b2a11 Unknown +unknown origin *$'
            $rows[8] | Should -Match '^\w{20} InProgress \d+% +(\d+[smh]|now) +image 2 Standard: job slow *$'
        }
    }

    It 'the list of failed tasks has every word of the reason, and what they were to make' {
        $failed = Get-MJTask -Status Failed
        foreach ($rows in (Get-Row $failed), (Get-Row ($failed | Copy-Deserialized))) {
            $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
            # The words are wrapped anywhere.
            ($rows[2..9] | ForEach-Object { $_.Substring([Math]::Min(54, $_.Length)).Trim() }) -join '' -replace ' ' |
                Should -Be ("$($failed.Error) – image 1 Creative: job wreck" -replace ' ')
        }
    }

    It 'the journal says when it saw each status; a task that was just read says nothing of it' {
        $listed = Get-MJTask -Last 1
        $listed.SeenAt | Should -BeOfType DateTimeOffset
        (Get-Row $listed)[2] | Should -Match '^\w{20} \w+( \d+%)? +(\d+[smh]|now) +(\d+[smh]|now) '
        ($listed | Get-MJTask).SeenAt | Should -BeNullOrEmpty
    }

    It 'the table of files fits' {
        $rows = Get-Row $shown.File
        $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        $rows[0].Trim() | Should -Match '^Folder: '
        $rows[1] | Should -Match '^State +Size Name *$'
        $rows[3] | Should -Match '^saved +[\d.]+ k?B \S'
        $shown.Task[0] | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'out')) | Get-Row | Select-Object -Last 1 | Should -Match '^already there +[\d.]+ k?B \S'
    }

    It 'the table of costs begins with the cost, and has every word of each group' {
        $long = Invoke-MJDiffusion 'a lighthouse at the end of a long pier, in the evening' -Wait
        $rows = Get-Row (@($long) + $shown.Task | Measure-MJCost -By Prompt, Type)
        $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        $rows[0] | Should -Match '^ +Cost +Mean +Tasks Failed Running Unknown Group *$'
        $rows -match '^ +\$0\.050 +\$0\.050 +1 +0 +0 +0 unknown, V5_2x *$' | Should -HaveCount 1
        "$rows" -replace ' ' | Should -BeLike '*alongpier,intheevening,diffusion*'
    }

    It 'the tables of costs, estimates and the bill keep an amount and its currency on one line' {
        $amount = @{ Currency = 'credit' }
        $costs = [MidJourney.MJCost] (@{ Group = 'all'; Tasks = 10; Cost = 141.8273 } + $amount),
            [MidJourney.MJEstimate] (@{ Model = 'midjourney_diffusion'; Count = 10000; UnitCost = 22.9137 } + $amount),
            [MidJourney.MJBill] (@{ Model = 'midjourney_diffusion'; JournalCost = 141.8273; BillCost = 45.8273 } + $amount)
        foreach ($cost in $costs) {
            $rows = Get-Row $cost
            $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
            $rows | Should -HaveCount 3
        }
    }

    It 'the table of checks fits, and breaks no word' {
        $rows = Get-Row $shown.Check
        $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        $rows[0] | Should -Match '^Name +Status +Detail *$'
        $rows[2] | Should -Match '^Address +ok +http://127\.0\.0\.1:\d+ answers as the gateway does for +an *$'
        $at = [array]::IndexOf($rows, ($rows -match '^PowerShell failed ')[0])
        $rows[$at] | Should -Match "^PowerShell failed +A folder's name: *$"
        # Below what was found, what to do.
        "$($rows[($at + 1)..($rows.Count - 1)])" -replace ' ' | Should -Be ('/var/lib/a-folder-with-a-long-name/another-one-with-a-long-name/journal.jsonl' + 'onetwothreefourfivesixseven' * 10)
        $rows[($at + 3)..($rows.Count - 1)] | ForEach-Object { $_.Trim() -split ' ' } | Where-Object { $_ -notin 'one', 'two', 'three', 'four', 'five', 'six', 'seven' } | Should -BeNullOrEmpty
    }

    It 'the table of sessions fits' {
        $rows = $shown.Session | Format-Table | Get-Row
        $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        $rows[0] | Should -Match '^Account +Accepted +Reads Throttled Undelivered BaseUri *$'
        $rows[2] | Should -Match " $([regex]::Escape($gateway.BaseUri))/? *$"
    }

    It 'the list of a session fits' {
        $rows = Get-Row $shown.Session
        $rows | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
        $rows -match '^Accepted +: [345] *$' | Should -HaveCount 1
    }

    It 'the list of a new session has its address, its journal and its duplicate window, and all the rest with -Property *' {
        $session = New-MJSession -JournalPath ([IO.Path]::Combine($TestDrive, 'new.jsonl'))
        try {
            $rows = Get-Row $session
            $rows -match '^\w+ +: ' -replace ' .*' | Where-Object { $_ -ne 'Account' } | Should -Be 'BaseUri', 'JournalPath', 'DuplicateWindow'
            $rows -match '^DuplicateWindow : 24 hours *$' | Should -HaveCount 1
            (Get-Row ($session | Format-List -Property *)) -match '^Creates +: 0' | Should -HaveCount 1
            (Get-Row (New-MJSession -NoJournal -DuplicateWindow 0.5)) -match '^(JournalPath +: none, only in memory|DuplicateWindow : 0.5 hours)' | Should -HaveCount 2
        }
        finally { $session, (Get-MJSession) | Remove-MJSession }
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
        $completed, $failed = $plain -match ' Completed | Failed '
        $failed.IndexOf('the generation') | Should -Be $completed.IndexOf('image 0')
    }
}

Describe 'The format file' {
    It 'has a table, a list and a wide view of each type, of properties that it has: <_>' -ForEach 'MJTask', 'MJSubmission', 'MJSession', 'MJCheck', 'MJCost', 'MJBill', 'MJEstimate', 'SavedFile' {
        $items = @{ MJTask = $shown.Task[0]; MJSession = $shown.Session[0]; MJCheck = $shown.Check[0]; MJCost = $shown.Cost[0]; MJBill = $shown.Bill[0]; MJEstimate = $shown.Estimate[0]; SavedFile = $shown.File[0] }
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

Describe 'Numbers' {
    It '<Property> of <Value> is shown as <Shown>' -ForEach @(
        @{ Property = 'Cost'; Value = [decimal] 0.05; Shown = '$0.050' }
        @{ Property = 'Cost'; Value = [decimal] 0.0025; Shown = '$0.0025' }
        @{ Property = 'Cost'; Value = 12345.6; Shown = '$12,345.600' }
        @{ Property = 'Difference'; Value = [decimal] -0.05; Shown = '-$0.050' }
        @{ Property = 'BillCost'; Value = [decimal] 12; Currency = 'credit'; Shown = '12 credit' }
        @{ Property = 'Length'; Value = 999L; Shown = '999 B' }
        @{ Property = 'Length'; Value = 1536L; Shown = '1.5 kB' }
        @{ Property = 'Length'; Value = 2000000L; Shown = '2.0 MB' }
        @{ Property = 'Length'; Value = 5GB; Shown = '5.4 GB' }
        @{ Property = 'Progress'; Value = 0.996; Shown = 'InProgress 99%' }
        @{ Property = 'Progress'; Value = 1.0; Shown = 'InProgress' }
        @{ Property = 'CreatedAt'; Value = [DateTimeOffset]::UtcNow.AddHours(-3.5); Shown = '3h' }
        @{ Property = 'CreatedAt'; Value = [DateTimeOffset]::UtcNow.AddDays(-400); Shown = '400d' }
        @{ Property = 'CreatedAt'; Value = [DateTimeOffset]::UtcNow.AddHours(1); Shown = 'now' }
    ) {
        $type = @{ Cost = 'MJCost'; Difference = 'MJBill'; BillCost = 'MJBill'; Length = 'SavedFile' }[$Property]
        $item = [pscustomobject] @{ PSTypeName = "MidJourney.$(if ($type) { $type } else { 'MJTask' })"; Status = 'InProgress'; Currency = $Currency; $Property = $Value }
        $before = [cultureinfo]::CurrentCulture
        try {
            # The texts are the same in every culture.
            [cultureinfo]::CurrentCulture = 'de-DE'
            $row = @($item | Format-Table | Out-String -Width 100 -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' } | Where-Object { $_.Trim() })[-1]
        }
        finally { [cultureinfo]::CurrentCulture = $before }
        $row -split '  +' | ForEach-Object Trim | Should -Contain $Shown
    }
}

Describe 'The table of tasks' {
    BeforeAll {
        # Without ages, which go on meanwhile.
        function Get-Line($Shown) { $Shown | Out-String -Width 100 -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' -replace ' +(\d+[smh]|now) ', ' ' } }
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

    It 'says so, at <Width> columns, also where it comes from a file' -ForEach @(@{ Width = 80 }, @{ Width = 120 }) {
        foreach ($tasks in $known, $copies) {
            $rows = $tasks | Out-String -Width $Width -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' } | Where-Object { $_.Trim() }
            $rows[2..4] | Should -Match '^\w{20} (Completed|InProgress|Failed) +\(known\) image 0 Creative'
            $rows | Where-Object { $_.Length -gt $Width } | Should -BeNullOrEmpty
        }
    }

    It 'says so in the wide view, and in the list as IsKnown' {
        "$($known[1] | Format-Wide | Out-String -Width 80)" | Should -Match '\w{20} InProgress, known'
        $list = $known[0] | Format-List | Out-String -Width 80 -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' }
        $list -match '^(Status|IsKnown) ' -replace ' +: ', '=' | Should -Be 'Status=Completed', 'IsKnown=True'
    }

    It 'keeps its status free of it' {
        $known.Status | Should -Be 'Completed', 'InProgress', 'Failed'
        "$($shown.Task | Where-Object IsKnown -eq $false | Out-String -Width 120)" | Should -Not -Match '\(known\)'
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
                $lines | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' -replace ' +(\d+[smh]|now) ', ' ' } | Where-Object { $_.Trim() }
            }
            finally {
                $shell.Dispose()
                $runspace.Dispose()
            }
        }

        function Get-PlainLine($Shown, [string] $View, [int] $Width = 100) {
            $Shown | & $View | Out-String -Width $Width -Stream | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' -replace ' +(\d+[smh]|now) ', ' ' } | Where-Object { $_.Trim() }
        }

        $path = [IO.Path]::Combine($TestDrive, 'shown.xml')
        $shown | Export-Clixml $path -Depth 8
        $fromFile = Import-Clixml $path
    }

    It 'the table of a <Kind> shows the same, at <Width> columns' -ForEach @(
        foreach ($kind in 'Task', 'Session', 'Check', 'Cost', 'Bill', 'Estimate', 'File') { foreach ($width in 80, 120) { @{ Kind = $kind; Width = $width } } }
    ) {
        Get-ConstrainedLine $shown[$Kind] Format-Table $Width | Should -Be (Get-PlainLine $shown[$Kind] Format-Table $Width)
        Get-ConstrainedLine $fromFile[$Kind] Format-Table $Width | Should -Be (Get-PlainLine $shown[$Kind] Format-Table $Width)
    }

    It 'the list and the wide view of a <_> show the same' -ForEach 'Task', 'Session', 'Check', 'Cost', 'Bill', 'Estimate', 'File' {
        foreach ($view in 'Format-List', 'Format-Wide') { Get-ConstrainedLine $shown[$_] $view | Should -Be (Get-PlainLine $shown[$_] $view) }
    }

    It 'is also that in which a task is made' {
        $script = '$ExecutionContext.SessionState.LanguageMode = "ConstrainedLanguage"; Invoke-MJUpscale -JobId locked -ImageNo 0 -Type Creative -Wait | Format-Table | Out-String -Width 100'
        $shell = [powershell]::Create()
        try {
            $text = $shell.AddScript($script).Invoke()
            $shell.Streams.Error | Should -BeNullOrEmpty
            "$text" | Should -Match 'Completed +(\d+s|now) +\$0\.050 image 0 Creative: job locked'
        }
        finally {
            $shell.Dispose()
        }
    }
}

Describe 'The list of a task' {
    It 'is short, and leaves out what is empty and the raw response' {
        $rows = $shown.Task[0] | Format-List | Out-String -Width 200 -Stream | Where-Object { $_ -match '^\w+ +: ' }
        $rows -replace ' .*' | Should -Be 'Id', 'Status', 'Description', 'CreatedAt', 'Cost', 'JobId', 'Url'
        $shown.Task[0] | Format-List -Property * | Out-String -Width 200 | Should -Match '(?m)^Raw +: \{'
    }

    It 'has the addresses and the money in full' {
        $text = $shown.Task[0] | Format-List | Out-String -Width 200
        $text | Should -Match "(?m)^Url +: $([regex]::Escape($shown.Task[0].Url))\s*$"
        $text | Should -Match '(?m)^Cost +: \$0\.050\s*$'
    }
}

Describe 'What a script shows after an object of another type' {
    It 'is a short list of a <Kind>, also of one from a file' -ForEach @(
        @{ Kind = 'Task'; Names = 'Id', 'Status', 'Description', 'Error', 'Cost', 'JobId', 'Url' }
        @{ Kind = 'Session'; Names = 'BaseUri', 'JournalPath', 'DuplicateWindow' }
        @{ Kind = 'File'; Names = 'FullName', 'State', 'Length' }) {
        $file = [IO.Path]::Combine($TestDrive, 'shown.xml')
        $shown.$Kind[0] | Export-Clixml -LiteralPath $file
        foreach ($object in $shown.$Kind[0], (Import-Clixml -LiteralPath $file)) {
            $rows = $shown.Cost[0], $object | Out-String -Width 200 -Stream | Where-Object { $_ -match '^\w+ +: ' }
            $rows -replace ' .*' | Should -Be $Names
        }
    }
}
