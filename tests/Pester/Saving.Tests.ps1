# Images on disk.

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Gateway.ps1'))
    $gateway = Start-TestGateway '--duration 0.02 --fail-job wreck --image-bytes 4096'
    $tasks = Invoke-MJUpscale -JobId harbour -ImageNo 0, 3 -Type Creative -Wait
}

AfterAll {
    Stop-TestGateway $gateway
}

Describe 'Save-MJOutput' {
    It 'writes every output of each task, and puts out the files' {
        $folder = [IO.Path]::Combine($TestDrive, 'a', 'b')
        $files = $tasks | Save-MJOutput -Path $folder
        $files.Name | Sort-Object | Should -Be 'harbour_0_Creative_0.png', 'harbour_3_Creative_0.png'
        $files | ForEach-Object Length | Should -Be 4096, 4096
        $files.TaskId | Sort-Object | Should -Be ($tasks.Id | Sort-Object)
        foreach ($file in $files) { [BitConverter]::ToString([IO.File]::ReadAllBytes($file.FullName), 0, 4) | Should -Be '89-50-4E-47' }
        # Nothing else is left there but the hidden record.
        Get-ChildItem $folder -Recurse | Should -HaveCount 2
        (Get-ChildItem $folder -Recurse -Force -Exclude *.png).Name | Should -Be '.midjourney-saved.jsonl'
    }

    It 'downloads nothing twice, unless it is told to' {
        $folder = [IO.Path]::Combine($TestDrive, 'twice')
        ($tasks | Save-MJOutput -Path $folder).WasThere | Should -Be $false, $false
        $written = (Get-Item ([IO.Path]::Combine($folder, '*'))).LastWriteTimeUtc
        ($tasks | Save-MJOutput -Path $folder).WasThere | Should -Be $true, $true
        (Get-Item ([IO.Path]::Combine($folder, '*'))).LastWriteTimeUtc | Should -Be $written
        ($tasks | Save-MJOutput -Path $folder -Force).WasThere | Should -Be $false, $false
    }

    It 'takes a path on any drive of the file system: <_>' -ForEach 'TestDrive:\out', 'TestDrive:/deep/er', 'mj:pictures' {
        $null = New-PSDrive -Name mj -PSProvider FileSystem -Root $TestDrive
        try {
            ($tasks | Save-MJOutput -Path $_).Count | Should -Be 2
            @(Get-ChildItem $_).Count | Should -Be 2
        }
        finally {
            Remove-PSDrive mj
        }
    }

    It 'takes the folder that the user is in' {
        Push-Location (New-Item -ItemType Directory ([IO.Path]::Combine($TestDrive, 'here')))
        try {
            $tasks[0] | Save-MJOutput | Should -HaveCount 1
            @(Get-ChildItem -Filter *.png).Count | Should -Be 1
        }
        finally {
            Pop-Location
        }
    }

    It 'takes a folder as it is written with -LiteralPath' {
        $folder = [IO.Path]::Combine($TestDrive, '[2026] a-z')
        $null = $tasks[0] | Save-MJOutput -LiteralPath $folder
        [IO.Directory]::GetFiles($folder, '*.png') | Should -HaveCount 1
    }

    It 'names files as it is told' {
        $files = $tasks | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'named')) -NameTemplate '{Type}-{SourceImageNo}-of-{SourceJobId}'
        $files.Name | Sort-Object | Should -Be 'Creative-0-of-harbour.png', 'Creative-3-of-harbour.png'
    }

    It 'saves the rest when a task has failed' {
        $mixed = @(Invoke-MJUpscale -JobId wreck -ImageNo 0 -Type Standard -Wait -ErrorAction SilentlyContinue) + $tasks
        $files = $mixed | Save-MJOutput -Path ([IO.Path]::Combine($TestDrive, 'mixed')) -ErrorVariable problems -ErrorAction SilentlyContinue
        $files | Should -HaveCount 2
        $problems | Should -HaveCount 1
        $problems[0].TargetObject.SourceJobId | Should -Be 'wreck'
    }

    It 'says so when the path leads to no file system' {
        { $tasks | Save-MJOutput -Path Env:out } | Should -Throw -ErrorId 'MJ.InvalidPath*'
    }

    It 'sends no key to where the files are' {
        $counts = Get-GatewayCount $gateway
        $counts.Files | Should -BeGreaterThan 0
        $counts.FilesWithAuthorization | Should -Be 0
    }
}
