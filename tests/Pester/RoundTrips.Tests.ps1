# Tasks that lay in a file go on where they were.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --fail-job wreck'
    $tasks = Invoke-MJUpscale -JobId harbour -ImageNo 0, 3 -Type Creative
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Tasks from <Name>' -ForEach @(
    @{
        Name  = 'Clixml'
        Write = { param($Path) $input | Export-Clixml $Path }
        Read  = { param($Path) Import-Clixml $Path }
    }
    @{
        Name  = 'JSON'
        Write = { param($Path) $input | ConvertTo-Json -Depth 6 | Set-Content $Path }
        # Windows PowerShell puts an array out as one object; parentheses take it apart.
        Read  = { param($Path) $rows = [IO.File]::ReadAllText($Path) | ConvertFrom-Json; $rows }
    }
    @{
        Name  = 'CSV'
        Write = { param($Path) $input | Export-Csv $Path -NoTypeInformation }
        Read  = { param($Path) Import-Csv $Path }
    }
) {
    BeforeAll {
        $path = [IO.Path]::Combine($TestDrive, "tasks.$Name")
    }

    It 'can be waited for' {
        $tasks | & $Write $path
        $done = & $Read $path | Wait-MJTask
        $done.Status | Should -Be 'Completed', 'Completed'
        $done | ForEach-Object { "$($_.SourceJobId) $($_.SourceImageNo) $($_.UpscaleType)" } | Sort-Object |
            Should -Be 'harbour 0 Creative', 'harbour 3 Creative'
        $done | & $Write $path
    }

    It 'feed the next upscale with the job of their result' {
        $done = & $Read $path
        $next = $done | Invoke-MJUpscale -ImageNo 0 -Type V5_2x
        $next.SourceJobId | Sort-Object | Should -Be ($done.JobId | Sort-Object)
        $next.UpscaleType | Should -Be 'V5_2x', 'V5_2x'
    }

    It 'can be read, and added up' {
        $again = & $Read $path | Get-MJTask
        $again.Status | Should -Be 'Completed', 'Completed'
        $total = & $Read $path | Measure-MJCost
        $total.Tasks | Should -Be 2
        $total.Cost | Should -Be 0.1
    }
}

Describe 'A filter after <Name>' -ForEach @(
    @{ Name = 'nothing'; Trip = { $input } }
    @{ Name = 'Clixml'; Trip = { $path = [IO.Path]::Combine($TestDrive, 'trip.xml'); $input | Export-Clixml $path; Import-Clixml $path } }
    @{ Name = 'Clixml, twice'; Trip = { $path = [IO.Path]::Combine($TestDrive, 'trip.xml'); $input | Export-Clixml $path; Import-Clixml $path | Export-Clixml "$path.2"; Import-Clixml "$path.2" } }
    @{ Name = 'JSON'; Trip = { $rows = @($input) | ConvertTo-Json -Depth 6 | ConvertFrom-Json; $rows } }
    @{ Name = 'JSON of little depth'; Trip = { $rows = @($input) | ConvertTo-Json -Depth 1 -WarningAction SilentlyContinue | ConvertFrom-Json; $rows } }
    @{ Name = 'CSV'; Trip = { $input | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv } }
    @{ Name = 'remoting'; Trip = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize(@($input), 3)) } }
) {
    BeforeAll {
        $mixed = @(
            Invoke-MJUpscale -JobId trip -ImageNo 0 -Type Creative -Wait
            Invoke-MJUpscale -JobId trip -ImageNo 1 -Type V5_2x -Wait
            Invoke-MJUpscale -JobId wreck -ImageNo 2 -Type Creative -Wait -ErrorAction SilentlyContinue
            [MidJourney.MJTask] @{ Id = 'running'; Status = 'InProgress'; SourceImageNo = 3; UpscaleType = 'Standard' })
        $after = @($mixed | & $Trip)
    }

    It '<Filter> passes the same tasks' -ForEach @(
        @{ Filter = { $_.Status -eq 'Completed' }; Images = 0, 1 }
        @{ Filter = { $_.Status -eq 'failed' }; Images = 2 }
        @{ Filter = { $_.Status -ne 'Completed' }; Images = 2, 3 }
        @{ Filter = { $_.Status -in 'Completed', 'Failed' }; Images = 0, 1, 2 }
        @{ Filter = { 'Completed', 'Failed' -contains $_.Status }; Images = 0, 1, 2 }
        @{ Filter = { $_.Status -match '^Comp' }; Images = 0, 1 }
        @{ Filter = { $_.Status -eq [MidJourney.MJTaskStatus]::Completed }; Images = 0, 1 }
        @{ Filter = { switch ($_.Status) { Completed { $true } Failed { $false } } }; Images = 0, 1 }
        @{ Filter = { $_.UpscaleType -eq 'Creative' }; Images = 0, 2 }
        @{ Filter = { $_.UpscaleType -in 'Standard', 'v5_2x' }; Images = 1, 3 }
        @{ Filter = { $_.SourceImageNo -eq 2 }; Images = 2 }
        @{ Filter = { $_.Url }; Images = 0, 1 }
    ) {
        ($after | Where-Object $Filter).SourceImageNo | Sort-Object | Should -Be $Images
    }

    It 'Where-Object Status -eq Completed passes the same tasks' {
        ($after | Where-Object Status -eq Completed).Id | Should -Be $mixed[0, 1].Id
        @($after | Group-Object Status, UpscaleType).Name | Sort-Object | Should -Be (@($mixed | Group-Object Status, UpscaleType).Name | Sort-Object)
    }
}

