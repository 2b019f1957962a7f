# Save-MJOutput -WriteMetadata: what is written into images and beside them.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --image-bytes 20000'
    $tasks = @('a harbour', 'a meadow' | Invoke-MJDiffusion | Wait-MJTask | Invoke-MJUpscale -ImageNo 0 -Type 1
        Invoke-MJUpscale of-elsewhere -ImageNo 1 -Type 0) | Wait-MJTask

    function New-Folder { [IO.Directory]::CreateDirectory([IO.Path]::Combine($TestDrive, [guid]::NewGuid())).FullName }

    # The files of a folder with their hashes, but for what the module keeps there for itself.
    function Get-Snapshot([string] $Folder) { Get-ChildItem $Folder -File | Sort-Object Name | Get-FileHash | ForEach-Object { "$($_.Path) $($_.Hash)" } }

    # The module's texts in a PNG, each of which is JSON in a chunk of its own.
    function Get-Text($File) {
        $bytes = [IO.File]::ReadAllBytes($File.FullName)
        for ($at = 8; $at -lt $bytes.Length; $at += 12 + $length) {
            $length = [BitConverter]::ToInt32($bytes[($at + 3)..$at], 0)
            $text = [Text.Encoding]::UTF8.GetString($bytes, $at + 4, $length + 4)
            if ($text.StartsWith("iTXtMidJourney`0", 'Ordinal')) { $text -replace '^[^{]+' | ConvertFrom-Json }
        }
    }
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe '-WriteMetadata <Format>' -ForEach @(
    @{ Format = 'Json'; Beside = $true; Within = $false }
    @{ Format = 'Png'; Beside = $false; Within = $true }
    @{ Format = 'Both'; Beside = $true; Within = $true }
    @{ Format = 'None'; Beside = $false; Within = $false }
) {
    BeforeAll {
        $folder = New-Folder
        $files = $tasks | Save-MJOutput -Path $folder -WriteMetadata $Format
        $saved = Get-Snapshot $folder
    }

    It 'tells what each file was made of' {
        $saved | Should -HaveCount $(if ($Beside) { 6 } else { 3 })
        foreach ($file in $files) {
            @(Get-Text $file).Count | Should -Be ([int] $Within)
            $told = @(if ($Beside) { [IO.File]::ReadAllText("$($file.FullName).json") | ConvertFrom-Json }; Get-Text $file)
            foreach ($metadata in $told) {
                $metadata.taskId | Should -Be $file.TaskId
                $metadata.sourcePrompt | Should -Be $file.Prompt
                $metadata.sourceTaskId | Should -Be $file.SourceTaskId
                [decimal] $metadata.cost | Should -BeGreaterThan 0
            }
        }
    }

    It 'downloads and changes nothing in a second run, with the switch or without' {
        $before = (Get-GatewayCount $gateway).Files
        ($tasks | Save-MJOutput -Path $folder -WriteMetadata $Format).WasThere | Should -Be $true, $true, $true
        ($tasks | Save-MJOutput -Path $folder).WasThere | Should -Be $true, $true, $true
        Get-Snapshot $folder | Should -Be $saved
        (Get-GatewayCount $gateway).Files | Should -Be $before
    }
}

Describe '-WriteMetadata' {
    It 'adds to files that are there, without a download, and once' {
        $folder = New-Folder
        $files = $tasks | Save-MJOutput -Path $folder
        $before = (Get-GatewayCount $gateway).Files
        ($tasks | Save-MJOutput -Path $folder -WriteMetadata Both).WasThere | Should -Be $true, $true, $true
        (Get-GatewayCount $gateway).Files | Should -Be $before
        $null = $tasks | Save-MJOutput -Path $folder -WriteMetadata Both -Force
        $files | ForEach-Object { @(Get-Text $_).Count } | Should -Be 1, 1, 1
        Get-ChildItem $folder | Should -HaveCount 6
    }

    It 'keeps a file whose metadata names another task, though it is as long: <Format> <Force>' -ForEach @(
        foreach ($format in 'Json', 'Png') { foreach ($force in $false, $true) { @{ Format = $format; Force = $force } } }
    ) {
        $folder = New-Folder
        $null = $tasks[0] | Save-MJOutput -Path $folder -NameTemplate same -WriteMetadata $Format
        # Nothing but the metadata says whose it is.
        Remove-Item ([IO.Path]::Combine($folder, '.midjourney-saved.jsonl')) -Force
        $before = Get-Snapshot $folder
        $second = $tasks[1] | Save-MJOutput -Path $folder -NameTemplate same -WriteMetadata $Format -Force:$Force
        $second.Name, $second.WasThere | Should -Be "same_$($tasks[1].Id).png", $false
        Get-Snapshot $folder | Where-Object { $_ -notmatch 'same_' } | Should -Be $before
    }

    It 'that cannot be written is an error, and the file is there' {
        $folder = New-Folder
        $null = [IO.Directory]::CreateDirectory([IO.Path]::Combine($folder, 'name.png.json'))
        $run = Invoke-Line { $tasks[0] | Save-MJOutput -Path $folder -NameTemplate name -WriteMetadata Json }
        $run.ErrorIds | Should -Be 'MJ.FileNotWritten'
        $run.Output.Name | Should -Be 'name.png'
        Get-Snapshot $folder | Should -HaveCount 1
    }

    It 'writes nothing with -WhatIf' {
        $folder = New-Folder
        $null = $tasks | Save-MJOutput -Path $folder
        $before = Get-Snapshot $folder
        $tasks | Save-MJOutput -Path $folder -WriteMetadata Both -WhatIf | Should -BeNullOrEmpty
        Get-Snapshot $folder | Should -Be $before
    }
}