Describe 'The output of a task' {
    BeforeAll {
        $grid = Invoke-MJDiffusion -Prompt 'four boats' -Wait
    }

    It 'is saved whole from <Name>' -ForEach @(
        foreach ($depth in 1..6) { @{ Name = "JSON of depth $depth"; Trip = [scriptblock]::Create("`$input | ConvertTo-Json -Depth $depth -WarningAction SilentlyContinue | ConvertFrom-Json") } }
        @{ Name = 'JSON, twice'; Trip = { $input | ConvertTo-Json -Depth 6 | ConvertFrom-Json | ConvertTo-Json -WarningAction SilentlyContinue | ConvertFrom-Json } }
        @{ Name = 'JSON without the raw text'; Trip = { $input | Select-Object Id, Status, Url, Output | ConvertTo-Json -WarningAction SilentlyContinue | ConvertFrom-Json } }
        @{ Name = 'CSV'; Trip = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Name = 'Clixml of depth 1'; Trip = { $path = [IO.Path]::Combine($TestDrive, 'flat.xml'); $input | Export-Clixml $path -Depth 1; Import-Clixml $path } }
        @{ Name = 'its id and raw text'; Trip = { $input | Select-Object Id, Raw } }
    ) {
        $files = $grid | & $Trip | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, [guid]::NewGuid()))
        $files.Index | Sort-Object | Should -Be 0, 1, 2, 3
        $files.Url | Sort-Object | Should -Be ($grid.Output.Content.Url | Sort-Object)
    }
}

Describe 'ConvertTo-Json' {
    It 'writes the names of states, types and formats, never their numbers' {
        $task = Invoke-MJUpscale -JobId names -ImageNo 0 -Type Creative -Wait
        $failed = Invoke-MJUpscale -JobId wreck -ImageNo 0 -Type V5_2x -Wait -ErrorVariable problem -ErrorAction SilentlyContinue
        $file = $task | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'names')) -WriteMetadata Both
        $again = $task | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'names'))
        $json = $task, $failed | ConvertTo-Json -Depth 6 | ConvertFrom-Json
        $json.Status | Should -Be 'Completed', 'Failed'
        $json.UpscaleType | Should -Be 'Creative', 'V5_2x'
        $file, $again | Select-Object State | ConvertTo-Json | ConvertFrom-Json | ForEach-Object State | Should -Be 'Saved', 'AlreadyThere'
        # No property of an output object is an enumeration, which JSON would write as a number.
        foreach ($item in @($task, $failed, $failed.Error, $task.Usage, $task.Output, $task.Output.Content, $file, (Get-MJSession), (Measure-MJCost -By Type), (Measure-MJCost -Bill), (New-MJMask -Size 1024x1024 -Rectangle 100, 100, 300, 200)) | ForEach-Object { $_ }) {
            foreach ($property in $item.PSObject.Properties | Where-Object { $item -isnot [IO.FileInfo] -or $_.MemberType -eq 'NoteProperty' }) {
                $property.Value | Should -Not -BeOfType enum -Because "$($property.Name) of $($item.GetType().Name) is written as text"
            }
        }
    }
}

Describe 'Tasks of a background job' {
    It 'come back whole, and filter the same' {
        $job = Start-Job { Import-Module $using:modules/MidJourney; Invoke-MJDiffusion -Prompt 'a ferry' -Wait }
        try {
            $task = $job | Receive-Job -Wait
            @($task | Where-Object Status -eq Completed).Count | Should -Be 1
            $task.Output.Content.Url | Should -HaveCount 4
        }
        finally {
            $job | Remove-Job -Force
        }
    }
}

Describe 'A task from Clixml' {
    It 'has every property that it had, and all its output' {
        Set-Shape @{ jobs = @{ three = @{ images = 3; extraFields = $true } } }
        $live = Invoke-MJUpscale -JobId three -ImageNo 2 -Type Creative -Wait
        $copy = $live | Copy-Deserialized
        foreach ($property in 'Id', 'Status', 'RawStatus', 'SourceJobId', 'SourceImageNo', 'UpscaleType', 'JobId', 'Url', 'Cost', 'CreatedAt', 'Raw') {
            "$($live.$property)" | Should -Not -BeNullOrEmpty -Because "$property is part of it"
            "$($copy.$property)" | Should -BeExactly "$($live.$property)"
        }
        $copy.Output.Content.Url | Should -HaveCount 3
        $copy.Output.Content.Url | Should -Be $live.Output.Content.Url
    }
}

# A CSV is written in the culture of its writer, and names only the type of a list.
Describe 'A row of a CSV' {
    BeforeAll {
        $done = Invoke-MJDiffusion -Prompt 'a lighthouse' -Wait
    }

    It 'keeps what it cost, its day and its images: decimal <Separator>, date <Date>, raw text <HasRaw>' -ForEach @(
        @{ Separator = ','; Date = 'dd.MM.yyyy'; HasRaw = $true; Images = 4 }
        @{ Separator = '.'; Date = 'dd/MM/yyyy'; HasRaw = $true; Images = 4 }
        @{ Separator = "$([char] 0x66b)"; Date = "'year' yy/d/M"; HasRaw = $true; Images = 4 }
        @{ Separator = ','; Date = 'dd.MM.yyyy'; HasRaw = $false; Images = 1 }
        @{ Separator = '.'; Date = 'dd/MM/yyyy'; HasRaw = $false; Images = 1 }
    ) {
        $before = [cultureinfo]::CurrentCulture
        $culture = [cultureinfo]::InvariantCulture.Clone()
        $culture.NumberFormat.NumberDecimalSeparator = $Separator
        $culture.DateTimeFormat.ShortDatePattern = $Date
        try {
            [cultureinfo]::CurrentCulture = $culture
            $row = [pscustomobject] @{
                Id = $done.Id; Status = "$($done.Status)"; Output = 'MidJourney.MJOutput[]'; Url = $done.Url; Raw = $(if ($HasRaw) { $done.Raw } else { '' })
                Cost = $done.Cost.ToString(); CreatedAt = $done.CreatedAt.ToString()
            }
            $total = $row | Measure-MJCost -By Day
            $files = $row | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, [guid]::NewGuid()))
        }
        finally { [cultureinfo]::CurrentCulture = $before }
        $total.Cost | Should -Be $done.Cost
        $total.Day | Should -Be $done.CreatedAt.LocalDateTime.Date
        $files | Should -HaveCount $Images
    }
}
